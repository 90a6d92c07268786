// The event that a function would get of a request, made by what serves requests, without a network.

internal import Logging
internal import Manifest
internal import NIOCore
internal import NIOPosix
internal import Operations

/// Routes one request through a manifest and stops where a function would be invoked.
///
/// Nobody is asked whether the request may pass: an event for a function is without what an authorizer would have added.
package struct EventPreview: Sendable {
    /// Who gets the event.
    package enum Recipient: String, CaseIterable, Sendable {
        /// The function that the route ends in.
        case function
        /// The Lambda authorizer of the route.
        case authorizer
    }

    /// The JSON text of the event.
    package let event: [UInt8]
    /// The logical id of the function that gets it.
    package let function: String
    /// The key of the route: `GET /pets/{id}`.
    package let route: String

    /// Makes the event of a request.
    ///
    /// - Parameters:
    ///   - request: an HTTP/1.1 request, with its content.
    ///   - recipient: who gets it.
    ///   - options: the manifest and the settings; the port of `listen` is the one that the request came in on.
    /// - Returns: the event.
    /// - Throws: `ProxyError` where there is none, with the reason.
    package static func make(
        of request: [UInt8],
        for recipient: Recipient,
        _ options: ProxyOptions
    ) async throws(ProxyError) -> EventPreview {
        let generation = try GenerationLoader(options, logs: LogSinks(), metrics: MetricsRegistry()).load()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.any()
        let result: Result<EventPreview, ProxyError>
        do {
            result = try await eventLoop.submit {
                let loop = ServerLoop(
                    eventLoop: eventLoop,
                    configuration: options.configuration,
                    generation: generation,
                    logger: Logger(label: "samovar-proxy") { _ in SwiftLogNoOpLogHandler() }
                )
                return Result { () throws(ProxyError) in try make(of: request, for: recipient, on: loop) }
            }.get()
        } catch { result = .failure(ProxyError("\(error)")) }
        try? await group.shutdownGracefully()
        return try result.get()
    }

    private static func make(
        of request: [UInt8],
        for recipient: Recipient,
        on loop: ServerLoop
    ) throws(ProxyError) -> EventPreview {
        let (head, content) = try parse(request, limits: loop.configuration.limits)
        let name = head.fields.withBytes { memory in
            String(decoding: head.method(in: memory), as: UTF8.self) + " "
                + String(decoding: head.path(in: memory), as: UTF8.self)
        }
        guard let selection = loop.generation.select(head) else { throw ProxyError("the manifest has no APIs") }
        let exchange = Exchange(
            generation: loop.generation,
            loop: loop,
            head: head,
            selection: selection,
            remoteAddress: Array("127.0.0.1".utf8),
            localPort: loop.configuration.listen.port
        )
        guard let route = exchange.route else {
            if let refusal = exchange.refusal?.error(exchange.api.kind) { throw Self.error(refusal, of: name) }
            throw ProxyError("no route takes '\(name)'")
        }
        let event: [UInt8]
        switch recipient {
        case .authorizer:
            guard let plugin = route.plugins.requestHead.lazy.compactMap({ $0 as? LambdaAuthorizerPlugin }).first else {
                throw ProxyError("'\(route.name)' has no Lambda authorizer")
            }
            do throws(GatewayError) { event = try plugin.event(exchange) } catch { throw Self.error(error, of: name) }
        case .function:
            exchange.content = content
            exchange.contentIsWhole = true
            if case .failure(let error)? = route.integration.answer(exchange) { throw Self.error(error, of: name) }
            guard route.integration.invokesFunction else {
                throw ProxyError("'\(route.name)' does not end in a function that gets events")
            }
            loop.writer.reset()
            if let error = route.integration.writeRequest(exchange, to: loop.writer) {
                throw Self.error(error, of: name)
            }
            let bytes = Array(loop.writer.bytes)
            let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? bytes.endIndex
            event = Array(bytes[end...])
        }
        return EventPreview(
            event: event,
            function: function(exchange.api.id, route.key, recipient, in: loop.generation),
            route: route.name
        )
    }

    private static func parse(
        _ request: [UInt8],
        limits: MessageLimits
    ) throws(ProxyError) -> (RequestHead, ByteBuffer) {
        var parser = RequestParser(limits: limits)
        parser.append(ByteBuffer(bytes: request))
        var head: RequestHead?
        var content = ByteBuffer()
        do throws(MessageError) {
            while let event = try parser.next() {
                switch event {
                case .head(let found): head = found
                case .content(let slice): content.writeImmutableBuffer(slice)
                case .end:
                    guard let head, parser.isIdle else { throw .malformed("more than one request") }
                    return (head, content)
                }
            }
        } catch { throw ProxyError("the request is malformed: \(error)") }
        throw ProxyError("the request is not whole")
    }

    private static func error(_ error: GatewayError, of request: String) -> ProxyError {
        ProxyError("'\(request)' is answered by the gateway with \(error.status): \(error.detail)")
    }

    /// The function by the manifest, which is what served it is made of.
    private static func function(
        _ api: String,
        _ key: RouteKey,
        _ recipient: Recipient,
        in generation: Generation
    ) -> String {
        let manifest = try? Manifest(parsing: Array(generation.manifestText.utf8))
        guard let api = manifest?.apis[api], let route = api.routes[key] ?? api.routes[.fallback] else { return "" }
        switch (recipient, route.target, route.auth) {
        case (.authorizer, _, .authorizer(let name)): return api.authorizers[name]?.function ?? ""
        case (_, .function(let id, _), _): return id
        case (_, .integration(let integration), _): return integration.function ?? ""
        }
    }
}
