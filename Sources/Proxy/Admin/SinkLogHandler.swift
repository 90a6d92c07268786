// The program's own log through a sink.

package import Logging

/// Writes log records of the program itself as lines `time level program: message key=value…`.
package struct SinkLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    private let sink: LogSink

    init(_ sink: LogSink) { self.sink = sink }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.escape("\($0.value)"))" }
        var line = "\(WallTime.now().timestamp) \(event.level) samovar-proxy: \(event.message)\(pairs.joined())"
        line.withUTF8 { sink.write(UnsafeRawBufferPointer($0)) }
    }

    /// Values come from outside: no control character of theirs may end the line or reach a terminal.
    private static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || $0 == " " || $0 == "\"" }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "\"") { line, scalar in
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case _ where isControl(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        } + "\""
    }

    /// Whether a scalar is a control or ends a line.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: true
        default: false
        }
    }
}
