// Starts that take longer than Lambda's ten seconds: a second one has the time of a request.

import Testing

@testable import Host

@Suite(.serialized) struct SlowStartTests {
    /// Its first `HANGS` starts do not end. It counts its starts outside of its code, whose changes would replace it.
    private static let app = """
        import os, time
        with open("../starts", "a+") as file:
            file.write("x")
            file.flush()
            file.seek(0)
            starts = len(file.read())
        if starts <= int(os.environ["HANGS"]):
            time.sleep(600)
        def handler(event, context):
            return starts
        """

    private func withFunction(hangs: Int, timeout: Int, _ body: (HostFixture) async throws -> Void) async throws {
        let function = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "code", "timeoutSeconds": \(timeout),
                  "environment": {"HANGS": "\(hangs)"}}
            """
        var pooling = PoolSettings()
        pooling.initSeconds = 1
        try await HostFixture.withHost(function, files: ["code/app.py": Self.app], pooling: pooling, body)
    }

    @Test func aSecondStartAnswers() async throws {
        try await withFunction(hangs: 1, timeout: 60) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError == nil)
            #expect(answer.body == "2")
            let reports = fixture.log.lines.filter { $0.message.hasPrefix("INIT_REPORT ") }
            #expect(reports.count == 1)
            #expect(reports.first?.message.hasSuffix("Phase: init\tStatus: timeout") == true)
        }
    }

    @Test func aSecondStartHasTheFunctionsTimeout() async throws {
        try await withFunction(hangs: 2, timeout: 1) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.functionError == "Unhandled")
            #expect(answer.text("errorType") == "Sandbox.Timedout")
            #expect(answer.text("errorMessage")?.hasSuffix(" Task timed out after 1.00 seconds") == true)
            let reports = fixture.log.lines.filter { $0.message.hasPrefix("INIT_REPORT ") }.map(\.message)
            #expect(reports.map { $0.hasSuffix("Phase: init\tStatus: timeout") } == [true, false])
            #expect(reports.last?.hasSuffix("Phase: invoke\tStatus: timeout") == true)
            #expect(fixture.text(of: "starts") == "xx")
        }
    }
}
