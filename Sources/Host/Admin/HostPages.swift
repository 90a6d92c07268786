// The pages of the host's admin port: health and metrics.

internal import NIOCore
internal import Operations

/// `/healthz`, `/readyz` and `/metrics`.
struct HostPages: AdminSource {
    let core: NIOLoopBound<HostCore>
    let services: HostServices

    let paths = ["/healthz", "/readyz", "/metrics"]

    func page(_ path: String, on eventLoop: any EventLoop) -> EventLoopFuture<AdminPage> {
        services.eventLoop.submit {
            switch path {
            case "/readyz":
                let isDraining = core.value.connections.isDraining
                return isDraining ? AdminPage("draining\n", status: .unavailable) : AdminPage("ok\n")
            case "/metrics": return AdminPage(metrics.text, type: MetricsPage.contentType)
            default: return AdminPage("ok\n")
            }
        }.hop(to: eventLoop)
    }

    private var metrics: HostMetricsPage {
        let metrics = services.metrics.value
        return HostMetricsPage(
            rows: core.value.table.statistics.map { function, statistics in
                HostMetricsPage.Row(
                    function: function,
                    metrics: metrics.function(function),
                    statistics: statistics
                )
            },
            reloads: metrics.reloads,
            failedReloads: metrics.failedReloads,
            droppedLogLines: services.log.droppedLines
        )
    }
}
