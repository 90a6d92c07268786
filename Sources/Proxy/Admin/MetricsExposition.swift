// What the proxy counts, as a page of metrics.

internal import Operations

/// Renders the counters of the process.
struct MetricsExposition {
    let totals: LoopMetrics
    let labels: [MetricsRegistry.Label]
    let reload: Reloader.Status
    let droppedLogLines: Int

    /// The whole page.
    var text: String {
        var page = MetricsPage()
        addRoutes(to: &page)
        page.add("gateway_local_replies_total", .counter, "Responses of the gateway's own, by reason.") { family in
            for (detail, count) in totals.localReplies.sorted(by: { $0.key < $1.key }) {
                family.add(MetricsPage.label("detail", detail), count)
            }
        }
        page.add("gateway_connections", .gauge, "Clients that are connected.", totals.openConnections)
        page.add("gateway_connections_total", .counter, "Clients that were accepted.", totals.acceptedConnections)
        page.add(
            "gateway_malformed_requests_total",
            .counter,
            "Bytes that were no request.",
            totals.malformedRequests
        )
        addUpstreams(to: &page)
        addReloads(to: &page)
        page.add("gateway_log_dropped_lines_total", .counter, "Log lines that could not be written.", droppedLogLines)
        return page.text
    }

    private func addUpstreams(to page: inout MetricsPage) {
        page.add(
            "gateway_upstream_connections_total",
            .counter,
            "Connections to endpoints.",
            totals.upstreamConnections
        )
        page.add(
            "gateway_upstream_connect_failures_total",
            .counter,
            "Connections to endpoints that failed.",
            totals.upstreamFailures
        )
        page.add("gateway_upstream_retries_total", .counter, "Requests that were sent again.", totals.retries)
    }

    private func addReloads(to page: inout MetricsPage) {
        page.add(
            "gateway_reload_success",
            .gauge,
            "Whether the newest manifest is the one that serves.",
            reload.problem == nil ? 1 : 0
        )
        page.add("gateway_reloads_total", .counter, "Manifests that were loaded.", reload.successes)
        page.add("gateway_reload_failures_total", .counter, "Manifests that were refused.", reload.failures)
        page.add(
            "gateway_reload_success_timestamp_seconds",
            .gauge,
            "When a manifest was last loaded.",
            reload.lastSuccess.seconds
        )
    }

    private func addRoutes(to page: inout MetricsPage) {
        let routes = routes
        page.add("gateway_requests_total", .counter, "Requests by route and class of status.") { family in
            for (label, metrics) in routes {
                for (index, count) in metrics.byClass.enumerated() where count > 0 {
                    family.add("\(label),status=\"\(index == 0 ? "none" : "\(index)xx")\"", count)
                }
            }
        }
        page.add("gateway_request_seconds", .histogram, "Time from a request's head to its response.") { family in
            for (label, metrics) in routes {
                family.addHistogram(
                    label,
                    limits: RouteMetrics.bucketLimits,
                    buckets: metrics.buckets,
                    total: metrics.nanoseconds
                )
            }
        }
        page.add("gateway_response_bytes_total", .counter, "Bytes of content in responses.") { family in
            for (label, metrics) in routes { family.add(label, metrics.responseBytes) }
        }
    }

    /// The counters of routes that have been met, with their labels.
    private var routes: [(label: String, metrics: RouteMetrics)] {
        zip(labels, totals.routes).compactMap { label, metrics in
            guard metrics.byClass.contains(where: { $0 > 0 }) else { return nil }
            return ("\(MetricsPage.label("api", label.api)),\(MetricsPage.label("route", label.route))", metrics)
        }
    }
}
