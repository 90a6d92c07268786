// What the log says of real functions: exact lines in their order, with times, ids and figures masked.

import Foundation
import Logging
import NIOHTTP1
import Testing

@testable import Host

@Suite("The log of functions")
struct FunctionLogTests {
    private static let code = """
        import json, os, subprocess, sys, threading, time
        print("loading")

        def handler(event, context):
            for number in range(event.get("lines", 0)):
                print("line", number)
            for name in ("stdout", "stderr"):
                if name in event:
                    getattr(sys, name).write(event[name])
                    getattr(sys, name).flush()
            if "raise" in event:
                raise ValueError("no")
            if "exit" in event:
                sys.stdout.flush()
                os._exit(event["exit"])
            time.sleep(event.get("sleep", 0))
            return 1
        """

    private func withFunction(_ body: (HostFixture) async throws -> Void) async throws {
        try await HostFixture.withHost(
            #"""
            "F": {"runtime": "python3.12", "handler": "index.handler", "code": "f", "timeoutSeconds": 1,
                  "memoryMegabytes": 256},
            "Bad": {"runtime": "python3.12", "handler": "nope.handler", "code": "f"}
            """#,
            files: ["f/index.py": Self.code],
            body
        )
    }

    /// The lines of a function, masked; those of its stack traces are left out.
    private func lines(_ fixture: HostFixture, _ function: String = "F", id: String) throws -> [String] {
        let figure = try Regex(#"\d+\.\d\d ms"#)
        let billed = try Regex(#"Billed Duration: \d+ ms"#)
        let used = try Regex(#"Max Memory Used: \d+ MB"#)
        let time = try Regex(#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#)
        return fixture.log.lines.filter { $0.metadata["function"] == function && $0.level == .info }.map { line in
            let mark = line.metadata["request_id"] == nil ? "- " : line.metadata["request_id"] == id ? "" : "? "
            return mark
                + line.message.replacing(id, with: "ID").replacing(billed, with: "Billed Duration: N ms")
                .replacing(used, with: "Max Memory Used: N MB").replacing(figure, with: "N ms")
                .replacing(time, with: "TIME")
        }
    }

    /// Waits for the end of a request, which may come after its answer.
    private func waitForReport(_ fixture: HostFixture, _ id: String) async throws -> Bool {
        try await eventually { fixture.log.lines.contains { $0.message.hasPrefix("REPORT RequestId: \(id)") } }
    }

    private func identifier(_ answer: HTTPAnswer) throws -> String {
        try #require(answer.headers.first(name: "x-amzn-RequestId"))
    }

    private static let report =
        "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 256 MB\tMax Memory Used: N MB"

    @Test("A cold start, then a warm request")
    func coldAndWarm() async throws {
        try await withFunction { fixture in
            let first = try identifier(await fixture.invoke("F", #"{"lines": 2, "stderr": "no end"}"#))
            #expect(try await waitForReport(fixture, first))
            #expect(
                try lines(fixture, id: first) == [
                    "- INIT_START Runtime Version: python3.12", "- loading", "START RequestId: ID Version: $LATEST",
                    "line 0", "line 1", "no end", "END RequestId: ID", Self.report + "\tInit Duration: N ms",
                ]
            )
            let second = try identifier(await fixture.invoke("F"))
            #expect(try await waitForReport(fixture, second))
            #expect(
                try lines(fixture, id: second).suffix(3) == [
                    "START RequestId: ID Version: $LATEST", "END RequestId: ID", Self.report,
                ]
            )
            let used = try fixture.log.lines.last?.message.firstMatch(of: Regex(#"Max Memory Used: (\d+) MB"#))?[1]
            let megabytes = try #require(used?.substring.flatMap { Int($0) })
            #expect((3...200).contains(megabytes))
        }
    }

    @Test("However much a request prints, it stands between START and END")
    func brackets() async throws {
        try await withFunction { fixture in
            for round in 0..<20 {
                let id = try identifier(await fixture.invoke("F", #"{"lines": 500, "stderr": "x\ny"}"#))
                #expect(try await waitForReport(fixture, id))
                let lines = try lines(fixture, id: id).suffix(505)
                #expect(lines.first == "START RequestId: ID Version: $LATEST", "\(round)")
                #expect(lines.filter { $0.hasPrefix("line ") } == (0..<500).map { "line \($0)" })
                #expect(lines.filter { $0 == "x" || $0 == "y" } == ["x", "y"])
                #expect(lines.suffix(2).first == "END RequestId: ID")
            }
        }
    }

    @Test("An error of the function's is no fault of the environment's")
    func functionError() async throws {
        try await withFunction { fixture in
            let id = try identifier(await fixture.invoke("F", #"{"raise": 1}"#))
            #expect(try await waitForReport(fixture, id))
            let lines = try lines(fixture, id: id)
            #expect(lines.suffix(2) == ["END RequestId: ID", Self.report + "\tInit Duration: N ms"])
        }
    }

    @Test("A timeout")
    func timeout() async throws {
        try await withFunction { fixture in
            let id = try identifier(await fixture.invoke("F", #"{"lines": 1, "sleep": 30}"#))
            #expect(try await waitForReport(fixture, id))
            #expect(
                try lines(fixture, id: id).dropFirst(2) == [
                    "START RequestId: ID Version: $LATEST", "line 0", "TIME ID Task timed out after 1.00 seconds",
                    "END RequestId: ID", Self.report + "\tInit Duration: N ms\tStatus: timeout",
                ]
            )
        }
    }

    @Test("A process that ends")
    func exit() async throws {
        try await withFunction { fixture in
            let id = try identifier(await fixture.invoke("F", #"{"stdout": "bye", "exit": 3}"#))
            #expect(try await waitForReport(fixture, id))
            let lines = try lines(fixture, id: id)
            #expect(
                lines.dropFirst(2).prefix(5) == [
                    "START RequestId: ID Version: $LATEST", "bye",
                    "RequestId: ID Error: Runtime exited with error: exit status 3", "Runtime.ExitError",
                    "END RequestId: ID",
                ]
            )
            #expect(
                lines.last?.hasSuffix("\tInit Duration: N ms\tStatus: error\tError Type: Runtime.ExitError") == true
            )
        }
    }

    @Test("A start that fails")
    func failedStart() async throws {
        try await withFunction { fixture in
            let id = try identifier(await fixture.invoke("Bad"))
            let lines = try lines(fixture, "Bad", id: id)
            #expect(lines.first == "- INIT_START Runtime Version: python3.12")
            let status = "\tStatus: error\tError Type: Runtime.ImportModuleError"
            #expect(
                lines.suffix(4) == [
                    "- INIT_REPORT Init Duration: N ms\tPhase: init" + status,
                    "START RequestId: ID Version: $LATEST", "END RequestId: ID",
                    "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: 128 MB" + status,
                ]
            )
        }
    }
}
