// When environments start without a request, and when they end for want of one.

import Glibc
import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct WarmthTests {
    private static let function =
        #""F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 20}"#
    private static let code = """
        import os, time
        open("../starts", "a").write("%d\\n" % os.getpid())
        def handler(event, context):
            while "until" in event and not os.path.exists("../" + event["until"]): time.sleep(0.01)
            return {"pid": os.getpid()}
        """

    private func withHost(
        _ warmth: PoolSettings.Warmth,
        idleSeconds: Int = 600,
        functions: String = function,
        _ body: (HostFixture) async throws -> Void
    ) async throws {
        var pooling = PoolSettings()
        pooling.warmth = warmth
        pooling.idleSeconds = idleSeconds
        try await HostFixture.withHost(functions, files: ["f/app.py": Self.code], pooling: pooling, body)
    }

    private func starts(_ fixture: HostFixture) -> [Int64] {
        fixture.text(of: "starts").split(separator: "\n").compactMap { Int64($0) }
    }

    @Test func eagerFunctionsAreThereBeforeTheirFirstRequest() async throws {
        try await withHost(.eager) { fixture in
            #expect(try await eventually { starts(fixture).count == 1 })
            #expect(try await fixture.invoke("F").number("pid") == starts(fixture).first)

            // One always stays.
            kill(Int32(try #require(starts(fixture).last)), SIGKILL)
            #expect(try await eventually { starts(fixture).count == 2 })
            #expect(try await fixture.invoke("F").number("pid") == starts(fixture).last)

            try fixture.write(Self.code + "\n# changed", to: "f/app.py")
            #expect(try await eventually { starts(fixture).count == 3 })
            #expect(try await fixture.invoke("F").number("pid") == starts(fixture).last)

            let second = Self.function.replacing("\"F\"", with: "\"G\"")
            try fixture.write(HostFixture.manifest("\(Self.function), \(second)"), to: "routes.json")
            #expect(await fixture.host.reload())
            #expect(try await eventually { starts(fixture).count == 4 })
            #expect(try await fixture.invoke("G").number("pid") == starts(fixture).last)
        }
    }

    @Test func eagerFunctionThatCannotRunIsSaidOnce() async throws {
        let other = #""Other": {"runtime": "go1.x", "handler": "main", "code": "f"}"#
        try await withHost(.eager, functions: "\(Self.function), \(other)") { fixture in
            let isStarted = try await eventually { starts(fixture).count == 1 }
            #expect(isStarted)
            #expect(fixture.log.count("function cannot run here") == 1)
            #expect(fixture.log.count("function failed") == 0)
        }
    }

    @Test func idleEnvironmentsEnd() async throws {
        try await withHost(.lazy, idleSeconds: 1) { fixture in
            let process = try #require(try await fixture.invoke("F").number("pid"))
            #expect(try await eventually { !isAlive(process) })
            // Nobody needs it, so new code does not start it; the next request does.
            try fixture.write(Self.code + "\n# changed", to: "f/app.py")
            #expect(try await eventually { fixture.log.count("code changed") == 1 })
            let next = try #require(try await fixture.invoke("F").number("pid"))
            #expect(starts(fixture) == [process, next])
        }
    }

    @Test func oneEagerEnvironmentStays() async throws {
        try await withHost(.eager, idleSeconds: 1) { fixture in
            async let first = fixture.invoke("F", #"{"until": "go"}"#)
            async let second = fixture.invoke("F", #"{"until": "go"}"#)
            #expect(try await eventually { starts(fixture).count == 2 })
            try fixture.write("", to: "go")
            let processes = try await [first, second].compactMap { $0.number("pid") }
            #expect(Set(processes) == Set(starts(fixture)))
            #expect(try await eventually { processes.count(where: isAlive) == 1 })
            let kept = try #require(processes.first(where: isAlive))
            #expect(try await fixture.invoke("F").number("pid") == kept)
            #expect(starts(fixture).count == 2)
        }
    }
}
