// The program's own log through a sink.

package import Logging
internal import Operations

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
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(LogText.value("\($0.value)"))" }
        var line = "\(WallTime.now().timestamp) \(event.level) samovar-proxy: \(event.message)\(pairs.joined())"
        line.withUTF8 { sink.write(UnsafeRawBufferPointer($0)) }
    }
}
