// What the state machine of an exchange says, done.

internal import Manifest
internal import NIOCore

extension ClientConnection: UpstreamClient {
    // MARK: The request

    /// Runs the plugins from one of them on, then the integration.
    func runPlugins(_ exchange: Exchange, from first: Int) {
        let plugins = exchange.plugins.requestHead
        for index in first..<max(first, plugins.count) {
            switch plugins[index].requestHeadReceived(exchange) {
            case .proceed: continue
            case .respond(let response):
                respond(response)
                return
            case .refuse(let error):
                respond(error)
                return
            case .readContent where machine?.requestIsComplete ?? true:
                // It has been asked with the content in hand.
                respond(GatewayError.badResult(exchange.api.kind, detail: "plugin_failed"))
                return
            case .readContent:
                collectContent(exchange, for: index)
                return
            case .wait(let future):
                wait(for: future, exchange, next: index + 1)
                return
            }
        }
        integrate(exchange)
    }

    /// Reads the request's content whole and asks the plugin again; the one after the last is the integration.
    private func collectContent(_ exchange: Exchange, for plugin: Int) {
        guard contentFits(exchange) else { return }
        waitingPlugin = plugin
        machine?.collectForPlugin()
        expectContent(exchange)
    }

    /// Refuses a request that says itself that its content is too large.
    private func contentFits(_ exchange: Exchange) -> Bool {
        guard case .length(let length) = exchange.head.framing, length > loop.configuration.limits.contentBytes else {
            return true
        }
        contentIsTooLarge()
        return false
    }

    /// From now on the client's content is wanted.
    private func expectContent(_ exchange: Exchange) {
        armForContent()
        guard exchange.head.expectsContinue, !hasSentContinue else { return }
        hasSentContinue = true
        writeContinue()
    }

    private func wait(for future: EventLoopFuture<Verdict>, _ exchange: Exchange, next: Int) {
        phase = .waiting
        arm(30_000)
        let bound = NIOLoopBound((self, exchange), eventLoop: loop.eventLoop)
        future.hop(to: loop.eventLoop).whenComplete { result in
            let (connection, exchange) = bound.value
            guard connection.exchange === exchange, connection.phase == .waiting else { return }
            connection.phase = .exchanging
            switch result {
            case .success(.proceed): connection.runPlugins(exchange, from: next)
            case .success(.respond(let response)): connection.respond(response)
            case .success(.refuse(let error)): connection.respond(error)
            case .success(.wait), .success(.readContent), .failure:
                connection.respond(GatewayError.badResult(exchange.api.kind, detail: "plugin_failed"))
            }
            connection.process()
        }
    }

    func pluginIsLate() {
        guard let exchange else { return }
        phase = .exchanging
        respond(GatewayError.timeout(exchange.api.kind, wire: .lambda))
    }

    private func integrate(_ exchange: Exchange) {
        guard let route = exchange.route else {
            if serveFile(exchange) { return }
            respond(exchange.refusal?.error(exchange.api.kind) ?? .noRoute(exchange))
            return
        }
        if route.integration.answersWithContent, machine?.requestIsComplete == false {
            collectContent(exchange, for: exchange.plugins.requestHead.count)
            return
        }
        switch route.integration.answer(exchange) {
        case .response(let head, let content):
            writeWhole(head, content: content, exchange)
            complete()
            return
        case .failure(let error):
            respond(error)
            return
        case nil: break
        }
        guard contentFits(exchange) else { return }
        if machine?.requestIsComplete == false { expectContent(exchange) }
        perform(machine?.begin(route.integration.delivery) ?? [])
    }

    /// The request is one that will be taken: the client may send its content (RFC 9110 section 10.1.1).
    private func writeContinue() {
        loop.writer.reset()
        loop.writer.write("HTTP/1.1 100 Continue\r\n\r\n")
        write(loop.writer.makeBuffer(allocator))
    }

    func contentIsTooLarge() {
        guard let exchange else { return }
        if let machine, machine.responseHasStarted {
            abort()
            return
        }
        if let leaving = machine?.clientGone() { perform(leaving.subtracting(.complete)) }
        respond(GatewayError.contentTooLarge(exchange.api.kind, detail: "content_too_large"))
    }

    /// The client is gone: the exchange ends without a response.
    func clientIsGone() {
        guard let exchange else { return }
        exchange.detail = exchange.detail ?? "client_gone"
        if let actions = machine?.clientGone(), !actions.isEmpty { perform(actions) } else { complete() }
    }

    // MARK: Actions

