// A request whose body is taken as it comes, for bodies that have no end in sight.

internal import NIOCore
internal import NIOHTTP1

/// Takes the body of one request part by part. Confined to the event loop of its connection.
protocol BodyReceiver: AnyObject {
    func receive(_ part: ByteBuffer)

    /// The body is complete.
    func end(trailers: HTTPHeaders)

    /// The client has gone before the end.
    func abandon()
}

/// A responder that takes some bodies part by part.
protocol StreamingResponder: BufferedResponder {
    /// Whether the body of this request is taken part by part.
    func streams(_ head: HTTPRequestHead) -> Bool

    /// Begins with such a request.
    ///
    /// - Returns: who takes the body; nil where the exchange has been answered already.
    func receiver(for head: HTTPRequestHead, exchange: BufferedExchange) -> (any BodyReceiver)?
}
