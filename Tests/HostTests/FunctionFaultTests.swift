// Functions that hang, die, flood or answer too much, and what callers are told.

import Foundation
import Glibc
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct FunctionFaultTests {
    private static let code = """
        import os, signal, subprocess, sys, time

        count = 0

        def handler(event, context):
            global count
            count += 1
            if "deaf" in event: signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if "print" in event:
                sys.stdout.write("x" * event["print"])
                os.write(1, b"{\\"statusCode\\": 200}\\r\\n\\r\\n")
            if "child" in event:
                child = subprocess.Popen(["sleep", "60"])
                if event["child"] == "hang":
                    print("child", child.pid)
                    time.sleep(60)
                return {"pid": os.getpid(), "child": child.pid}
            if "sleep" in event: time.sleep(event["sleep"])
            if "exit" in event: os._exit(event["exit"])
            if "sys.exit" in event: sys.exit(event["sys.exit"])
            if "kill" in event: os.kill(os.getpid(), event["kill"])
            if "size" in event: return "x" * (event["size"] - 2)
            return {"pid": os.getpid(), "count": count}
        """
    private static let function = """
        "F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 1},
        "Slow": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 20}
        """

    private func withFunction(
        maximumProcesses: Int = 2,
        maximumQueue: Int = 1000,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        try await HostFixture.withHost(
            Self.function,
            files: ["f/app.py": Self.code],
            maximumProcesses: maximumProcesses,
            maximumQueue: maximumQueue,
            body
        )
    }

    @Test func timeout() async throws {
        try await withFunction { fixture in
            let pid = try #require(try await fixture.invoke("F").number("pid"))
            let answer = try await fixture.invoke("F", #"{"sleep": 60}"#)
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Sandbox.Timedout")
            let id = try #require(answer.headers.first(name: "x-amzn-RequestId"))
            let message = try #require(answer.text("errorMessage"))
            #expect(try message.wholeMatch(of: Regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z .*")) != nil)
            #expect(message.hasSuffix("Z \(id) Task timed out after 1.00 seconds"))
            #expect(try await eventually { !isAlive(pid) })
            #expect(try await fixture.invoke("F").number("count") == 1)
        }
    }

    @Test func timeoutKillsWhoIgnoresSignals() async throws {
        try await withFunction { fixture in
            let pid = try #require(try await fixture.invoke("F", #"{"deaf": true}"#).number("pid"))
            #expect(kill(Int32(pid), SIGTERM) == 0)
            let answer = try await fixture.invoke("F", #"{"sleep": 60}"#)
            #expect(answer.text("errorType") == "Sandbox.Timedout")
            #expect(try await eventually { !isAlive(pid) })
        }
    }

    @Test func timeoutKillsWhatTheFunctionHasStarted() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("F", #"{"child": "hang"}"#)
            #expect(answer.text("errorType") == "Sandbox.Timedout")
            let line = try #require(fixture.log.lines.first { $0.message.hasPrefix("child ") })
            let child = try #require(Int64(line.message.dropFirst("child ".count)))
            // The orphan is reaped by whoever adopts it; until then it is a zombie.
            #expect(try await eventually { !isAlive(child) || isZombie(child) })
        }
    }

    @Test(arguments: [
        (#"{"exit": 1}"#, "Runtime exited with error: exit status 1"),
        (#"{"exit": 0}"#, "Runtime exited without providing a reason"),
        (#"{"sys.exit": 3}"#, "Runtime exited with error: exit status 3"),
        (#"{"kill": 9}"#, "Runtime exited with error: signal: killed"),
        (#"{"kill": 11}"#, "Runtime exited with error: signal: segmentation fault"),
    ])
    func exit(payload: String, reason: String) async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("F", payload)
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Runtime.ExitError")
            let id = try #require(answer.headers.first(name: "x-amzn-RequestId"))
            #expect(answer.text("errorMessage") == "RequestId: \(id) Error: \(reason)")
            #expect(try await fixture.invoke("F").number("count") == 1)
        }
    }

    @Test func killFromOutside() async throws {
        try await withFunction { fixture in
            let pid = try #require(try await fixture.invoke("Slow").number("pid"))
            async let pending = fixture.invoke("Slow", #"{"print": 1, "sleep": 60}"#)
            #expect(try await eventually { fixture.log.lines.contains { $0.message.hasPrefix("{\"statusCode\"") } })
            kill(Int32(pid), SIGKILL)
            let answer = try await pending
            #expect(answer.text("errorType") == "Runtime.ExitError")
            #expect(answer.text("errorMessage")?.hasSuffix("signal: killed") == true)
        }
    }

    @Test func killBetweenRequests() async throws {
        try await withFunction { fixture in
            let pid = try #require(try await fixture.invoke("F").number("pid"))
            kill(Int32(pid), SIGKILL)
            #expect(try await eventually { !isAlive(pid) })
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError == nil)
            #expect(answer.number("count") == 1)
        }
    }

    @Test func outputIsNoResult() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Slow", #"{"print": 1000000}"#)
            #expect(answer.functionError == nil)
            #expect(answer.number("count") == 1)
            let isLogged = try await eventually {
                fixture.log.lines.contains { $0.message.hasSuffix(#"{"statusCode": 200}"#) }
            }
            #expect(isLogged)
            #expect(fixture.log.lines.allSatisfy { $0.message.utf8.count <= LineCutter.maximumLine })
        }
    }

    @Test func floodOfOutputStopsNobodyElse() async throws {
        try await withFunction { fixture in
            let other = try #require(try await fixture.invoke("F").number("pid"))
            async let flood = fixture.invoke("Slow", #"{"print": 8000000}"#)
            #expect(try await eventually { fixture.log.lines.contains { $0.message.hasPrefix("xxxx") } })
            for count in 2...20 {
                let answer = try await fixture.invoke("F")
                #expect(answer.number("pid") == other)
                #expect(answer.number("count") == Int64(count))
            }
            #expect(try await flood.functionError == nil)
        }
    }

    @Test func largestAnswer() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Slow", #"{"size": 6291556}"#)
            #expect(answer.functionError == nil)
            #expect(answer.body.utf8.count == 6_291_556)
        }
    }

    @Test(arguments: [6_291_557, 7_000_000])
    func answerTooLarge(size: Int) async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("Slow", #"{"size": \#(size)}"#)
            #expect(answer.status == .ok)
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Function.ResponseSizeTooLarge")
            // The process goes on.
            #expect(try await fixture.invoke("Slow").number("count") == 2)
        }
    }

    @Test func requestsBeyondTheLimitWait() async throws {
        try await withFunction(maximumProcesses: 1) { fixture in
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<20 { group.addTask { try await fixture.invoke("Slow", #"{"sleep": 0.01}"#) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map { $0.number("pid") }).count == 1)
            #expect(Set(answers.map { $0.number("count") }) == Set((1...20).map { Int64($0) }))
            #expect(Set(answers.map { $0.headers.first(name: "x-amzn-RequestId") }).count == 20)
        }
    }

    @Test func whoWaitsTooLongIsRefused() async throws {
        try await withFunction(maximumProcesses: 1) { fixture in
            // The second has waited its second by the time the first is killed, or right before.
            _ = try await fixture.invoke("F")
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.invoke("F", #"{"sleep": 60}"#) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let refused = answers.filter { $0.status == .tooManyRequests }
            #expect(!refused.isEmpty)
            for answer in refused {
                #expect(answer.headers.first(name: "x-amzn-ErrorType") == "TooManyRequestsException")
                #expect(answer.text("Reason") == "ConcurrentInvocationLimitExceeded")
            }
            #expect(answers.contains { $0.text("errorType") == "Sandbox.Timedout" })
        }
    }

    @Test func startsThatHangStopNobodyElse() async throws {
        let functions = Self.function + #", "Hang": {"runtime": "python3.12", "handler": "app.handler", "code": "h"}"#
        let hanging = """
            import os, time
            print("hanging")
            while not os.path.exists("../go"): time.sleep(0.01)
            def handler(event, context): return {}
            """
        let files = ["f/app.py": Self.code, "h/app.py": hanging]
        try await HostFixture.withHost(functions, files: files, maximumProcesses: nil) { fixture in
            let order = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.invoke("Hang").body } }
                #expect(try await eventually { fixture.log.count("hanging") >= 2 })
                group.addTask {
                    let answer = try await fixture.invoke("Slow")
                    try fixture.write("", to: "go")
                    return answer.functionError ?? "answer"
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(order.sorted() == ["answer", "{}", "{}", "{}", "{}"])
        }
    }

    @Test func crashLoopIsHeldBackForAllClientsTogether() async throws {
        let function = #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f"}"#
        let code = "import os; open('../starts', 'a').write('x'); os._exit(7)"
        try await HostFixture.withHost(function, files: ["f/app.py": code], maximumProcesses: nil) { fixture in
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<40 { group.addTask { try await fixture.invoke("F") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.text("errorType") == "Runtime.ExitError" })
            let starts = try String(contentsOfFile: "\(fixture.directory)/starts", encoding: .utf8)
            #expect((1...StartBackoff.maximumStarts).contains(starts.count))
            #expect(fixture.log.lines.count { $0.message.hasPrefix("function fails again and again") } <= 1)
        }
    }

    @Test func crashLoopIsHeldBack() async throws {
        let function = #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f"}"#
        let code = "import os; open('../starts', 'a').write('x'); os._exit(7)"
        try await HostFixture.withHost(function, files: ["f/app.py": code]) { fixture in
            for _ in 0..<20 {
                let answer = try await fixture.invoke("F")
                #expect(answer.text("errorType") == "Runtime.ExitError")
                #expect(answer.text("errorMessage")?.hasSuffix("exit status 7") == true)
            }
            let starts = try String(contentsOfFile: "\(fixture.directory)/starts", encoding: .utf8)
            #expect((3..<10).contains(starts.count))
            #expect(fixture.log.count("function failed") == 1)
            #expect(fixture.log.lines.count { $0.message.hasPrefix("function fails again and again") } == 1)
        }
    }
}

/// Whether a process has ended and nobody has asked how.
private func isZombie(_ process: Int64) -> Bool {
    guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, file) != nil else { return false }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.contains(") Z ")
}
