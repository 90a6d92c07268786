// Requests are checked before they reach their integration.

internal import JSON
internal import Manifest

/// Checks the requests of REST APIs for the parameters and the models that their routes ask for.
struct ValidationPlugin: GuardPlugin {
    static let name = "validation"

    private var validator: RequestValidator?

    var checks: GuardedCheck { .validation }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    /// A route whose models cannot be checked is not taken on, and so refused; the log says why.
    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let (key, route) = scope.route, let validation = route.validation else { return nil }
        var copy = self
        do throws(JSONSchema.Failure) {
            copy.validator = try RequestValidator(validation, key: key, models: scope.api.models)
        } catch {
            scope.directory.warn(
                "'\(scope.apiID)': '\(key)' is refused, since its requests cannot be validated: \(error)"
            )
            return nil
        }
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard let validator else { return .refuse(.notImplemented(detail: "validation_not_prepared")) }
        // Parameters come first: the content of a request that is refused anyway is not read.
        if let error = validator.missingParameters(exchange) { return .refuse(error) }
        guard let schema = validator.schema(exchange) else { return .proceed }
        guard exchange.contentIsWhole else { return .readContent }
        return validator.invalidContent(exchange, schema).map { .refuse($0) } ?? .proceed
    }
}
