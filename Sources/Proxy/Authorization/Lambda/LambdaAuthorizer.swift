// A Lambda authorizer of one route: what it is asked, when it need not be, and what its answers mean to clients.

internal import Manifest
internal import NIOCore

/// A function that decides who may call a route, made ready for the route's requests.
final class LambdaAuthorizer: Sendable {
    private let kind: GatewayKind
    private let event: AuthorizerEvent
    private let template: EventTemplate
    private let function: FunctionInvoker
    private let sources: [ParameterSource]
    /// Whether a request without one of the sources is refused at once.
    private let needsSources: Bool
    private let validation: LinearPattern?
    private let hasSimpleResponses: Bool
    private let timeout: TimeAmount
    /// How long answers are kept; 0 for not at all.
    private let cacheSeconds: Int
    private let number: Int
    private let store: LambdaAuthorizerStore

    /// An authorizer that cannot be asked; its routes answer 501 with this detail.
    struct Failure: Error {
        let detail: StaticString
        /// The same for whoever runs the proxy.
        let reason: String

        init(_ detail: StaticString, _ reason: String) {
            self.detail = detail
            self.reason = reason
        }
    }

    /// - Parameters:
    ///   - scope: the route.
    ///   - name: the authorizer's name in its API.
    ///   - authorizer: the authorizer.
    ///   - store: what is known of it already.
    /// - Throws: `Failure` where the manifest asks for what cannot be done.
    init(_ scope: PluginScope, name: String, _ authorizer: Authorizer, store: LambdaAuthorizerStore) throws(Failure) {
        kind = GatewayKind(scope.api.kind)
        guard let key = scope.route?.key, let id = authorizer.function else {
            throw Failure("authorizer_without_function", "the authorizer '\(name)' names no function")
        }
        guard let invoker = scope.directory.invoker(ofFunction: id) else {
            throw Failure(
                "authorizer_endpoint_not_supported",
                "the function '\(id)' of its authorizer is at an endpoint that takes no events"
            )
        }
        function = invoker
        self.store = store
        event = kind == .rest && authorizer.input == .token ? .token : .request
        template = EventTemplate(
            api: scope.api,
            apiID: scope.apiID,
            key: key,
            payload: kind == .rest ? .v1 : authorizer.payload ?? .v2
        )
        hasSimpleResponses = kind == .http && authorizer.hasSimpleResponses
        (sources, validation) = try Self.identity(authorizer, event: event, kind: kind)
        // A REST API keeps answers for five minutes unless it is told otherwise, an HTTP API does not keep them
        // (developer guide, `authorizerResultTtlInSeconds`). What has no identity cannot be told apart.
        let seconds = authorizer.cacheSeconds ?? (kind == .rest ? 300 : 0)
        cacheSeconds = sources.isEmpty ? 0 : seconds
        needsSources =
            switch (kind, event) {
            case (.http, _), (.rest, .token): true
            case (.rest, .request): cacheSeconds > 0
            }
        timeout = kind == .rest ? .seconds(29) : .seconds(10)
        number = store.number(
            of: LambdaAuthorizerStore.Identity(
                apiID: scope.apiID,
                stage: scope.api.stage,
                name: name,
                authorizer: authorizer,
                endpoint: scope.directory.endpoint(ofFunction: id)
            )
        )
    }

    private static func identity(
        _ authorizer: Authorizer,
        event: AuthorizerEvent,
        kind: GatewayKind
    ) throws(Failure) -> ([ParameterSource], LinearPattern?) {
        var texts = authorizer.identitySources
        if event == .token { texts = [texts.first ?? "method.request.header.Authorization"] }
        var sources: [ParameterSource] = []
        for text in texts {
            // The parameters of the path are no identity: without a route's key, none is found.
            let source =
                kind == .rest ? ParameterSource(rest: text, key: nil) : ParameterSource(http: text, key: nil)
            guard let source else {
                throw Failure(
                    "authorizer_identity_source_not_supported",
                    "'\(text)' is no identity source of its authorizer"
                )
            }
            sources.append(source)
        }
        guard event == .token, let expression = authorizer.validationExpression else { return (sources, nil) }
        do throws(LinearPattern.Failure) { return (sources, try LinearPattern(expression)) } catch {
            throw Failure(
                "authorizer_expression_not_supported",
                "the validation expression of its authorizer cannot be used: \(error)"
            )
        }
    }

    // MARK: Asking

