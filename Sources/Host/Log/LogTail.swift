// The end of what a request has logged, for callers who ask for it.

/// The last bytes of a request's lines (Lambda API reference, "Invoke", `LogResult`).
struct LogTail {
    /// How many bytes callers get.
    static let limit = 4096

    private var bytes: [UInt8] = []

    mutating func append(_ line: String) {
        bytes += line.utf8
        bytes.append(UInt8(ascii: "\n"))
        // Not at each line: that would move everything each time.
        if bytes.count > 4 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// The value of `X-Amz-Log-Result`.
    var base64: String { Base64.encode(bytes.suffix(Self.limit)) }
}
