// How a function is asked: where it is, and what the request that invokes it looks like.

internal import Manifest
internal import NIOCore

/// One function at its endpoint.
struct FunctionInvoker: Sendable {
    /// What came of an invocation.
    enum Outcome: Sendable {
        /// What the function has returned.
        case result(ByteBuffer)
        /// The function has failed; the content says how.
        case functionError(ByteBuffer)
        /// The endpoint does not invoke it: a status of the Invoke API.
        case refused(Int)
        /// There was no answer.
        case failed(ExchangeStateMachine.Failure)
    }

    /// The path at the Runtime Interface Emulator, which has one function.
    private static let emulatorPath = "/2015-03-31/functions/function/invocations"

    let slot: EndpointSlot
    /// The request up to its Content-Length.
    private let requestHead: [UInt8]

    /// - Parameters:
    ///   - slot: where the function is.
    ///   - name: the name that the Invoke API knows it by.
    init(slot: EndpointSlot, name: String) {
        self.slot = slot
        let endpoint = slot.endpoint
        let escaped = ByteWriter(capacity: name.utf8.count)
        escaped.write(pathValue: Array(name.utf8), keepsSlashes: false)
        let segment = String(decoding: escaped.bytes, as: UTF8.self)
        let path =
            endpoint.basePath
            + (endpoint.wire == .rie ? Self.emulatorPath : "/2015-03-31/functions/\(segment)/invocations")
        requestHead = Array(
            "POST \(path) HTTP/1.1\r\nHost: \(endpoint.hostField)\r\nContent-Type: application/json\r\n".utf8
        )
    }

    /// Writes the whole request of an invocation.
    ///
    /// - Parameters:
    ///   - event: the JSON text of the event.
    ///   - fields: further field lines, each with its end.
    ///   - writer: where to write.
    @inline(__always)
    func write(event: UnsafeRawBufferPointer, fields: [UInt8] = [], to writer: ByteWriter) {
        writer.write(requestHead)
        writer.write(fields)
        writer.write("Content-Length: ")
        writer.write(decimal: event.count)
        writer.write("\r\n\r\n")
        writer.write(event)
    }

    /// Invokes the function for the gateway itself, as for an authorizer.
    ///
    /// - Parameters:
    ///   - event: the JSON text of the event.
    ///   - timeout: how long the function may take.
    ///   - loop: the event loop, which this must be called on.
    /// - Returns: the outcome, on the event loop; never fails.
    func invoke(event: UnsafeRawBufferPointer, timeout: TimeAmount, on loop: ServerLoop) -> EventLoopFuture<Outcome> {
        let writer = ByteWriter(capacity: event.count + 256)
        write(event: event, to: writer)
        let request = UpstreamCall.Request(
            slot: slot,
            bytes: writer.makeBuffer(ByteBufferAllocator()),
            timeout: timeout
        )
        return UpstreamCall.send(request, on: loop)
            .map { [self] reply in outcome(reply.head, reply.content) }
            .recover { error in .failed((error as? UpstreamCallError)?.failure ?? .closed) }
    }

    /// What an answer of the endpoint says.
    func outcome(_ head: ResponseHead, _ content: ByteBuffer) -> Outcome {
        let isEmulator = slot.endpoint.wire == .rie
        switch head.status {
        case 200: break
        // The emulator has no other status for a function that is busy.
        case 400 where isEmulator: return .refused(429)
        default: return .refused(head.status)
        }
        if head.fields.contains(.xAmzFunctionError) { return .functionError(content) }
        guard isEmulator else { return .result(content) }
        return content.withUnsafeReadableBytes { text in
            if EmulatorReply.isTimeout(text) { return .failed(.timeout) }
            return EmulatorReply.isError(text) ? .functionError(content) : .result(content)
        }
    }
}
