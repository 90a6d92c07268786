// The counters in Prometheus' text format (version 0.0.4).

/// Renders the counters of the process.
struct MetricsExposition {
    let totals: LoopMetrics
    let labels: [MetricsRegistry.Label]
    let reload: Reloader.Status
    let droppedLogLines: Int

    /// The whole page.
    var text: String {
        var page = ""
        requests(to: &page)
        durations(to: &page)
        family("gateway_response_bytes_total", "counter", "Bytes of content in responses.", to: &page) { lines in
            for (label, metrics) in routes {
                lines.append("gateway_response_bytes_total{\(label)} \(metrics.responseBytes)")
            }
        }
        family("gateway_local_replies_total", "counter", "Responses of the gateway's own, by reason.", to: &page) {
            lines in
            for (detail, count) in totals.localReplies.sorted(by: { $0.key < $1.key }) {
                lines.append("gateway_local_replies_total{detail=\"\(Self.escape(detail))\"} \(count)")
            }
        }
        simple("gateway_connections", "gauge", "Clients that are connected.", totals.openConnections, to: &page)
        simple(
            "gateway_connections_total",
            "counter",
            "Clients that were accepted.",
            totals.acceptedConnections,
            to: &page
        )
        simple(
            "gateway_malformed_requests_total",
            "counter",
            "Bytes that were no request.",
            totals.malformedRequests,
            to: &page
        )
        simple(
            "gateway_upstream_connections_total",
            "counter",
            "Connections to endpoints.",
            totals.upstreamConnections,
            to: &page
        )
        simple(
            "gateway_upstream_connect_failures_total",
            "counter",
            "Connections to endpoints that failed.",
            totals.upstreamFailures,
            to: &page
        )
        simple("gateway_upstream_retries_total", "counter", "Requests that were sent again.", totals.retries, to: &page)
        simple(
            "gateway_reload_success",
            "gauge",
            "Whether the newest manifest is the one that serves.",
            reload.problem == nil ? 1 : 0,
            to: &page
        )
        simple("gateway_reloads_total", "counter", "Manifests that were loaded.", reload.successes, to: &page)
        simple("gateway_reload_failures_total", "counter", "Manifests that were refused.", reload.failures, to: &page)
        simple(
            "gateway_reload_success_timestamp_seconds",
            "gauge",
            "When a manifest was last loaded.",
            reload.lastSuccess.seconds,
            to: &page
        )
        simple(
            "gateway_log_dropped_lines_total",
            "counter",
            "Log lines that could not be written.",
            droppedLogLines,
            to: &page
        )
        return page
    }

    /// The counters of routes that have been met, with their labels.
    private var routes: [(label: String, metrics: RouteMetrics)] {
        zip(labels, totals.routes).compactMap { label, metrics in
            guard metrics.byClass.contains(where: { $0 > 0 }) else { return nil }
            return ("api=\"\(Self.escape(label.api))\",route=\"\(Self.escape(label.route))\"", metrics)
        }
    }

    private func requests(to page: inout String) {
        family("gateway_requests_total", "counter", "Requests by route and class of status.", to: &page) { lines in
            for (label, metrics) in routes {
                for (index, count) in metrics.byClass.enumerated() where count > 0 {
                    let name = index == 0 ? "none" : "\(index)xx"
                    lines.append("gateway_requests_total{\(label),status=\"\(name)\"} \(count)")
                }
            }
        }
    }

    private func durations(to page: inout String) {
        family("gateway_request_seconds", "histogram", "Time from a request's head to its response.", to: &page) {
            lines in
            for (label, metrics) in routes {
                var count: UInt64 = 0
                for (index, bucket) in metrics.buckets.enumerated() {
                    count += bucket
                    let limits = RouteMetrics.bucketLimits
                    let end = index < limits.count ? Self.seconds(limits[index]) : "+Inf"
                    lines.append("gateway_request_seconds_bucket{\(label),le=\"\(end)\"} \(count)")
                }
                lines.append("gateway_request_seconds_sum{\(label)} \(Self.seconds(metrics.nanoseconds))")
                lines.append("gateway_request_seconds_count{\(label)} \(count)")
            }
        }
    }

    private func simple(
        _ name: String,
        _ type: String,
        _ help: String,
        _ value: some BinaryInteger,
        to page: inout String
    ) {
        family(name, type, help, to: &page) { $0.append("\(name) \(value)") }
    }

    private func family(
        _ name: String,
        _ type: String,
        _ help: String,
        to page: inout String,
        _ body: (inout [String]) -> Void
    ) {
        var lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
        body(&lines)
        page += lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ nanoseconds: UInt64) -> String { "\(Double(nanoseconds) / 1_000_000_000)" }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
    }
}
