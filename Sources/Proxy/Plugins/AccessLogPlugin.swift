// A line a request.

internal import JSON
internal import Manifest
internal import NIOCore
internal import Operations

/// Writes a line for each finished exchange: JSON or columns of its own, a format with `$context` variables, or the one that the
/// template has for the API.
struct AccessLogPlugin: CompletionPlugin {
    static let name = "accessLog"

    private let sink: LogSink?
    private var format: AccessLogFormat
    /// Whether each API has its own format.
    private let isOfAPI: Bool

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        (sink, format, isOfAPI) = try settings.object { (object) throws(JSONShapeError) in
            let destination = object.optional("destination")
            let format = object.optional("format")
            let text = try format?.string() ?? services.logFormat?.rawValue ?? "json"
            let isText = text == "text" || text == "api" && services.logFormat == .text
            var parsed = isText ? AccessLogFormat.text : .json
            if let format, !["json", "text", "api"].contains(text) {
                do throws(AccessLogFormat.Failure) { parsed = try AccessLogFormat(text) } catch {
                    throw format.error(error.description)
                }
            }
            return (try Self.sink(destination, services.logs), parsed, text == "api")
        }
    }

    private static func sink(_ destination: JSONReader?, _ logs: LogSinks) throws(JSONShapeError) -> LogSink? {
        let text = try destination?.string() ?? "stdout"
        do throws(LogSinkError) {
            switch text {
            case "off": return nil
            case "stdout": return try logs.sink(.standardOutput)
            case "stderr": return try logs.sink(.standardError)
            default: return try logs.sink(.file(text))
            }
        } catch {
            throw destination?.error(error.description) ?? JSONShapeError(pointer: "", message: error.description)
        }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard sink != nil else { return nil }
        var copy = self
        if isOfAPI, let text = scope.api.accessLogFormat { copy.format = AccessLogFormat(template: text) }
        return copy
    }

    func exchangeCompleted(_ exchange: Exchange) {
        guard let sink else { return }
        let writer = exchange.loop.scratch
        writer.reset()
        format.write(exchange, to: writer)
        sink.write(writer.bytes)
    }
}
