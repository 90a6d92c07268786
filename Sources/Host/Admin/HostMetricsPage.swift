// What the host counts, as a page of metrics.

internal import Operations

/// Renders the counters of the host.
struct HostMetricsPage {
    /// One function with what it has counted and its state now.
    struct Row {
        let function: String
        let metrics: FunctionMetrics
        let statistics: PoolStatistics

        fileprivate var label: String { MetricsPage.label("function", function) }
    }

    let rows: [Row]
    let reloads: Int
    let failedReloads: Int
    let droppedLogLines: Int

    /// The whole page.
    var text: String {
        var page = MetricsPage()
        addInvocations(to: &page)
        addStarts(to: &page)
        addStates(to: &page)
        page.add("host_reloads_total", .counter, "Manifests that were loaded after the first.", reloads)
        page.add("host_reload_failures_total", .counter, "Manifests that were refused.", failedReloads)
        page.add("host_log_dropped_lines_total", .counter, "Log lines that could not be written.", droppedLogLines)
        return page.text
    }

    private func addInvocations(to page: inout MetricsPage) {
        page.add("host_invocations_total", .counter, "Requests that have ended, errors included.") { family in
            for row in rows { family.add(row.label, row.metrics.invocations) }
        }
        page.add("host_errors_total", .counter, "Requests that ended with an error, by its kind.") { family in
            for row in rows {
                for kind in FunctionMetrics.ErrorKind.allCases {
                    let label = "\(row.label),\(MetricsPage.label("type", kind.rawValue))"
                    family.add(label, row.metrics.errors[kind] ?? 0)
                }
            }
        }
        page.add("host_throttles_total", .counter, "Requests that were refused for a limit.") { family in
            for row in rows { family.add(row.label, row.metrics.throttles) }
        }
        page.add("host_invocation_seconds", .histogram, "Time that processes worked on requests.") { family in
            for row in rows {
                family.addHistogram(
                    row.label,
                    limits: FunctionMetrics.bucketLimits,
                    buckets: row.metrics.buckets,
                    total: row.metrics.nanoseconds
                )
            }
        }
    }

    private func addStarts(to page: inout MetricsPage) {
        page.add("host_cold_starts_total", .counter, "Processes that have started and got ready.") { family in
            for row in rows { family.add(row.label, row.metrics.starts) }
        }
        page.add("host_init_seconds_total", .counter, "Time that those took to get ready.") { family in
            for row in rows { family.add(row.label, MetricsPage.seconds(row.metrics.startNanoseconds)) }
        }
        page.add("host_failed_starts_total", .counter, "Processes that did not get ready.") { family in
            for row in rows { family.add(row.label, row.metrics.failedStarts) }
        }
        page.add("host_code_changes_total", .counter, "Changes of code that replaced processes.") { family in
            for row in rows { family.add(row.label, row.metrics.refreshes) }
        }
    }

    private func addStates(to page: inout MetricsPage) {
        page.add("host_waiting_requests", .gauge, "Requests that wait for a process.") { family in
            for row in rows { family.add(row.label, row.statistics.waiting) }
        }
        page.add("host_environments", .gauge, "Processes by what they do.") { family in
            for row in rows {
                for state in PoolStatistics.EnvironmentState.allCases {
                    let label = "\(row.label),\(MetricsPage.label("state", state.rawValue))"
                    family.add(label, row.statistics.environments[state] ?? 0)
                }
            }
        }
    }
}
