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

    let slot: EndpointSlot
    /// The request up to the number of its Content-Length.
    private let requestHead: [UInt8]

    /// - Parameters:
    ///   - slot: where the function is.
    ///   - name: the name that the Invoke API knows it by.
    init(slot: EndpointSlot, name: String) {
        self.slot = slot
        let endpoint = slot.endpoint
        let escaped = name.utf8.reduce(into: "") { text, byte in
            let isUnreserved = byte.isDigit || (byte | 0x20) &- 97 < 26 || "-_.~:$".utf8.contains(byte)
            text += isUnreserved ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        let path = "\(endpoint.basePath)/2015-03-31/functions/\(escaped)/invocations"
        requestHead = Array(
            "POST \(path) HTTP/1.1\r\nHost: \(endpoint.authority)\r\nContent-Type: application/json\r\nContent-Length: "
                .utf8
        )
    }

    /// Writes the whole request of an invocation.
    @inline(__always)
    func write(event: UnsafeRawBufferPointer, to writer: ByteWriter) {
        writer.write(requestHead)
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
            .map { reply in
                guard reply.head.status == 200 else { return .refused(reply.head.status) }
                return reply.head.fields.contains(.xAmzFunctionError)
                    ? .functionError(reply.content) : .result(reply.content)
            }
            .recover { error in .failed((error as? UpstreamCallError)?.failure ?? .closed) }
    }
}
