// How many requests of a function run at a time, and what becomes of the rest.

import Glibc
import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct ConcurrencyTests {
    /// Waits for a file where the event names one.
    private static let code = """
        import os, time
        def handler(event, context):
            with open("../log", "a") as log: log.write("begin %s\\n" % event.get("id"))
            while "until" in event and not os.path.exists("../" + event["until"]): time.sleep(0.01)
            with open("../log", "a") as log: log.write("end %s\\n" % event.get("id"))
            return {"pid": os.getpid(), "id": event.get("id"), "request": context.aws_request_id}
        """

    private static let event = [("X-Amz-Invocation-Type", "Event")]

    private func withHost(
        processes: Int?,
        reserved: Int? = nil,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        let limit = reserved.map { #", "reservedConcurrency": \#($0)"# } ?? ""
        try await HostFixture.withHost(
            #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 60\#(limit)}"#,
            files: ["f/app.py": Self.code],
            maximumProcesses: processes,
            maximumQueue: nil,
            body
        )
    }

    private func log(_ fixture: HostFixture) -> [Substring] {
        fixture.text(of: "log").split(separator: "\n")
    }

    @Test func oneRequestAfterTheOtherIsNeverRefused() async throws {
        try await withHost(processes: 1) { fixture in
            var processes: Set<Int64?> = []
            for _ in 0..<200 {
                let answer = try await fixture.invoke("F")
                #expect(answer.status == .ok)
                processes.insert(answer.number("pid"))
            }
            #expect(processes.count == 1)
        }
    }

    @Test func requestsAtTheSameTimeHaveProcessesOfTheirOwn() async throws {
        try await withHost(processes: 2) { fixture in
            async let first = fixture.invoke("F", #"{"id": 1, "until": "go"}"#)
            async let second = fixture.invoke("F", #"{"id": 2, "until": "go"}"#)
            #expect(try await eventually { log(fixture).count == 2 })
            try fixture.write("", to: "go")
            let processes = try await [first.number("pid"), second.number("pid")].compactMap { $0 }
            #expect(Set(processes).count == 2)
            #expect(try await processes.contains(fixture.invoke("F").number("pid") ?? 0))
        }
    }

    @Test(
        arguments: [
            (nil, 1, "ConcurrentInvocationLimitExceeded"),
            (1, nil, "ReservedFunctionConcurrentInvocationLimitExceeded"),
        ] as [(Int?, Int?, String)]
    )
    func requestsBeyondALimitAreRefusedAtOnce(reserved: Int?, processes: Int?, reason: String) async throws {
        try await withHost(processes: processes, reserved: reserved) { fixture in
            async let first = fixture.invoke("F", #"{"id": 1, "until": "go"}"#)
            #expect(try await eventually { log(fixture) == ["begin 1"] })
            for _ in 0..<5 {
                let refused = try await fixture.invoke("F", #"{"id": 2}"#)
                #expect(refused.status == .tooManyRequests)
                #expect(refused.headers.first(name: "x-amzn-ErrorType") == "TooManyRequestsException")
                #expect(refused.headers.contains(name: "Retry-After"))
                #expect(refused.text("Reason") == reason)
            }
            try fixture.write("", to: "go")
            #expect(try await first.number("id") == 1)
            #expect(try await fixture.invoke("F", #"{"id": 3}"#).number("id") == 3)
            #expect(log(fixture) == ["begin 1", "end 1", "begin 3", "end 3"])
        }
    }

    @Test func reservedConcurrencyOfZeroStopsAFunction() async throws {
        try await withHost(processes: 2, reserved: 0) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.status == .tooManyRequests)
            #expect(answer.text("Reason") == "ReservedFunctionConcurrentInvocationLimitExceeded")
            #expect(try await fixture.invoke("F", headers: Self.event).status == .accepted)
            #expect(fixture.log.lines.count { $0.message.hasPrefix("event discarded") } == 1)
            #expect(log(fixture) == [])
        }
    }

    @Test func eventsWaitForTheirTurn() async throws {
        try await withHost(processes: 1) { fixture in
            for id in 0..<20 {
                let answer = try await fixture.invoke("F", #"{"id": \#(id)}"#, headers: Self.event)
                #expect(answer.status == .accepted)
                #expect(answer.body.isEmpty)
            }
            #expect(try await eventually { log(fixture).count == 40 })
            #expect(log(fixture) == (0..<20).flatMap { ["begin \($0)", "end \($0)"] })
        }
    }

    @Test func queueOfEventsIsBounded() async throws {
        try await withHost(processes: 1) { fixture in
            let blocking = try await fixture.invoke("F", #"{"id": -1, "until": "go"}"#, headers: Self.event)
            #expect(blocking.status == .accepted)
            #expect(try await eventually { log(fixture) == ["begin -1"] })
            for id in 0..<ConcurrencyLimit.maximumEvents {
                let answer = try await fixture.invoke("F", #"{"id": \#(id)}"#, headers: Self.event)
                #expect(answer.status == .accepted)
            }
            let refused = try await fixture.invoke("F", headers: Self.event)
            #expect(refused.status == .tooManyRequests)
            try fixture.write("", to: "go")
            #expect(try await eventually { log(fixture).count == 2 * (ConcurrencyLimit.maximumEvents + 1) })
        }
    }

    @Test func hostThatStopsGivesEventsToNobody() async throws {
        let function = { (limit: String) in
            #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 60\#(limit)}"#
        }
        try await HostFixture.withHost(
            function(""),
            files: ["f/app.py": Self.code],
            configure: { configuration, _ in configuration.drainSeconds = 0 }
        ) { fixture in
            async let first = fixture.invoke("F", #"{"id": 1, "until": "go"}"#)
            async let second = fixture.invoke("F", #"{"id": 2, "until": "go"}"#)
            #expect(try await eventually { log(fixture).count == 2 })
            try fixture.write("", to: "go")
            _ = try await (first, second)
            // Two processes, of which one may work.
            try fixture.write(HostFixture.manifest(function(", \"reservedConcurrency\": 1")), to: "routes.json")
            #expect(await fixture.host.reload())
            _ = try await fixture.invoke("F", #"{"id": 3, "until": "never"}"#, headers: Self.event)
            #expect(try await eventually { log(fixture).contains("begin 3") })
            _ = try await fixture.invoke("F", #"{"id": 4}"#, headers: Self.event)
            await fixture.host.stop()
            #expect(log(fixture).suffix(1) == ["begin 3"])
        }
    }

    @Test func eachOfAThousandRequestsIsAnsweredOnce() async throws {
        try await withHost(processes: nil) { fixture in
            let answers = try await withThrowingTaskGroup(of: [HTTPAnswer].self) { group in
                for client in 0..<8 {
                    group.addTask {
                        var answers: [HTTPAnswer] = []
                        for index in 0..<125 {
                            let id = client * 125 + index
                            let answer = try await fixture.invoke("F", #"{"id": \#(id)}"#)
                            #expect(answer.number("id") == Int64(id))
                            answers.append(answer)
                        }
                        return answers
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(answers.count == 1000)
            #expect(answers.allSatisfy { $0.status == .ok && $0.functionError == nil })
            #expect(answers.allSatisfy { $0.headers.first(name: "x-amzn-RequestId") == $0.text("request") })
            #expect(Set(answers.map { $0.text("request") }).count == 1000)
            let lines = log(fixture)
            #expect(Set(lines.filter { $0.hasPrefix("begin") }).count == 1000)
            #expect(lines.count == 2000)
            #expect(Set(answers.map { $0.number("pid") }).count <= 8)
        }
    }
}
