// Log lines for people: time, function, request, kind, text, in columns and perhaps in colour.

internal import Operations

/// Spells lines as `time function request kind text`.
struct TextLogFormat: Sendable {
    /// What stands in the column of the function for the host itself.
    static let host = "samovar-host"

    let isColored: Bool

    /// What kind of line it is.
    enum Kind: Sendable {
        /// Of the function.
        case output(String)
        /// Of Lambda.
        case platform
        /// Of the host, with its level.
        case host(String)

        fileprivate var name: String {
            switch self {
            case .output(let stream): stream
            case .platform: "lambda"
            case .host(let level): level
            }
        }
    }

    /// How a line is shown.
    enum Emphasis: Sendable {
        case none, dim, warning, error

        fileprivate var code: String? {
            switch self {
            case .none: nil
            case .dim: "2"
            case .warning: "33"
            case .error: "31"
            }
        }
    }

    /// A line of a function or of Lambda.
    func line(_ event: FunctionLogEvent, nameWidth: Int) -> String {
        let kind: Kind
        let emphasis: Emphasis
        switch event.content {
        case .output(let stream, _): (kind, emphasis) = (.output(stream.rawValue), .none)
        case .fault: (kind, emphasis) = (.platform, .error)
        case .initReport: (kind, emphasis) = (.platform, .error)
        case .report(let report):
            (kind, emphasis) = (.platform, report.status == .success || report.status == .functionError ? .dim : .error)
        case .initStart, .start, .end: (kind, emphasis) = (.platform, .dim)
        }
        return line(
            time: event.time,
            name: event.function,
            requestID: event.requestID,
            kind: kind,
            text: event.line,
            emphasis: emphasis,
            nameWidth: nameWidth
        )
    }

    /// A line.
    ///
    /// - Parameters:
    ///   - time: when it was written.
    ///   - name: whose it is.
    ///   - requestID: the request; its first eight characters are shown.
    ///   - kind: what it is.
    ///   - text: what it says; anything.
    ///   - emphasis: how it is shown in colour.
    ///   - nameWidth: how wide the column of names is.
    /// - Returns: the line without its end.
    func line(
        time: Timestamp,
        name: String,
        requestID: String?,
        kind: Kind,
        text: String,
        emphasis: Emphasis,
        nameWidth: Int
    ) -> String {
        let name = TerminalText.harmless(name, keepsColors: false)
        let request = requestID.map { String($0.prefix(8)) } ?? "-"
        let words = TerminalText.harmless(text, keepsColors: isColored)
        let columns = [painted(time.text, "2"), painted(Self.padded(name, to: nameWidth), Self.color(of: name))]
        let rest = "\(Self.padded(request, to: 8)) \(Self.padded(kind.name, to: 7)) "
        guard emphasis != .none else { return "\(columns.joined(separator: " ")) \(painted(rest, "2"))\(words)" }
        return "\(columns.joined(separator: " ")) \(painted(rest + words, emphasis.code))"
    }

    private func painted(_ text: String, _ code: String?) -> String {
        guard isColored, let code else { return text }
        return "\u{1B}[\(code)m\(text)\(TerminalText.reset)"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The colour of a name, always the same one; none that says that something is wrong.
    static func color(of name: String) -> String {
        if name == host { return "1" }
        let colors = ["32", "34", "35", "36", "92", "94", "96"]
        // FNV-1a: the hashes of the standard library differ from run to run.
        let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return colors[Int(hash) % colors.count]
    }
}
