// An API while its routes are lowered: the manifest's part of it, and what its routes inherit.

internal import Diagnostics
internal import Manifest

/// What the lowering of routes needs to know of their API.
struct APIDraft: Sendable {
    /// The name in templates of the authorizer that checks AWS signatures.
    static let iamName = "AWS_IAM"
    /// The name in templates that stands for no authorizer.
    static let noneName = "NONE"

    /// The name of the authorizer in the place of one that is not known.
    static let unknownName = "unknown"

    /// Where the routes of an API stand.
    enum Source: Hashable, Sendable {
        /// In the events of functions.
        case events
        /// In an OpenAPI document; events of a REST API add nothing to it unless the definitions are merged.
        case document(isMerged: Bool)
        /// In a document that cannot be read; events add nothing to it either.
        case remote
        /// In resources of CloudFormation.
        case resources
    }

    let id: String
    var api: API
    let isImplicit: Bool
    /// Where its routes stand.
    var source = Source.events
    /// Whether it is made with a route and a stage at once (`Target`).
    var isQuickCreated = false
    /// The name of `DefaultAuthorizer`.
    var defaultAuthorizer: String?
    /// The scopes that each authorizer asks for where a route names none.
    var authorizerScopes: [String: [String]] = [:]
    /// Where each authorizer is declared.
    var authorizerSpans: [String: Span] = [:]
    /// The security schemes of its document that ask for an API key.
    var keySchemes: Set<String> = []
    /// What becomes of the base path that the API's document names.
    var basePathMode = BasePathMode.ignore
    /// What stands before the paths of its document; empty or `/prefix` without a slash at the end.
    var documentPrefix = ""
    /// `Auth.ApiKeyRequired`, which events may override.
    var isKeyRequired = false
    /// Whether `ApiKeyRequired` holds for `OPTIONS` too.
    var requiresPreflightKey = true
    /// `EnableIamAuthorizer` of an HTTP API; REST APIs always have it.
    var isIAMEnabled = false
    /// Whether the default authorizer guards `OPTIONS` too.
    var guardsPreflight = true
    /// The names under `Models`, those whose schema cannot be known included.
    var models: Set<String> = []
    /// Limits by route key as the template spells them: `GET /pets`, `* /pets/{id}`.
    var routeThrottles: [String: Throttle] = [:]

    var kind: APIKind { api.kind }

    /// Uses an authorizer for a route: the one for signatures exists without being declared.
    mutating func use(_ name: String) -> RouteAuth {
        if name == Self.iamName, api.authorizers[name] == nil { api.authorizers[name] = Authorizer(kind: .iam) }
        return .authorizer(name)
    }

    /// Guards all routes by an authorizer that lets nobody in: it is an error that theirs is not known, and what is
    /// listed in spite of errors must not look open.
    mutating func refuseByDefault() {
        api.authorizers[Self.unknownName] = Authorizer(kind: .unsupported)
        defaultAuthorizer = Self.unknownName
    }

    /// Whether routes may name the authorizer.
    func knows(_ name: String) -> Bool {
        if api.authorizers[name] != nil { return true }
        return name == Self.iamName && (kind == .rest || isIAMEnabled)
    }

    /// The limit of a route, if it has one of its own.
    func throttle(of key: RouteKey) -> Throttle? {
        routeThrottles[key.description] ?? routeThrottles["* \(key.pathText)"]
            ?? routeThrottles["\(key.method.rawValue) /*"]
    }
}
