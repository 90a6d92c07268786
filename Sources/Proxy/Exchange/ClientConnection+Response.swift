// Responses to the client, and how exchanges end.

internal import Logging
internal import Manifest
internal import NIOCore

extension ClientConnection {
    var allocator: ByteBufferAllocator { context?.channel.allocator ?? ByteBufferAllocator() }

    /// Writes bytes to the client.
    func write(_ bytes: ByteBuffer) {
        guard let context, bytes.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    // MARK: Responses of the gateway's own

    /// Answers an exchange with an error, and ends it.
    func respond(_ error: GatewayError) {
        guard let exchange else { return }
        respond(error.response(exchange))
    }

    /// Answers an exchange without its endpoint, and ends it.
    func respond(_ response: LocalResponse) {
        guard let exchange else { return }
        writeLocal(response, exchange)
        complete()
    }

    /// Answers for the endpoint; the state machine ends the exchange.
    func writeFailure(_ exchange: Exchange) {
        guard let failure = machine?.failure, let integration = exchange.route?.integration else { return }
        exchange.integrationEnd = .now()
        writeLocal(integration.error(for: failure).response(exchange), exchange)
    }

    private func writeLocal(_ response: LocalResponse, _ exchange: Exchange) {
        exchange.detail = response.detail
        writeWhole(response.head, content: ByteBuffer(bytes: response.content), exchange)
    }

    // MARK: Responses that are whole

    /// Makes the response of what the endpoint has sent.
    func translate(_ exchange: Exchange) {
        guard let head = collectedHead, let integration = exchange.route?.integration else { return }
        exchange.integrationEnd = .now()
        exchange.endpointHead = head.head
        switch integration.makeResponse(exchange, from: head, content: collectedContent) {
        case .response(let head, let content): writeWhole(head, content: content, exchange)
        case .failure(let error): writeLocal(error.response(exchange), exchange)
        }
    }

    /// Writes a response whose content is in hand.
    func writeWhole(_ head: ResponseHead, content: ByteBuffer, _ exchange: Exchange) {
        var head = head
        var content = content
        exchange.plugins.responseContent?.responseReady(&head, &content, exchange)
        for plugin in exchange.plugins.responseHead { plugin.responseHeadReady(&head, exchange) }
        let hasNoContent = ResponseHead.hasNoContent(head.status)
        decideConnection(exchange)
        exchange.status = head.status
        let writer = loop.writer
        writer.reset()
        ResponseWriter.write(
            head,
            framing: hasNoContent ? .none : .length(content.readableBytes),
            keepsAlive: keepsAlive,
            date: loop.clock.httpDate,
            to: writer
        )
        let sendsContent = !hasNoContent && exchange.head.method != .head
        if sendsContent {
            exchange.responseBytes = content.readableBytes
            // One write for both, unless the content is so large that to copy it would cost more.
            if content.readableBytes <= 64 * 1024 {
                writer.write(content)
            } else {
                context?.write(wrapOutboundOut(writer.makeBuffer(allocator)), promise: nil)
                write(content)
                return
            }
        }
        write(writer.makeBuffer(allocator))
    }

    /// Whether the connection goes on, which the head of the response has to say.
    func decideConnection(_ exchange: Exchange) {
        guard keepsAlive, !loop.isDraining else {
            keepsAlive = false
            return
        }
        let requestIsComplete = machine?.requestIsComplete ?? !exchange.head.hasContent
        guard !requestIsComplete else { return }
        // What is left of the content has to be read before the next request can be; only a little is worth it.
        guard case .length(let length) = exchange.head.framing, length <= Self.drainLimit,
            !exchange.head.expectsContinue
        else {
            keepsAlive = false
            return
        }
    }

    // MARK: Responses piece by piece

    /// Begins a response that is passed on as it comes.
    func startResponse(_ upstreamHead: UpstreamResponseHead, _ exchange: Exchange) {
        guard let integration = exchange.route?.integration,
            case .response(var head, _) = integration.makeResponse(exchange, from: upstreamHead, content: ByteBuffer())
        else { return }
        exchange.endpointHead = upstreamHead.head
        // Not even a response to HEAD tells the length of what cannot be there (RFC 9110 section 8.6).
        if head.status == 204 { head.fields.removeAll { $0.name == .contentLength } }
        var framing = upstreamHead.framing
        if let plugin = exchange.plugins.responseContent, exchange.head.method != .head, framing != .none {
            var length: Int?
            if case .length(let known) = framing { length = known }
            contentTransform = plugin.responseBegins(&head, length: length, exchange)
            if contentTransform != nil { framing = .chunked }
        }
        for plugin in exchange.plugins.responseHead { plugin.responseHeadReady(&head, exchange) }
        decideConnection(exchange)
        exchange.status = head.status
        switch framing {
        case .none: responseFraming = .none
        case .length(let length): responseFraming = .length(length)
        case .chunked, .untilClose:
            let isCurrent = exchange.head.minorVersion == 1
            responseFraming = isCurrent ? .chunked : .untilClose
            keepsAlive = keepsAlive && isCurrent
        }
        if case .none = responseFraming, exchange.head.method != .head, !ResponseHead.hasNoContent(head.status) {
            responseFraming = .length(0)
        }
        let writer = loop.writer
        writer.reset()
        ResponseWriter.write(
            head,
            framing: responseFraming,
            keepsAlive: keepsAlive,
            date: loop.clock.httpDate,
            to: writer
        )
        output = writer.makeBuffer(allocator)
    }

    /// Passes a piece of a response on; small ones wait for more of the same read.
    func forwardResponse(_ content: ByteBuffer, _ exchange: Exchange) {
        let content = contentTransform?.transform(content) ?? content
        guard content.readableBytes > 0 else { return }
        writePiece(content, exchange)
    }

    private func writePiece(_ content: ByteBuffer, _ exchange: Exchange) {
        exchange.responseBytes += content.readableBytes
        if case .chunked = responseFraming {
            let writer = loop.writer
            writer.reset()
            writer.write(hexadecimal: UInt64(content.readableBytes))
            writer.write("\r\n")
            output.writeBytes(writer.bytes)
            output.writeImmutableBuffer(content)
            output.writeStaticString("\r\n")
        } else if output.readableBytes + content.readableBytes <= 32 * 1024 {
            output.writeImmutableBuffer(content)
        } else {
            flushOutput()
            write(content)
        }
        if output.readableBytes > 64 * 1024 { flushOutput() }
    }

    /// Ends a response that was passed on.
    func endResponse() {
        if let rest = contentTransform?.finish(), rest.readableBytes > 0, let exchange { writePiece(rest, exchange) }
        contentTransform = nil
        if case .chunked = responseFraming { output.writeStaticString("0\r\n\r\n") }
        flushOutput()
        exchange?.integrationEnd = .now()
    }

    /// The endpoint has sent what it has for now: the client is to have it, however little it is.
    func flushResponse() {
        if let held = contentTransform?.flush(), held.readableBytes > 0, let exchange { writePiece(held, exchange) }
        flushOutput()
    }

    /// Writes what has been put together for the client.
    func flushOutput() {
        guard output.readableBytes > 0 else { return }
        let bytes = output
        output = ByteBuffer()
        write(bytes)
    }

    // MARK: Endings

    /// The exchange is over: plugins hear of it, and the connection goes on or closes.
    func complete() {
        guard let exchange else { return }
        let requestIsComplete = machine?.requestIsComplete ?? !exchange.head.hasContent
        self.exchange = nil
        machine = nil
        upstream = nil
        acquisition += 1
        requestBytes = ByteBuffer()
        collectedHead = nil
        collectedContent = ByteBuffer()
        contentTransform = nil
        for plugin in exchange.plugins.completion { plugin.exchangeCompleted(exchange) }
        guard phase != .closing else { return }
        if !keepsAlive || loop.isDraining {
            closeAfterLinger()
        } else if requestIsComplete {
            waitForRequest()
        } else {
            phase = .draining
            contentBytes = 0
            arm(1000)
            process()
        }
    }

    // MARK: Refusals

    /// Answers bytes that are no request, and closes.
    func refuse(_ error: MessageError) {
        loop.metrics.malformedRequests += 1
        let (status, detail) = error.refusal
        loop.logger.debug("a request is malformed", metadata: ["reason": "\(detail)"])
        refuse(status: status, detail: detail)
    }

    /// Answers a request that does not come to its end, and closes.
    func refuseLate() { refuse(status: 408, detail: "request_timeout") }

    private func refuse(status: Int, detail: StaticString) {
        if let exchange {
            exchange.detail = detail
            guard machine?.responseHasStarted != true else {
                clientIsGone()
                abort()
                return
            }
            if let leaving = machine?.clientGone() { perform(leaving.subtracting(.complete)) }
            keepsAlive = false
            var response = LocalResponse(status: status, detail: detail)
            response.head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
            response.content = Self.message(status)
            respond(response)
            return
        }
        keepsAlive = false
        respondWithoutExchange(status: status, content: Self.message(status))
        closeAfterLinger()
    }

    /// Answers where there is no API to answer for.
    func respondWithoutExchange(status: Int, content: [UInt8]) {
        var head = ResponseHead(status: status)
        head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
        _ = loop.clock.now()
        let writer = loop.writer
        writer.reset()
        ResponseWriter.write(
            head,
            framing: .length(content.count),
            keepsAlive: false,
            date: loop.clock.httpDate,
            to: writer
        )
        writer.write(content)
        write(writer.makeBuffer(allocator))
        closeAfterLinger()
    }

    private static func message(_ status: Int) -> [UInt8] {
        Array("{\"message\":\"\(ResponseWriter.reason(status))\"}".utf8)
    }
}
