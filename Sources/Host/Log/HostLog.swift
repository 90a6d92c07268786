// The log of a host on standard error: lines of functions and its own, in one format.

package import Logging
internal import NIOConcurrencyHelpers
package import Operations

/// Writes log lines through a sink, so that nobody waits for who reads them.
package final class HostLog: FunctionLog {
    package enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    /// A name of more characters does not widen the column of names.
    private static let maximumNameWidth = 32

    private let format: Format
    private let level: Logger.Level
    private let text: TextLogFormat
    private let sink: LogSink
    private let nameWidth = NIOLockedValueBox(TextLogFormat.host.count)

    /// - Parameters:
    ///   - format: how lines are spelled.
    ///   - level: what lines are written at all; those of functions are `info`, their failures `error`.
    ///   - isColored: whether text is coloured.
    ///   - destination: where lines go.
    /// - Throws: `LogSinkError` where a file cannot be opened.
    package init(
        format: Format,
        level: Logger.Level,
        isColored: Bool,
        destination: LogSink.Destination = .standardError
    ) throws(LogSinkError) {
        self.format = format
        self.level = level
        text = TextLogFormat(isColored: isColored)
        let text = text
        sink = try LogSink(destination) { count in
            let message = "lines of the log were dropped: they came faster than they could be written"
            let metadata = ["lines": "\(count)"]
            return Self.line(format, text, .now(), .warning, message, metadata, nameWidth: TextLogFormat.host.count)
        }
    }

    /// Whether the log is coloured (no-color.org, bixense.com/clicolors).
    ///
    /// - Parameters:
    ///   - environment: the host's own environment.
    ///   - isTerminal: whether the log goes to a terminal.
    /// - Returns: whether to write sequences that choose colours.
    package static func isColored(environment: [String: String], isTerminal: Bool) -> Bool {
        if let refusal = environment["NO_COLOR"], !refusal.isEmpty { return false }
        if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
        return isTerminal && environment["TERM"] != "dumb" && environment["CLICOLOR"] != "0"
    }

    package var isVerbose: Bool { level <= .info }

    /// How many lines were dropped.
    package var droppedLines: Int { sink.droppedLines }

    package func write(_ event: FunctionLogEvent) {
        let nameWidth = format == .text ? width(for: event.function) : 0
        sink.append {
            switch format {
            case .text: text.line(event, nameWidth: nameWidth)
            case .json: JSONLogFormat.line(event)
            }
        }
    }

    /// Writes a line of the host's own.
    func write(_ level: Logger.Level, _ message: String, _ metadata: [String: String]) {
        let nameWidth = width(for: metadata["function"] ?? TextLogFormat.host)
        sink.append { Self.line(format, text, .now(), level, message, metadata, nameWidth: nameWidth) }
    }

    /// The logger of the host's own lines.
    package func logger() -> Logger {
        var handler = HostLogHandler(self)
        handler.logLevel = level
        return Logger(label: TextLogFormat.host) { _ in handler }
    }

    /// Waits until what was written is out, for at most two seconds.
    package func flush() { sink.flush() }

    private func width(for name: String) -> Int {
        let count = min(name.count, Self.maximumNameWidth)
        return nameWidth.withLockedValue { width in
            width = max(width, count)
            return width
        }
    }

    private static func line(
        _ format: Format,
        _ text: TextLogFormat,
        _ time: Timestamp,
        _ level: Logger.Level,
        _ message: String,
        _ metadata: [String: String],
        nameWidth: Int
    ) -> String {
        if format == .json {
            return JSONLogFormat.line(time: time, level: "\(level)", message: message, metadata: metadata)
        }
        let pairs = metadata.filter { $0.key != "function" }.sorted { $0.key < $1.key }
        let emphasis: TextLogFormat.Emphasis =
            switch level {
            case .trace, .debug, .info, .notice: .none
            case .warning: .warning
            case .error, .critical: .error
            }
        return text.line(
            time: time,
            name: metadata["function"] ?? TextLogFormat.host,
            requestID: nil,
            kind: .host("\(level)"),
            text: message + pairs.map { " \($0.key)=\(LogText.value($0.value))" }.joined(),
            emphasis: emphasis,
            nameWidth: nameWidth
        )
    }
}

/// swift-log's way into the host's log.
private struct HostLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    private let log: HostLog

    init(_ log: HostLog) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        log.write(event.level, "\(event.message)", all.mapValues { "\($0)" })
    }
}
