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

/// Answers `POST /2015-03-31/functions/{name}/invocations`. Confined to the host's event loop.
final class InvokeAPI: BufferedResponder {
    private static let prefix = "/2015-03-31/functions/"
    private static let suffix = "/invocations"
    /// Lambda's limit of a client context in base64.
    private static let maximumClientContext = 3583

    private enum InvocationType: String {
        case requestResponse = "RequestResponse"
        case event = "Event"
        case dryRun = "DryRun"
    }

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
        let reference = try reference(request)
        guard let target else { throw .serviceUnavailable("the host is stopping") }
        let arn = target.arn(function: reference.name)
        guard let pool = target.pool(named: reference.name) else { throw .functionNotFound(arn: arn) }
        let type = try invocationType(request.head.headers)
        let clientContext = try clientContext(request.head.headers)
        let payload = try payload(request.body, type: type)
        if type == .dryRun { return exchange.respond(Self.answer(.noContent, requestID: requestID)) }

        let trace = request.head.headers.first(name: "x-amzn-trace-id")
        let invocation = Invocation(
            requestID: requestID,
            kind: type == .event ? .asynchronous : .synchronous,
            payload: payload,
            traceID: trace ?? RequestIdentifier.makeTrace(),
            functionARN: arn,
            clientContext: clientContext
        ) { outcome in
            switch (type, outcome) {
            case (.event, .refused(let error)): exchange.respond(error.response(requestID: requestID))
            case (.event, _): break
            case (_, .payload(let body)): exchange.respond(Self.answer(.ok, requestID: requestID, body: body))
            case (_, .functionError(let body)):
                var answer = Self.answer(.ok, requestID: requestID, body: body)
                answer.headers.append((name: "X-Amz-Function-Error", value: "Unhandled"))
                exchange.respond(answer)
            case (_, .refused(let error)): exchange.respond(error.response(requestID: requestID))
            }
        }
        pool.invoke(invocation)
        // Where the queue is full the request has been answered already, and this goes nowhere.
        if type == .event { exchange.respond(Self.answer(.accepted, requestID: requestID)) }
    }

    private static func answer(
        _ status: HTTPResponseStatus,
        requestID: String,
        body: ByteBuffer? = nil
    ) -> BufferedResponse {
        var headers = [
            (name: "x-amzn-RequestId", value: requestID),
            (name: "X-Amz-Executed-Version", value: "$LATEST"),
        ]
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        return BufferedResponse(status: status, headers: headers, body: body)
    }

    private func reference(_ request: BufferedRequest) throws(InvokeError) -> FunctionReference {
        let path = request.path
        guard path.hasPrefix(Self.prefix), path.hasSuffix(Self.suffix),
            path.utf8.count > Self.prefix.utf8.count + Self.suffix.utf8.count
        else {
            throw .unknownOperation("'\(path)' is not '\(Self.prefix){function}\(Self.suffix)'")
        }
        guard request.head.method == .POST else {
            throw .methodNotAllowed("functions are invoked with POST, not \(request.head.method.rawValue)")
        }
        let encoded = path.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
        guard let name = PercentEncoding.decode(encoded), let reference = FunctionReference(name) else {
            throw .invalidParameter("'\(encoded)' is no name or ARN of a function")
        }
        return reference
    }

    private func invocationType(_ headers: HTTPHeaders) throws(InvokeError) -> InvocationType {
        guard let text = headers.first(name: "x-amz-invocation-type") else { return .requestResponse }
        guard let type = InvocationType(rawValue: text) else {
            throw .invalidParameter("the invocation type '\(text)' is none of RequestResponse, Event and DryRun")
        }
        return type
    }

    private func clientContext(_ headers: HTTPHeaders) throws(InvokeError) -> String? {
        guard let encoded = headers.first(name: "x-amz-client-context"), !encoded.isEmpty else { return nil }
        guard encoded.utf8.count <= Self.maximumClientContext, let bytes = Base64.decode(encoded),
            bytes.withUnsafeBytes(JSONCheck.isJSON)
        else {
            throw .invalidRequestContent(
                "the client context is not base64 of at most \(Self.maximumClientContext) bytes that holds JSON"
            )
        }
        // It travels on as the value of a header; within JSON, line breaks are nothing but white space.
        return String(decoding: bytes.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }

    private func payload(_ body: ByteBuffer, type: InvocationType) throws(InvokeError) -> ByteBuffer {
        guard body.readableBytes > 0 else { return ByteBuffer(staticString: "{}") }
        if type == .event && body.readableBytes > PayloadLimit.asynchronous {
            throw .requestTooLarge(limit: PayloadLimit.asynchronous)
        }
        guard body.withUnsafeReadableBytes(JSONCheck.isJSON) else {
            throw .invalidRequestContent("Could not parse request body into json: the body is not a JSON text in UTF-8")
        }
        return body
    }
}
