// The part of the requests that a stage's canary answers.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Canaries")
struct CanaryTests {
    private static let parts: [(percent: Double, random: UInt64, isTaken: Bool)] = [
        (0, 0, false), (0, .max, false), (100, 0, true), (100, .max, true), (50, 0x7FFF_FFFF_FFFF_F000, true),
        (50, 0x8000_0000_0000_1000, false), (0.1, 0x0041_0000_0000_0000, true), (0.1, 0x0042_0000_0000_0000, false),
    ]

    @Test(
        "6.7: a canary takes its part of the requests, each by itself",
        arguments: parts
    )
    func part(percent: Double, random: UInt64, isTaken: Bool) {
        var canary = Canary()
        canary.percent = percent
        #expect(canary.takes(random) == isTaken)
    }

    private static func event(percent: Int, _ more: String = "") async throws -> (JSONValue, ClientResponse) {
        let api = TestGateway.api(
            .rest,
            ["GET /a"],
            more:
                #""stageVariables":{"a":"1","b":"2"},"canary":{"percent":\#(percent),"stageVariables":{"b":"3","c":"4"}},"#
                + #""gatewayResponses":{"DEFAULT_4XX":{"templates":{"application/json":"$stageVariables.b $context.isCanaryRequest"}}},"#
        )
        var event: JSONValue?
        var error: ClientResponse?
        try await TestGateway.serve(#"{"A":\#(api)}"#) { gateway async throws in
            _ = try await gateway.send("GET", "/a")
            event = try gateway.event()
            error = try await gateway.send("GET", "/none")
        }
        return (try #require(event), try #require(error))
    }

    @Test("6.7: the canary has its own variables over those of the stage, and the event says that it answers")
    func canary() async throws {
        let (event, error) = try await Self.event(percent: 100)
        #expect(event["stageVariables"] == ["a": "1", "b": "3", "c": "4"])
        #expect(event.at("requestContext/isCanaryRequest") == true)
        #expect(error.body == "3 true")
    }

    @Test("6.7: other requests have the variables of the stage")
    func stage() async throws {
        let (event, error) = try await Self.event(percent: 0)
        #expect(event["stageVariables"] == ["a": "1", "b": "2"])
        #expect(event.at("requestContext/isCanaryRequest") == false)
        #expect(error.body == "2 ")
    }

    @Test("6.7: an event of a stage without a canary says nothing of one, and no variables are null")
    func none() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#) { gateway async throws in
            _ = try await gateway.send("GET", "/a")
            #expect(try gateway.event().at("requestContext/isCanaryRequest") == nil)
            #expect(try gateway.event()["stageVariables"] == .null)
        }
    }
}
