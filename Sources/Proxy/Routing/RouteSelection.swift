// What is to serve a request, and how its path divides.

internal import Manifest

/// What is to serve a request.
///
/// A path has up to three parts: the prefix of a mount, which events never show; the stage or the base path of a custom
/// domain; and what routes match. Both places are offsets into the path as it was sent, and into the decoded one: what
/// stands before them holds no `%`.
///
/// A class: it is handed on a few times on the way, and each copy of a struct would cost a reference count a member.
final class RouteSelection {
    let api: ServedAPI
    var route: ServedRoute?
    var captures: [Range<Int>] = []
    var decodedPath: [UInt8]?
    /// Where the path begins that routes match.
    var routedStart = 0
    /// Where the path begins that events show, behind the name of a stage.
    var shownStart = 0
    /// Whether it came to a custom domain, in whose paths no stage stands.
    var isOnDomain = false
    /// The key of the API mapping; nil where there is none, and for the one of every path.
    var basePath: String?
    /// Why no route is asked; nil where one takes the request, or none matches.
    var refusal: RoutingRefusal?
    /// Whether the request has the method of `X-HTTP-Method-Override`.
    var overridesMethod = false

    init(api: ServedAPI) { self.api = api }

    /// Forgets the route; API and path stay.
    @discardableResult
    func removeRoute() -> RouteSelection {
        route = nil
        captures = []
        return self
    }
}

/// Why a request is refused before it is matched.
enum RoutingRefusal: Sendable {
    /// On API Gateway's own host the path does not begin with the stage.
    case stageMissing
    /// The API does not answer on API Gateway's own host (`DisableExecuteApiEndpoint`).
    case endpointDisabled
    /// The custom domain has no mapping for the path.
    case mappingMissing
    /// A path that custom domains of REST APIs keep for health checks.
    case reservedPath
    /// The query holds a character that REST APIs do not take unencoded.
    case reservedQuery

    /// What the client gets. No gateway response of an API changes it, as no stage of one has been found.
    func error(_ kind: GatewayKind) -> GatewayError {
        var error = plainError(kind)
        error.type = .none
        return error
    }

    private func plainError(_ kind: GatewayKind) -> GatewayError {
        switch self {
        case .stageMissing: kind == .rest ? .forbidden(detail: "stage_missing") : .notFound(detail: "stage_missing")
        case .endpointDisabled:
            kind == .rest ? .forbidden(detail: "endpoint_disabled") : .notFound(detail: "endpoint_disabled")
        case .mappingMissing: .forbidden(detail: "mapping_missing")
        case .reservedPath: .forbidden(detail: "reserved_path")
        case .reservedQuery:
            GatewayError(
                status: 400,
                message: "Bad Request",
                errorType: "BadRequestException",
                detail: "query_has_reserved_characters"
            )
        }
    }
}
