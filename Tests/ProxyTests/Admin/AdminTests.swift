// The admin port: what it says, and that what it says is well formed.

import Foundation
import Manifest
import Testing

@testable import Proxy

@Suite("The admin port")
struct AdminTests {
    @Test("Health, readiness and the manifest")
    func pages() async throws {
        try await ServedFolder.serve { served async throws in
            for page in ["/healthz", "/readyz", "/healthz?verbose"] {
                let response = try await served.admin(page)
                #expect(response.status == 200)
                #expect(response.body == "ok\n")
                #expect(response["content-type"] == "text/plain; charset=utf-8")
            }
            let manifest = try await served.admin("/manifest")
            #expect(manifest["content-type"] == "application/json")
            #expect(try Manifest(parsing: manifest.content) == Manifest(parsing: served.manifest(1).utf8))
            let metrics = try await served.admin("/metrics")
            #expect(metrics["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    @Test("What there is not")
    func others() async throws {
        try await ServedFolder.serve { served async throws in
            let missing = try await served.admin("/")
            #expect(missing.status == 404)
            #expect(missing.body == "/healthz /readyz /metrics /manifest\n")
            for method in ["POST", "DELETE", "OPTIONS"] {
                #expect(try await served.admin("/healthz", method: method).status == 405)
            }
            let head = try await served.admin("/healthz", method: "HEAD")
            #expect(head.status == 200)
            #expect(head["content-length"] == "3")
        }
    }

    @Test("Clients of the gateway do not reach it")
    func apart() async throws {
        try await ServedFolder.serve { served async throws in
            for path in ["/healthz", "/readyz", "/metrics", "/manifest"] {
                #expect(try await served.status(path) == 404)
            }
        }
    }

    @Test("It is off where the settings say so")
    func off() async throws {
        try await ServedFolder.serve(configure: { $0.admin = nil }) { served async throws in
            #expect(served.server.adminAddress == nil)
        }
    }

    @Test("Bytes that are no request do no harm")
    func garbage() async throws {
        try await ServedFolder.serve { served async throws in
            let port = try #require(served.server.adminAddress?.port)
            for bytes in ["\u{0}\u{1}\r\n\r\n", "GET\r\n\r\n", "GET /metrics HTTP/1.1\r\nContent-Length: x\r\n\r\n"] {
                let client = try await RawConnection.connect(port: port)
                try await client.send(bytes)
                try await client.receiveToEnd()
            }
            #expect(try await served.admin("/healthz").status == 200)
        }
    }

    @Test("Metrics are well formed from the first moment on")
    func metricsAtFirst() async throws {
        try await ServedFolder.serve { served async throws in
            let page = try Exposition(parsing: try await served.admin("/metrics").body)
            #expect(page.types.count >= 14)
            for (name, type) in page.types { #expect(name.hasPrefix("gateway_"), "\(name) \(type)") }
            #expect(!page.samples.contains { $0["route"] != nil })
            let manual = try String(
                contentsOfFile: Self.manual,
                encoding: .utf8
            )
            for (name, _) in page.types { #expect(manual.contains(name), "samovar-proxy(8) does not have '\(name)'") }
        }
    }

    private static let manual = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "man/samovar-proxy.8").path()

    @Test("Requests are counted under the key of their route, never under their path")
    func metrics() async throws {
        try await ServedFolder.serve { served async throws in
            for id in ["a", "b", "%22%0A"] { try await served.exchange("/v1/\(id)") }
            try await served.exchange("/v1")
            for path in ["/secret", "/x%22y", "/a/../b"] { #expect(try await served.status(path) == 404) }
            let page = try Exposition(parsing: try await served.admin("/metrics").body)
            let requests = page.samples.filter { $0.name == "gateway_requests_total" }
            let counts = Dictionary(
                requests.map { ("\($0["api"] ?? "?") \($0["route"] ?? "?") \($0["status"] ?? "?")", $0.value) },
                uniquingKeysWith: +
            )
            #expect(counts == ["A GET /v1/{id} 2xx": 3, "A GET /v1 2xx": 1, "A  4xx": 3])
            let replies = page.samples.filter { $0.name == "gateway_local_replies_total" }
            #expect(replies.map { "\($0["detail"] ?? "?") \($0.value)" } == ["route_not_found 3.0"])
            #expect(try await served.metric("gateway_upstream_connections_total") == 4)
            #expect(try await served.metric("gateway_connections_total") == 7)
        }
    }

    @Test("Buckets of histograms only grow, and end in the count")
    func histograms() async throws {
        try await ServedFolder.serve { served async throws in
            for id in 0..<5 { try await served.exchange("/v1/\(id)") }
            let page = try Exposition(parsing: try await served.admin("/metrics").body)
            let buckets = page.samples.filter { $0.name == "gateway_request_seconds_bucket" }
            let series = Dictionary(grouping: buckets) { $0.series(without: "le") }
            #expect(series.count == 1)
            for (labels, buckets) in series {
                let limits = buckets.compactMap { $0["le"] }.map { $0 == "+Inf" ? Double.infinity : Double($0) ?? -1 }
                #expect(limits.count == buckets.count)
                #expect(limits == limits.sorted() && Set(limits).count == limits.count && limits.last == .infinity)
                #expect(buckets.map(\.value) == buckets.map(\.value).sorted(), "\(labels)")
                func value(_ suffix: String) -> Double? {
                    page.samples.first {
                        $0.name == "gateway_request_seconds\(suffix)" && $0.series(without: "") == labels
                    }?.value
                }
                #expect(buckets.last?.value == 5)
                #expect(value("_count") == 5)
                #expect((value("_sum") ?? 0) > 0)
            }
            let bytes = page.samples.first { $0.name == "gateway_response_bytes_total" }
            #expect(bytes?.value == 10)
        }
    }

    @Test("Names from a manifest cannot break the page")
    func escapes() throws {
        let registry = MetricsRegistry()
        var totals = LoopMetrics()
        let names = ["a\"b", "a\\b", "a\nb", "é", "{}", ""]
        for name in names {
            let slot = registry.slot(api: name, route: "GET /\(name)")
            totals.record(slot, status: 200, nanoseconds: 1, responseBytes: 0, detail: nil)
            totals.record(slot, status: 0, nanoseconds: 40_000_000_000, responseBytes: 0, detail: "client_gone")
        }
        let exposition = MetricsExposition(
            totals: totals,
            labels: registry.all,
            reload: Reloader.Status(),
            droppedLogLines: 0
        )
        let page = try Exposition(parsing: exposition.text)
        let requests = page.samples.filter { $0.name == "gateway_requests_total" }
        #expect(requests.compactMap { $0["api"] } == names.flatMap { [$0, $0] })
        #expect(Set(requests.compactMap { $0["status"] }) == ["none", "2xx"])
        let last = page.samples.filter { $0.name == "gateway_request_seconds_bucket" && $0["le"] == "30.0" }
        #expect(last.map(\.value) == names.map { _ in 1 })
    }
}
