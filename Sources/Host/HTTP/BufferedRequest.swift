// A whole HTTP request as the two APIs of the host see it, and the answer to one.

package import NIOCore
package import NIOHTTP1

/// A request with its whole body.
package struct BufferedRequest: Sendable {
    package let head: HTTPRequestHead
    package let body: ByteBuffer

    package init(head: HTTPRequestHead, body: ByteBuffer) {
        self.head = head
        self.body = body
    }

    /// The target before `?`, as it was sent.
    package var path: Substring { head.uri.prefix { $0 != "?" } }

    /// The target after `?`, as it was sent.
    package var query: Substring { head.uri.dropFirst(path.count).dropFirst() }
}

/// An answer with its whole body.
package struct BufferedResponse: Sendable {
    package var status: HTTPResponseStatus
    package var headers: [(name: String, value: String)]
    package var body: ByteBuffer?

    package init(status: HTTPResponseStatus, headers: [(name: String, value: String)] = [], body: ByteBuffer? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer whose body is JSON.
    package init(status: HTTPResponseStatus, headers: [(name: String, value: String)] = [], json: String) {
        self.init(
            status: status,
            headers: [("Content-Type", "application/json")] + headers,
            body: ByteBuffer(string: json)
        )
    }
}

/// What answers requests on one event loop.
package protocol BufferedResponder: AnyObject {
    /// How long a body may be, in bytes.
    var maximumBodySize: Int { get }

    /// Answers a request now or later, once.
    func respond(to request: BufferedRequest, exchange: BufferedExchange)

    /// The answer to a body that is too long.
    func bodyTooLarge(head: HTTPRequestHead) -> BufferedResponse
}
