// What a caller says about an invocation in header fields and body.

internal import NIOCore
internal import NIOHTTP1

/// The parameters of an invocation (Lambda API reference, "Invoke").
struct InvokeRequest {
    enum InvocationType: String {
        case requestResponse = "RequestResponse"
        case event = "Event"
        case dryRun = "DryRun"
    }

    /// Lambda's limit of a client context in base64.
    private static let maximumClientContext = 3583
    /// Lambda's limit of a tenant id.
    private static let maximumTenantID = 256

    let type: InvocationType
    /// The client context as JSON.
    let clientContext: String?
    let tenantID: String?
    let traceID: String
    /// Whether the caller wants the end of the log with the answer; who does not wait for one gets none.
    let wantsLog: Bool
    let payload: ByteBuffer

    /// - Throws: `InvokeError` for what Lambda would not take.
    init(_ request: BufferedRequest, operation: InvokeOperation) throws(InvokeError) {
        let headers = request.head.headers
        type = try Self.invocationType(headers, operation: operation)
        clientContext = try Self.clientContext(headers)
        tenantID = try Self.tenantID(headers)
        traceID = headers.first(name: "x-amzn-trace-id") ?? RequestIdentifier.makeTrace()
        wantsLog = try Self.logType(headers) == .tail && type == .requestResponse
        payload = try Self.payload(request.body, type: type)
    }

    private enum LogType: String {
        case none = "None"
        case tail = "Tail"
    }

    private static func logType(_ headers: HTTPHeaders) throws(InvokeError) -> LogType {
        guard let text = headers.first(name: "x-amz-log-type") else { return .none }
        guard let type = LogType(rawValue: text) else {
            throw .invalidParameter("the log type '\(text)' is neither None nor Tail")
        }
        return type
    }

    private static func invocationType(
        _ headers: HTTPHeaders,
        operation: InvokeOperation
    ) throws(InvokeError) -> InvocationType {
        guard let text = headers.first(name: "x-amz-invocation-type") else { return .requestResponse }
        switch (InvocationType(rawValue: text), operation) {
        case (.event, .invokeWithResponseStream):
            throw .invalidParameter("a response cannot be streamed to a caller that does not wait: 'Event'")
        case (let type?, _): return type
        case (nil, _):
            throw .invalidParameter("the invocation type '\(text)' is none of RequestResponse, Event and DryRun")
        }
    }

    private static func clientContext(_ headers: HTTPHeaders) throws(InvokeError) -> String? {
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

    private static func tenantID(_ headers: HTTPHeaders) throws(InvokeError) -> String? {
        guard let text = headers.first(name: "x-amz-tenant-id") else { return nil }
        let isValid = text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "@"),
                UInt8(ascii: "_"), UInt8(ascii: " "):
                true
            default: false
            }
        }
        guard isValid, !text.isEmpty, text.utf8.count <= maximumTenantID else {
            throw .invalidParameter(
                "the tenant id '\(text)' is not 1 to \(maximumTenantID) letters, digits, spaces and . _ : / = + - @"
            )
        }
        return text
    }

    private static func payload(_ body: ByteBuffer, type: InvocationType) throws(InvokeError) -> ByteBuffer {
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
