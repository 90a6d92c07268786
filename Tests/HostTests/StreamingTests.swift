// Responses that come part by part, and those who take them part by part or whole.

import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct StreamingTests {
    private func stream(
        _ fixture: HostFixture,
        _ event: String,
        function: String = "S"
    ) async throws -> EventStreamReader {
        let answer = try await fixture.send(
            .POST,
            "/2021-11-15/functions/\(function)/response-streaming-invocations",
            body: ByteBuffer(string: event)
        )
        #expect(answer.status == .ok)
        #expect(answer.headers.first(name: "Content-Type") == "application/vnd.amazon.eventstream")
        #expect(answer.headers.first(name: "X-Amz-Executed-Version") == "$LATEST")
        return try EventStreamReader(answer.bytes)
    }

    private func answers(_ fixture: HostFixture) -> String { fixture.text(of: "answers") }

    @Test func partsReachTheCallerAsTheyCome() async throws {
        try await StreamingRuntime.withHost { fixture in
            let event = #"{"parts": ["one", "two"], "await": "go"}"#
            let (client, channel) = try await SlowClient.invoke(event, port: fixture.host.port)
            let hasFirst = try await eventually {
                var reader = EventStreamReader()
                try reader.append(client.progress.bytes)
                return reader.payload == "one"
            }
            #expect(hasFirst)
            #expect(client.progress.isComplete == false)
            try fixture.write("", to: "go")
            #expect(try await eventually { client.progress.isComplete })
            let reader = try EventStreamReader(client.progress.bytes)
            #expect(reader.messages.map(\.payload) == ["one", "two", "{}"])
            #expect(reader.messages.last?.event == "InvokeComplete")
            #expect(reader.messages.map(\.contentType).first == "application/octet-stream")
            try await channel.close()
        }
    }

    @Test func bothKindsOfResponseForBothKindsOfCaller() async throws {
        try await StreamingRuntime.withHost { fixture in
            let parts = #"{"parts": ["[1,", "2]"]}"#
            #expect(try await stream(fixture, parts).payload == "[1,2]")
            let collected = try await fixture.invoke("S", parts)
            #expect(collected.body == "[1,2]")
            #expect(collected.functionError == nil)
            let whole = try await stream(fixture, #"{"plain": "response", "text": "[3]"}"#)
            #expect(whole.messages.map(\.payload) == ["[3]", "{}"])
            let empty = try await stream(fixture, #"{"parts": []}"#)
            #expect(empty.messages.map(\.event) == ["InvokeComplete"])
            let error = try await stream(fixture, #"{"plain": "error", "text": "{\"errorType\":\"E\"}"}"#)
            #expect(error.messages.count == 1)
            #expect(error.complete?["ErrorCode"] == "E")
            #expect(error.complete?["ErrorDetails"] == #"{"errorType":"E"}"#)
            #expect(answers(fixture).components(separatedBy: "HTTP/1.1 202 Accepted").count == 4)
        }
    }

    @Test func preludeIsPassedThrough() async throws {
        try await StreamingRuntime.withHost { fixture in
            let type = "application/vnd.awslambda.http-integration-response"
            let nulls = String(repeating: #"\u0000"#, count: 8)
            let event = #"{"contentType": "\#(type)", "parts": ["{\"statusCode\":201}", "\#(nulls)", "body"]}"#
            let expected = #"{"statusCode":201}"# + String(repeating: "\0", count: 8) + "body"
            let streamed = try await stream(fixture, event)
            #expect(streamed.payload == expected)
            let whole = try await fixture.invoke("S", event)
            #expect(whole.body == expected)
        }
    }

    @Test func errorInTrailers() async throws {
        try await StreamingRuntime.withHost { fixture in
            let event = #"{"parts": ["a"], "type": "Runtime.X", "body": "{\"errorType\":\"Runtime.X\",\"n\":1}"}"#
            let streamed = try await stream(fixture, event)
            #expect(streamed.payload == "a")
            #expect(streamed.complete?["ErrorCode"] == "Runtime.X")
            #expect(streamed.complete?["ErrorDetails"] == #"{"errorType":"Runtime.X","n":1}"#)
            let whole = try await fixture.invoke("S", event)
            #expect(whole.functionError == "Unhandled")
            #expect(whole.number("n") == 1)
            let bare = try await fixture.invoke("S", #"{"parts": ["a"], "type": "Runtime.Y"}"#)
            #expect(bare.functionError == "Unhandled")
            #expect(bare.body == #"{"errorType":"Runtime.Y"}"#)
        }
    }

    @Test(arguments: ["cut", "exit"]) func responseThatBreaksOff(end: String) async throws {
        try await StreamingRuntime.withHost { fixture in
            let event = #"{"parts": ["a"], "end": "\#(end)"}"#
            let streamed = try await stream(fixture, event)
            #expect(streamed.payload == "a")
            let types =
                end == "cut" ? ["Runtime.TruncatedResponse"] : ["Runtime.TruncatedResponse", "Runtime.ExitError"]
            #expect(types.contains(streamed.complete?["ErrorCode"]?.string ?? ""))
            let whole = try await fixture.invoke("S", event)
            #expect(whole.functionError == "Unhandled")
            #expect(types.contains(whole.text("errorType") ?? ""))
            #expect(try await fixture.invoke("S", #"{"parts": ["1"]}"#).body == "1")
        }
    }

    @Test func timeoutAmidParts() async throws {
        try await StreamingRuntime.withHost { fixture in
            let streamed = try await stream(fixture, #"{"parts": ["a"], "end": "hang"}"#, function: "Short")
            #expect(streamed.payload == "a")
            #expect(streamed.complete?["ErrorCode"] == "Sandbox.Timedout")
        }
    }

    /// A caller of a long response that has stopped the function by not reading on.
    private func callerThatStopsReading(_ fixture: HostFixture) async throws -> (SlowClient, any Channel) {
        let (client, channel) = try await SlowClient.invoke(
            #"{"parts": ["a"], "megabytes": 64}"#,
            port: fixture.host.port,
            keepsBytes: false
        )
        #expect(try await eventually { client.progress.count > 0 })
        try await channel.setOption(.autoRead, value: false).get()
        // The function says so once the host takes nothing from it for a second.
        #expect(try await eventually { fixture.text(of: "blocked") == "blocked" })
        return (client, channel)
    }

    @Test func slowCallerStopsTheFunction() async throws {
        try await StreamingRuntime.withHost { fixture in
            let (client, channel) = try await callerThatStopsReading(fixture)
            #expect(client.progress.isComplete == false)
            try await channel.setOption(.autoRead, value: true).get()
            #expect(try await eventually { client.progress.isComplete })
            #expect(client.progress.count > 64 << 20)
            try await channel.close()
        }
    }

    @Test func callerThatGoesAwayIsDrainedFor() async throws {
        try await StreamingRuntime.withHost { fixture in
            let (_, channel) = try await callerThatStopsReading(fixture)
            try await channel.close()
            #expect(try await eventually { answers(fixture).contains("HTTP/1.1 202 Accepted") })
            #expect(try await stream(fixture, #"{"parts": ["b"]}"#).payload == "b")
        }
    }

    @Test func limitsAndRefusals() async throws {
        try await StreamingRuntime.withHost { fixture in
            let large = try await fixture.invoke("S", #"{"megabytes": 7}"#)
            #expect(large.text("errorType") == "Function.ResponseSizeTooLarge")
            #expect(
                try await eventually {
                    answers(fixture).contains("Exceeded maximum allowed payload size (6291556 bytes).")
                }
            )
            let mode = try await fixture.invoke("S", #"{"mode": "trickling", "parts": ["a"]}"#)
            #expect(mode.text("errorType") == "Runtime.InvalidResponseModeHeader")
            #expect(try await eventually { answers(fixture).contains(#""errorType":"InvalidFunctionResponseMode""#) })
            let other = try await stream(fixture, #"{"id": "another", "parts": ["a"]}"#)
            #expect(other.payload == "after")
            #expect(try await eventually { answers(fixture).contains(#""errorType":"InvalidRequestID""#) })
            let buffered = try await fixture.invoke("S", #"{"mode": "Buffered", "parts": ["[7]"]}"#)
            #expect(buffered.body == "[7]")
        }
    }

    @Test func parametersOfTheStreamingInvoke() async throws {
        try await StreamingRuntime.withHost { fixture in
            let path = "/2021-11-15/functions/S/response-streaming-invocations"
            let dry = try await fixture.send(.POST, path, headers: [("X-Amz-Invocation-Type", "DryRun")])
            #expect(dry.status == .noContent)
            let event = try await fixture.send(.POST, path, headers: [("X-Amz-Invocation-Type", "Event")])
            #expect(event.status == .badRequest)
            let unknown = try await fixture.send(.POST, path.replacingOccurrences(of: "/S/", with: "/T/"))
            #expect(unknown.status == .notFound)
            let tenant = try await fixture.send(
                .POST,
                path,
                headers: [("X-Amz-Tenant-Id", "blue=1 @x")],
                body: ByteBuffer(string: #"{"tenant": true}"#)
            )
            let reader = try EventStreamReader(tenant.bytes)
            #expect(reader.payload == "blue=1 @x")
        }
    }
}
