// The end of a request's log in the answer of the Invoke API.

import Foundation
import NIOHTTP1
import Testing

@testable import Host

@Suite("LogType Tail")
struct LogTailTests {
    private static let code = """
        import os, sys
        print("loading")

        def handler(event, context):
            for number in range(event.get("lines", 0)):
                print("line", number)
            print("end", file=sys.stderr)
            sys.stdout.flush()
            if "exit" in event:
                os._exit(1)
            if "raise" in event:
                raise ValueError("no")
            return "done"
        """

    private func withFunction(_ body: (HostFixture) async throws -> Void) async throws {
        try await HostFixture.withHost(
            #"""
            "F": {"runtime": "python3.12", "handler": "index.handler", "code": "f"},
            "Bad": {"runtime": "python3.12", "handler": "nope.handler", "code": "f"}
            """#,
            files: ["f/index.py": Self.code],
            body
        )
    }

    /// The lines of the answer, the request's id masked.
    private func tail(_ answer: HTTPAnswer) throws -> [String] {
        let encoded = try #require(answer.headers.first(name: "X-Amz-Log-Result"))
        let id = try #require(answer.headers.first(name: "x-amzn-RequestId"))
        let text = String(decoding: try #require(Data(base64Encoded: encoded)), as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.dropLast().replacing(id, with: "ID").split(separator: "\n").map(String.init)
    }

    private static let header = [("X-Amz-Log-Type", "Tail")]

    @Test("The lines of the request, and of no other")
    func lines() async throws {
        try await withFunction { fixture in
            for _ in 0..<10 {
                let answer = try await fixture.invoke("F", #"{"lines": 2}"#, headers: Self.header)
                #expect(answer.body == #""done""#)
                let lines = try tail(answer)
                #expect(lines.first == "START RequestId: ID Version: $LATEST")
                #expect(lines.dropFirst().dropLast(2).sorted() == ["end", "line 0", "line 1"])
                #expect(lines.dropLast().last == "END RequestId: ID")
                #expect(lines.last?.hasPrefix("REPORT RequestId: ID\tDuration: ") == true)
            }
        }
    }

    @Test("Never more than 4096 bytes, the last ones")
    func limit() async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("F", #"{"lines": 5000}"#, headers: Self.header)
            let encoded = try #require(answer.headers.first(name: "X-Amz-Log-Result"))
            #expect(Data(base64Encoded: encoded)?.count == 4096)
            let lines = try tail(answer)
            #expect(lines.last?.hasPrefix("REPORT RequestId: ID\t") == true)
            #expect(lines.contains("line 4999") && !lines.contains("line 0"))
        }
    }

    @Test("Errors have it as well", arguments: [#"{"raise": 1}"#, #"{"exit": 1}"#])
    func errors(payload: String) async throws {
        try await withFunction { fixture in
            let answer = try await fixture.invoke("F", payload, headers: Self.header)
            #expect(answer.functionError == "Unhandled")
            let lines = try tail(answer)
            #expect(lines.first == "START RequestId: ID Version: $LATEST")
            #expect(lines.contains("end"))
            #expect(lines.last?.contains("Status: error") == payload.contains("exit"))
        }
    }

    @Test("A request that no process ever got")
    func failedStart() async throws {
        try await withFunction { fixture in
            let lines = try tail(await fixture.invoke("Bad", headers: Self.header))
            #expect(lines.prefix(2) == ["START RequestId: ID Version: $LATEST", "END RequestId: ID"])
            #expect(lines.last?.hasSuffix("\tStatus: error\tError Type: Runtime.ImportModuleError") == true)
        }
    }

    @Test("Who does not ask, or does not wait, gets none; an unknown type is refused")
    func others() async throws {
        try await withFunction { fixture in
            #expect(try await fixture.invoke("F").headers.first(name: "X-Amz-Log-Result") == nil)
            for type in ["Event", "DryRun"] {
                let headers = Self.header + [("X-Amz-Invocation-Type", type)]
                let answer = try await fixture.invoke("F", headers: headers)
                #expect([.accepted, .noContent].contains(answer.status))
                #expect(answer.headers.first(name: "X-Amz-Log-Result") == nil)
            }
            let none = try await fixture.invoke("F", headers: [("X-Amz-Log-Type", "None")])
            #expect(none.headers.first(name: "X-Amz-Log-Result") == nil)
            let wrong = try await fixture.invoke("F", headers: [("X-Amz-Log-Type", "tail")])
            #expect(wrong.status == .badRequest)
            #expect(wrong.headers.first(name: "x-amzn-ErrorType") == "InvalidParameterValueException")
        }
    }
}