    /// What becomes of a request.
    func verdict(_ exchange: Exchange) -> Verdict {
        let identity: [[UInt8]]
        do throws(GatewayError) { identity = try self.identity(exchange) } catch { return .refuse(error) }
        guard cacheSeconds > 0 else { return wait(for: ask(exchange, identity), exchange) }
        let key = LambdaAuthorizerStore.Key(authorizer: number, identity: identity)
        if let entry = store.entry(of: key) {
            exchange.authorizerCall = AuthorizerCall()
            return verdict(entry.result.decision, entry.context, exchange)
        }
        let reply = store.sharing(key, on: exchange.loop.eventLoop) {
            ask(exchange, identity).map { [store, cacheSeconds] reply in
                if case .answer(let result) = reply.meaning { store.keep(result, for: key, seconds: cacheSeconds) }
                return reply
            }
        }
        return wait(for: reply, exchange)
    }

    /// The event of a request, as the function would get it.
    ///
    /// - Throws: `GatewayError` where it is not asked.
    func event(_ exchange: Exchange) throws(GatewayError) -> [UInt8] {
        let identity = try identity(exchange)
        let writer = exchange.loop.scratch
        writer.reset()
        event.write(exchange, template: template, identity: identity, to: writer)
        return Array(writer.bytes)
    }

    /// The values of the identity sources, in their order.
    private func identity(_ exchange: Exchange) throws(GatewayError) -> [[UInt8]] {
        var identity: [[UInt8]] = []
        identity.reserveCapacity(sources.count)
        for source in sources {
            let value = source.value(exchange) ?? []
            guard !value.isEmpty || !needsSources else {
                throw .unauthorized(kind, detail: "authorizer_identity_missing")
            }
            identity.append(value)
        }
        if let validation, let token = identity.first,
            !validation.matchesWhole(String(decoding: token, as: UTF8.self))
        {
            throw .unauthorized(kind, detail: "authorizer_token_malformed")
        }
        return identity
    }

    private func ask(_ exchange: Exchange, _ identity: [[UInt8]]) -> EventLoopFuture<LambdaAuthorizerReply> {
        let writer = exchange.loop.scratch
        writer.reset()
        event.write(exchange, template: template, identity: identity, to: writer)
        let start = NIODeadline.now()
        return function.invoke(event: writer.bytes, timeout: timeout, on: exchange.loop).map { [self] outcome in
            LambdaAuthorizerReply(
                outcome,
                milliseconds: Int((NIODeadline.now() - start).nanoseconds / 1_000_000),
                kind: kind,
                isSimple: hasSimpleResponses
            )
        }
    }

    private func wait(for reply: EventLoopFuture<LambdaAuthorizerReply>, _ exchange: Exchange) -> Verdict {
        let bound = NIOLoopBound(exchange, eventLoop: exchange.loop.eventLoop)
        return .wait(reply.map { [self] in verdict($0, bound.value) })
    }

    // MARK: Answers

    private func verdict(_ reply: LambdaAuthorizerReply, _ exchange: Exchange) -> Verdict {
        exchange.authorizerCall = reply.call
        switch reply.meaning {
        case .answer(let result):
            let context = result.authorizerContext(milliseconds: reply.call.milliseconds)
            return verdict(result.decision, context, exchange)
        case .unauthorized: return .refuse(.unauthorized(kind, detail: "authorizer_unauthorized"))
        case .invalid(let detail): return .refuse(.authorizerConfiguration(kind, detail: detail))
        case .unreachable(let detail): return .refuse(.authorizerFailure(kind, detail: detail))
        }
    }

    private func verdict(
        _ decision: LambdaAuthorizerResult.Decision,
        _ context: AuthorizerContext,
        _ exchange: Exchange
    ) -> Verdict {
        // Refusals have it too, for their templates and for logs.
        exchange.authorizer = context
        switch self.decision(decision, exchange) {
        case .allow: return .proceed
        case .explicitDeny:
            guard kind == .rest else { return .refuse(.forbidden(detail: "authorizer_denied_explicit")) }
            return .refuse(
                .accessDenied(
                    "User is not authorized to access this resource with an explicit deny",
                    detail: "authorizer_denied_explicit"
                )
            )
        case .implicitDeny:
            guard kind == .rest else { return .refuse(.forbidden(detail: "authorizer_denied")) }
            return .refuse(.accessDenied(detail: "authorizer_denied"))
        }
    }

    /// What the answer, together with the resource policy, says of a request.
    private func decision(_ decision: LambdaAuthorizerResult.Decision, _ exchange: Exchange) -> PolicyDecision {
        switch decision {
        case .simple(let isAuthorized): return isAuthorized ? .allow : .implicitDeny
        case .policy(let document):
            let decision = document.decision(for: PolicyRequest(exchange: exchange))
            return .combined(decision, resource: exchange.resourcePolicyDecision)
        }
    }
}
