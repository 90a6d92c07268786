// The program's own log through a sink.

internal import JSON
package import Logging
internal import Operations

/// Writes log records of the program itself as samovar-host does: `time program - level message key=value…`, or objects.
package struct SinkLogHandler: LogHandler {
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]
    private let sink: LogSink
    private let format: LogFormat

    init(_ sink: LogSink, format: LogFormat) {
        self.sink = sink
        self.format = format
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let values = all.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
        let time = WallTime.now().timestamp
        var line: String
        switch format {
        case .text:
            let level = "\(event.level)"
            let column = level + String(repeating: " ", count: max(0, 7 - level.count))
            let pairs = values.map { " \($0.key)=\(LogText.value($0.value))" }
            line = "\(time) samovar-proxy -        \(column) \(event.message)\(pairs.joined())"
        case .json:
            var members: [(String, JSONValue)] = [
                ("time", .string(time)), ("level", .string("\(event.level)")), ("type", "proxy"),
                ("message", .string("\(event.message)")),
            ]
            if !values.isEmpty {
                members.append(("metadata", .object(JSONObject(values.map { ($0.key, .string($0.value)) }))))
            }
            line = JSONValue.object(JSONObject(members)).compactText
        }
        line.withUTF8 { sink.write(UnsafeRawBufferPointer($0)) }
    }
}
