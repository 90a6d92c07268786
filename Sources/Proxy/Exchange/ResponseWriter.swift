// A response as bytes for the client.

internal import NIOCore

/// Writes heads of responses.
enum ResponseWriter {
    /// How the client learns where the content ends.
    enum Framing { case length(Int), chunked, untilClose, none }

    /// Writes a status line, the fields and the empty line.
    ///
    /// - Parameters:
    ///   - head: the response, without framing, `Date` and `Connection`, which are written here.
    ///   - framing: how the content ends.
    ///   - keepsAlive: whether the connection goes on.
    ///   - date: the `Date` of the response, unless it brings its own.
    ///   - writer: where to write.
    static func write(
        _ head: ResponseHead,
        framing: Framing,
        keepsAlive: Bool,
        date: [UInt8],
        to writer: ByteWriter
    ) {
        writer.write("HTTP/1.1 ")
        writer.write(decimal: head.status)
        writer.write(UInt8(ascii: " "))
        writer.write(reason(head.status))
        writer.write("\r\n")
        var hasDate = false
        head.fields.forEach { known, name, value in
            if known == .date { hasDate = true }
            writer.write(name)
            writer.write(": ")
            writer.write(value)
            writer.write("\r\n")
        }
        if !hasDate {
            writer.write("Date: ")
            writer.write(date)
            writer.write("\r\n")
        }
        switch framing {
        case .length(let length):
            writer.write("Content-Length: ")
            writer.write(decimal: length)
            writer.write("\r\n")
        case .chunked: writer.write("Transfer-Encoding: chunked\r\n")
        case .untilClose, .none: break
        }
        writer.write(keepsAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n")
    }

    /// The phrase of a status (RFC 9110 section 15, and the registry of IANA).
    static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 207: "Multi-Status"
        case 208: "Already Reported"
        case 226: "IM Used"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 424: "Failed Dependency"
        case 425: "Too Early"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        case 508: "Loop Detected"
        case 511: "Network Authentication Required"
        default: "Status"
        }
    }
}
