// The log of a request for the caller who has asked for it.

/// Where the end of a request's log is put (Lambda API reference, "Invoke", `LogType`). Confined to the host's event
/// loop.
final class RequestedLog {
    /// The last 4096 bytes of the request's lines in base64, once it has ended.
    var result: String?
}
