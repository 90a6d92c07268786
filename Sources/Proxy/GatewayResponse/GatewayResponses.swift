// What a REST API answers in place of the gateway's own errors.

internal import Manifest
internal import NIOCore

/// The gateway responses of an API, made ready.
///
/// An error is answered by the response of its own type, else by that of its class, `DEFAULT_4XX` or `DEFAULT_5XX`,
/// else as it is (developer guide, "Gateway responses for REST APIs in API Gateway").
final class GatewayResponses: Sendable {
    private let responses: [String: CustomResponse]

    /// - Returns: nil for an API without any.
    /// - Throws: `ProxyError` for one that API Gateway would not take.
    init?(_ api: API, id: String) throws(ProxyError) {
        guard api.kind == .rest, !api.gatewayResponses.isEmpty else { return nil }
        var responses: [String: CustomResponse] = [:]
        for (type, response) in api.gatewayResponses.sortedByCodePoint {
            do throws(CustomResponse.Failure) { responses[type] = try CustomResponse(response) } catch {
                throw ProxyError("the gateway response '\(type)' of '\(id)': \(error)")
            }
        }
        self.responses = responses
    }

    /// The response for an error; nil where the API has none for it.
    func response(for error: GatewayError, _ exchange: Exchange) -> LocalResponse? {
        // Refusals of this gateway's own are not the API's to change.
        guard error.type != .none else { return nil }
        let ofClass = error.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"
        guard let custom = responses[error.type.rawValue] ?? responses[ofClass] else { return nil }
        return custom.response(for: error, exchange)
    }
}
