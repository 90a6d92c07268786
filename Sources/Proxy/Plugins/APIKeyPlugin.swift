// API keys of REST APIs.

internal import JSON
internal import Manifest

/// Lets in whoever shows an API key of a usage plan of the API, where a route asks for one (developer guide, "Usage plans
/// and API keys for REST APIs").
///
/// Where keys come from the authorizer they are looked at behind it, by `ThrottlingPlugin`.
struct APIKeyPlugin: GuardPlugin {
    static let name = "apiKeys"

    private let directory: APIKeyDirectory
    private var table: APIKeyTable?

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        let values = try settings.object { (object) throws(JSONShapeError) in
            var values: [String: String] = [:]
            for (id, reader) in try object.optional("values")?.members() ?? [] {
                let value = try reader.string()
                guard APIKeyTable.lengths.contains(value.count) else {
                    throw reader.error("an API key is 20 to 128 characters long")
                }
                values[id] = value
            }
            return values
        }
        directory = services.apiKeys
        directory.setValues(values)
    }

    var checks: GuardedCheck { .apiKey }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.api.kind == .rest, !scope.api.takesKeysFromAuthorizer, let route = scope.route?.route,
            route.isKeyRequired
        else { return nil }
        var copy = self
        let table = try directory.table(of: scope.apiID, in: scope.directory)
        if table.isEmpty {
            // As with a key that SAM makes: API Gateway would have chosen its value, here somebody has to.
            scope.directory.warn(
                "routes of '\(scope.apiID)' need an API key, but no key of its usage plans has a value: "
                    + "they answer 403 to everyone"
            )
        }
        copy.table = table
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard let table, let value = Self.value(exchange) else {
            return .refuse(.forbidden(detail: "api_key_missing"))
        }
        guard let key = table.key(value) else { return .refuse(.forbidden(detail: "api_key_unknown")) }
        exchange.apiKey = key
        return .proceed
    }

    /// What the client shows as its key; nil where it shows none.
    static func value(_ exchange: Exchange) -> [UInt8]? {
        guard let value = field.value(exchange), !value.isEmpty else { return nil }
        return value
    }

    private static let field = ParameterSource.header(Array("x-api-key".utf8))
}