    /// Performs actions in the order of their declarations.
    func perform(
        _ actions: ExchangeStateMachine.Actions,
        head: UpstreamResponseHead? = nil,
        content: ByteBuffer? = nil
    ) {
        guard !actions.isEmpty, let exchange else { return }
        if actions.contains(.collectContent), let content { exchange.content.writeImmutableBuffer(content) }
        if actions.contains(.acquire) { acquire(exchange, fresh: false) }
        if actions.contains(.sendRequest) { sendRequest(exchange) }
        if actions.contains(.forwardContent), let content { forward(content, exchange) }
        if actions.contains(.endContent), exchange.head.framing == .chunked { writeUpstream("0\r\n\r\n") }
        if actions.contains(.collectHead) { collectedHead = head }
        if actions.contains(.collectResponse), let content { collectedContent.writeImmutableBuffer(content) }
        if actions.contains(.startResponse), let head { startResponse(head, exchange) }
        if actions.contains(.forwardResponse), let content { forwardResponse(content, exchange) }
        if actions.contains(.endResponse) { endResponse() }
        if actions.contains(.cancelAcquisition) { acquisition += 1 }
        if actions.contains(.release) { takeUpstream()?.release() }
        if actions.contains(.closeUpstream) { takeUpstream()?.close() }
        if actions.contains(.acquireFresh) {
            loop.metrics.retries += 1
            acquire(exchange, fresh: true)
        }
        if actions.contains(.translate) { translate(exchange) }
        if actions.contains(.fail) { writeFailure(exchange) }
        if actions.contains(.truncate) {
            exchange.detail = "response_cut_short"
            abort()
        }
        if actions.contains(.complete) { complete() }
        if actions.contains(.resumePlugins) { runPlugins(exchange, from: waitingPlugin) }
    }

    private func takeUpstream() -> UpstreamConnection? {
        defer { upstream = nil }
        return upstream
    }

    private func acquire(_ exchange: Exchange, fresh: Bool) {
        guard let integration = exchange.route?.integration, let endpoint = integration.endpoint else { return }
        if !fresh {
            loop.writer.reset()
            if let error = integration.writeRequest(exchange, to: loop.writer) {
                respond(error)
                return
            }
            requestBytes = loop.writer.makeBuffer(allocator)
            exchange.integrationStart = .now()
            if machine?.requestIsComplete ?? true { deadline = .now() + integration.timeout } else { armForTurn() }
        }
        let pool = loop.pool(for: endpoint)
        if !fresh, let connection = pool.takeIdle() {
            upstream = connection
            perform(machine?.upstreamReady(reused: true) ?? [])
            return
        }
        acquisition += 1
        let wish = acquisition
        let isWanted = { wish == self.acquisition && self.exchange === exchange }
        pool.connect(isWanted: isWanted) { result in
            guard isWanted() else {
                if case .success(let connection) = result { connection.release() }
                return
            }
            switch result {
            case .success(let connection):
                self.upstream = connection
                self.perform(self.machine?.upstreamReady(reused: false) ?? [])
            case .failure(EndpointPool.Unavailable.busy): self.perform(self.machine?.upstreamUnavailable(.busy) ?? [])
            case .failure: self.perform(self.machine?.upstreamUnavailable() ?? [])
            }
            self.process()
        }
    }

    private func sendRequest(_ exchange: Exchange) {
        upstream?.begin(self, isHead: exchange.route?.integration.sendsHead(exchange) ?? false)
        upstream?.write(requestBytes)
        armForTurn()
    }

    private func forward(_ content: ByteBuffer, _ exchange: Exchange) {
        guard exchange.head.framing == .chunked else {
            upstream?.write(content)
            return
        }
        loop.writer.reset()
        loop.writer.write(hexadecimal: UInt64(content.readableBytes))
        loop.writer.write("\r\n")
        loop.writer.write(content)
        loop.writer.write("\r\n")
        upstream?.write(loop.writer.makeBuffer(allocator))
    }

    private func writeUpstream(_ text: StaticString) {
        loop.writer.reset()
        loop.writer.write(text)
        upstream?.write(loop.writer.makeBuffer(allocator))
    }

    // MARK: The endpoint's side

    var wantsUpstreamResponse: Bool { machine?.wantsResponse ?? true }

    func upstreamReceived(_ head: UpstreamResponseHead) {
        perform(machine?.responseHeadReceived() ?? [], head: head)
    }

    func upstreamReceived(_ content: ByteBuffer) {
        guard let machine,
            machine.delivery == .streamed
                || collectedContent.readableBytes + content.readableBytes
                    <= exchange?.route?.integration.answerLimit ?? LambdaIntegration.payloadLimit
        else {
            perform(self.machine?.responseTooLarge() ?? [])
            process()
            return
        }
        perform(self.machine?.responseContentReceived() ?? [], content: content)
    }

    func upstreamFinished(reusable: Bool) {
        perform(machine?.responseEnded(reusable: reusable) ?? [])
        process()
    }

    func upstreamLost(_ failure: ExchangeStateMachine.Failure, untouched: Bool, cause: String) {
        let actions = machine?.upstreamLost(failure, untouched: untouched) ?? []
        if !actions.contains(.acquireFresh), let endpoint = exchange?.route?.integration.endpoint {
            loop.pool(for: endpoint).report(cause)
        }
        perform(actions)
        process()
    }

    func upstreamWritabilityChanged(_ isWritable: Bool) {
        machine?.upstreamWritabilityChanged(isWritable)
        armForTurn()
        if isWritable { process() }
    }

    func upstreamReadCompleted() { flushResponse() }
}
