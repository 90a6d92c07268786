// Counts every exchange.

internal import JSON
internal import NIOCore

/// Adds each finished exchange to the counters of its route: responses by class of status, durations, bytes.
struct MetricsPlugin: CompletionPlugin {
    static let name = "metrics"
    private var isEnabled = true

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        isEnabled = try settings.object { (object) throws(JSONShapeError) in
            try object.optional("enabled")?.boolean() ?? true
        }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? { isEnabled ? self : nil }

    func exchangeCompleted(_ exchange: Exchange) {
        let duration = NIODeadline.now() - exchange.start
        exchange.loop.metrics.record(
            exchange.route?.metrics ?? exchange.api.unmatchedMetrics,
            status: exchange.status,
            nanoseconds: UInt64(max(0, duration.nanoseconds)),
            responseBytes: exchange.responseBytes,
            detail: exchange.detail
        )
    }
}
