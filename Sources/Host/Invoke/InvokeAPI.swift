// The Lambda Invoke API: reads a request, hands it to the function, words the answer.

internal import NIOCore
internal import NIOHTTP1

/// Where invocations go.
protocol InvocationTarget: AnyObject {
    /// The pool of a function by logical id or name.
    func pool(named name: String) -> FunctionPool?
    /// The ARN that a function has here.
    func arn(function: String) -> String
}

/// Answers `POST /2015-03-31/functions/{name}/invocations` and
/// `POST /2021-11-15/functions/{name}/response-streaming-invocations`. Confined to the host's event loop.
final class InvokeAPI: BufferedResponder {
    private weak var target: (any InvocationTarget)?

    init(target: any InvocationTarget) { self.target = target }

    let maximumBodySize = PayloadLimit.synchronous

    func bodyTooLarge(head: HTTPRequestHead) -> BufferedResponse {
        InvokeError.requestTooLarge(limit: PayloadLimit.synchronous).response(requestID: RequestIdentifier.make())
    }

    func respond(to request: BufferedRequest, exchange: BufferedExchange) {
        let requestID = RequestIdentifier.make()
        do throws(InvokeError) {
            try invoke(request, requestID: requestID, exchange: exchange)
        } catch {
            exchange.respond(error.response(requestID: requestID))
        }
    }

    private func invoke(
        _ request: BufferedRequest,
        requestID: String,
        exchange: BufferedExchange
    ) throws(InvokeError) {
        // Every page that a browser on this machine shows can send here, also by a name that it has pointed at the
        // machine; what a browser sends by POST says so, and no SDK or command line does (Fetch standard, `Origin`).
        guard !request.head.headers.contains(name: "origin") else {
            throw .accessDenied("functions are not invoked by web pages: this request has the field 'Origin'")
        }
        let (operation, reference) = try InvokeOperation.read(request)
        guard let target else { throw .serviceUnavailable("the host is stopping") }
        var arn = target.arn(function: reference.name)
        guard let pool = target.pool(named: reference.name) else { throw .functionNotFound(arn: arn) }
        if let qualifier = reference.qualifier { arn += ":" + qualifier }
        let parameters = try InvokeRequest(request, operation: operation)
        let headers = [
            (name: "x-amzn-RequestId", value: requestID), (name: "X-Amzn-Trace-Id", value: parameters.traceID),
            (name: "X-Amz-Executed-Version", value: "$LATEST"),
        ]
        if parameters.type == .dryRun {
            return exchange.respond(BufferedResponse(status: .noContent, headers: headers))
        }

        let stream: EventStreamAnswer? =
            switch operation {
            case .invoke: nil
            case .invokeWithResponseStream: EventStreamAnswer(exchange: exchange, headers: headers)
            }
        let log = parameters.wantsLog ? RequestedLog() : nil
        let isEvent = parameters.type == .event
        let invocation = Invocation(
            requestID: requestID,
            kind: isEvent ? .asynchronous : .synchronous,
            payload: parameters.payload,
            traceID: parameters.traceID,
            functionARN: arn,
            clientContext: parameters.clientContext,
            tenantID: parameters.tenantID,
            stream: stream,
            requestedLog: log
        ) { [weak pool] outcome in
            switch (outcome, stream) {
            case (.refused(let error), _):
                pool?.noteRefusal(error)
                exchange.respond(error.response(requestID: requestID))
            case _ where isEvent: break
            case (.payload(let body), let stream?): stream.end(rest: body, logResult: log?.result)
            case (.functionError(let body), let stream?): stream.end(error: body, logResult: log?.result)
            case (.streamed, let stream?): stream.end(logResult: log?.result)
            case (.payload(let body), nil): exchange.respond(Self.answer(headers, log: log, body: body))
            case (.functionError(let body), nil):
                let headers = headers + [(name: "X-Amz-Function-Error", value: "Unhandled")]
                exchange.respond(Self.answer(headers, log: log, body: body))
            case (.streamed, nil): preconditionFailure("who takes no stream gets no streamed response")
            }
        }
        pool.invoke(invocation)
        // Where the queue is full the request has been answered already, and this goes nowhere.
        if isEvent { exchange.respond(BufferedResponse(status: .accepted, headers: headers)) }
    }

    private static func answer(
        _ headers: [(name: String, value: String)],
        log: RequestedLog?,
        body: ByteBuffer
    ) -> BufferedResponse {
        var headers = headers + [(name: "Content-Type", value: "application/json")]
        if let result = log?.result { headers.append((name: "X-Amz-Log-Result", value: result)) }
        return BufferedResponse(status: .ok, headers: headers, body: body)
    }
}
