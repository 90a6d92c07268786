// The pages of the proxy's admin port: health, metrics and the manifest.

internal import NIOCore
internal import Operations

/// `/healthz`, `/readyz`, `/metrics` and `/manifest`.
struct ProxyPages: AdminSource {
    let loops: [ServerLoop]
    let metrics: MetricsRegistry
    let reloader: Reloader
    let logs: LogSinks

    let paths = ["/healthz", "/readyz", "/metrics", "/manifest"]

    func page(_ path: String, on eventLoop: any EventLoop) -> EventLoopFuture<AdminPage> {
        switch path {
        case "/readyz":
            return state(on: eventLoop).map { state in
                state.isDraining ? AdminPage("draining\n", status: .unavailable) : AdminPage("ok\n")
            }
        case "/metrics":
            return totals(on: eventLoop).map { totals in
                let exposition = MetricsExposition(
                    totals: totals,
                    labels: metrics.all,
                    reload: reloader.status,
                    droppedLogLines: logs.droppedLines
                )
                return AdminPage(exposition.text, type: MetricsPage.contentType)
            }
        case "/manifest":
            return state(on: eventLoop).map { AdminPage($0.manifest, type: "application/json") }
        default:
            return eventLoop.makeSucceededFuture(AdminPage("ok\n"))
        }
    }

    /// The counters of all event loops, added up.
    private func totals(on eventLoop: any EventLoop) -> EventLoopFuture<LoopMetrics> {
        let parts = loops.map { loop in loop.eventLoop.submit { loop.metrics } }
        return EventLoopFuture.whenAllSucceed(parts, on: eventLoop).map { parts in
            parts.reduce(into: LoopMetrics()) { $0.add($1) }
        }
    }

    /// The text of the manifest that serves, and whether the process is about to end.
    private func state(on eventLoop: any EventLoop) -> EventLoopFuture<(manifest: String, isDraining: Bool)> {
        guard let loop = loops.first else { return eventLoop.makeSucceededFuture(("", true)) }
        return loop.eventLoop.submit { (loop.generation.manifestText, loop.isDraining) }.hop(to: eventLoop)
    }
}
