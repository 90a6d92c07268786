// Lambda authorizers of REST and HTTP APIs.

internal import JSON
internal import Manifest

/// Asks the Lambda authorizer of a route whether a request may pass.
struct LambdaAuthorizerPlugin: GuardPlugin {
    static let name = "lambdaAuthorizer"

    /// What there is to do at a route.
    private enum Task: Sendable {
        case ask(LambdaAuthorizer)
        /// It cannot be asked: nobody passes.
        case refuse(StaticString)
    }

    /// How many answers are kept.
    private let cachedResults: Int
    private let store: LambdaAuthorizerStore
    private var task = Task.refuse("authorizer_not_prepared")

    var checks: GuardedCheck { .authorization }

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        cachedResults = try settings.object { (object) throws(JSONShapeError) in
            try object.optional("cachedResults")?.integer(in: 0...1_000_000) ?? 4_096
        }
        store = LambdaAuthorizerStore(capacity: cachedResults)
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard let (name, authorizer) = scope.authorizer, authorizer.kind == .lambda else { return nil }
        var copy = self
        do throws(LambdaAuthorizer.Failure) {
            copy.task = .ask(try LambdaAuthorizer(scope, name: name, authorizer, store: store))
        } catch {
            scope.warnOfClosedRoute(error.reason)
            copy.task = .refuse(error.detail)
        }
        return copy
    }

    /// What the function is given for a request.
    ///
    /// - Throws: `GatewayError` where it is not asked, and the request refused.
    func event(_ exchange: Exchange) throws(GatewayError) -> [UInt8] {
        switch task {
        case .ask(let authorizer): return try authorizer.event(exchange)
        case .refuse(let detail): throw .notImplemented(detail: detail)
        }
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        switch task {
        case .ask(let authorizer): authorizer.verdict(exchange)
        case .refuse(let detail): .refuse(.notImplemented(detail: detail))
        }
    }
}
