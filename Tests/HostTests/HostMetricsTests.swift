// The admin port of the host: what it says after real requests, and that it is well formed.

import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import Host

@Suite("The admin port of the host")
struct HostMetricsTests {
    private static let code = """
        import os, time

        def handler(event, context):
            if "raise" in event:
                raise ValueError("no")
            if "exit" in event:
                os._exit(1)
            time.sleep(event.get("sleep", 0))
            return 1
        """

    private func withAdmin(_ body: (HostFixture, Int) async throws -> Void) async throws {
        try await HostFixture.withHost(
            #"""
            "F": {"runtime": "python3.12", "handler": "index.handler", "code": "f", "timeoutSeconds": 1},
            "Bad": {"runtime": "python3.12", "handler": "nope.handler", "code": "f"},
            "None": {"runtime": "python3.12", "handler": "index.handler", "code": "f", "reservedConcurrency": 0}
            """#,
            files: ["f/index.py": Self.code],
            configure: { configuration, _ in configuration.admin = ("127.0.0.1", 0) }
        ) { fixture in try await body(fixture, try #require(fixture.host.adminPort)) }
    }

    private func samples(_ port: Int) async throws -> [String: Double] {
        let page = try await HTTPClient.send(.GET, "/metrics", port: port)
        #expect(page.status == .ok)
        #expect(page.headers.first(name: "Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        var samples: [String: Double] = [:]
        for line in page.body.split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            let value: Double = try #require(Double(line[line.index(after: space)...]))
            samples[String(line[..<space])] = value
        }
        return samples
    }

    @Test("Health and readiness")
    func health() async throws {
        try await withAdmin { _, port in
            for path in ["/healthz", "/readyz"] {
                let answer = try await HTTPClient.send(.GET, path, port: port)
                #expect(answer.status == .ok && answer.body == "ok\n")
            }
            let missing = try await HTTPClient.send(.GET, "/", port: port)
            #expect(missing.status == .notFound && missing.body == "/healthz /readyz /metrics\n")
            #expect(try await HTTPClient.send(.POST, "/metrics", port: port).status == .methodNotAllowed)
        }
    }

    @Test("Requests, errors, throttles and starts are counted by function")
    func counters() async throws {
        try await withAdmin { fixture, port in
            for payload in ["{}", "{}", #"{"raise": 1}"#, #"{"exit": 1}"#, #"{"sleep": 9}"#] {
                #expect(try await fixture.invoke("F", payload).status == .ok)
            }
            #expect(try await fixture.invoke("Bad").functionError == "Unhandled")
            #expect(try await fixture.invoke("None").status == .tooManyRequests)
            #expect(try await eventually { try await samples(port)[#"host_invocations_total{function="F"}"#] == 5 })
            let counts = try await samples(port)
            let expected: [String: Double] = [
                #"host_errors_total{function="F",type="function"}"#: 1,
                #"host_errors_total{function="F",type="timeout"}"#: 1,
                #"host_errors_total{function="F",type="runtime"}"#: 1, #"host_throttles_total{function="F"}"#: 0,
                #"host_throttles_total{function="None"}"#: 1, #"host_cold_starts_total{function="F"}"#: 2,
                #"host_cold_starts_total{function="Bad"}"#: 0, #"host_failed_starts_total{function="Bad"}"#: 1,
                #"host_invocations_total{function="Bad"}"#: 1,
                #"host_errors_total{function="Bad",type="runtime"}"#: 1,
                #"host_invocation_seconds_count{function="F"}"#: 5,
                #"host_invocation_seconds_bucket{function="F",le="+Inf"}"#: 5,
                #"host_waiting_requests{function="F"}"#: 0, #"host_environments{function="F",state="busy"}"#: 0,
                "host_reloads_total": 0, "host_reload_failures_total": 0, "host_log_dropped_lines_total": 0,
            ]
            for (name, value) in expected { #expect(counts[name] == value, "\(name)") }
            #expect((counts[#"host_init_seconds_total{function="F"}"#] ?? 0) > 0)
            #expect((counts[#"host_invocation_seconds_sum{function="F"}"#] ?? 0) >= 1)
        }
    }

    @Test("Environments by state, changes of code and reloads; what is gone is forgotten")
    func states() async throws {
        try await withAdmin { fixture, port in
            async let pending = fixture.invoke("F", #"{"sleep": 0.5}"#)
            let busy = #"host_environments{function="F",state="busy"}"#
            #expect(try await eventually { try await samples(port)[busy] == 1 })
            _ = try await pending
            #expect(
                try await eventually {
                    try await samples(port)[#"host_environments{function="F",state="idle"}"#] == 1
                }
            )
            try fixture.write(Self.code + "\n# new", to: "f/index.py")
            #expect(
                try await eventually { try await samples(port)[#"host_code_changes_total{function="F"}"#] == 1 }
            )
            try fixture.write("{", to: "routes.json")
            #expect(await fixture.host.reload() == false)
            try fixture.write(
                HostFixture.manifest(
                    #""New": {"runtime": "python3.12", "handler": "index.handler", "code": "f"}"#
                ),
                to: "routes.json"
            )
            #expect(await fixture.host.reload())
            #expect(try await eventually { try await samples(port)["host_reloads_total"] == 1 })
            let counts = try await samples(port)
            #expect(counts["host_reload_failures_total"] == 1)
            #expect(!counts.keys.contains { $0.contains(#""F""#) })
            #expect(counts[#"host_invocations_total{function="New"}"#] == 0)
        }
    }

    @Test("Each family is described, named in the manual, and safe from the names of functions")
    func page() throws {
        let row = HostMetricsPage.Row(
            function: "a\"b\\c\nd",
            metrics: FunctionMetrics(),
            statistics: PoolStatistics()
        )
        let text = HostMetricsPage(rows: [row], reloads: 0, failedReloads: 0, droppedLogLines: 7).text
        let manual = try String(contentsOfFile: Self.manual, encoding: .utf8)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let name = line.split(separator: " ")[2]
                #expect(manual.contains(".It Li \(name) Ta "), "samovar-host(8) does not have '\(name)'")
            } else if !line.hasPrefix("# HELP ") && line.contains("{") {
                #expect(line.contains(#"{function="a\"b\\c\nd""#))
            }
        }
        #expect(text.hasSuffix("host_log_dropped_lines_total 7\n"))
    }

    private static let manual = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "man/samovar-host.8").path()
}
