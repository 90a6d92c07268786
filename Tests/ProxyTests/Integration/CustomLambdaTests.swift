// Functions whose events and responses are made by templates.

import Manifest
import Testing

@testable import Proxy

@Suite("Lambda custom integrations")
struct CustomLambdaTests {
    private static func api(_ more: String) -> String {
        """
        {"A":{"kind":"rest","stage":"Prod","routes":{"ANY /":{"auth":"none",
        "integration":{"type":"aws","function":"F",\(more)}}}}}
        """
    }

    private static let standard = #""responses":{"default":{"statusCode":"200"}}"#

    @Test(
        "6.4: the event is the content, or the template of its type; without content it is {}",
        arguments: [
            ("", "application/json", #"{"a":1}"#, #"{"a":1}"#), ("", "application/json", "", "{}"),
            (#""templates":{"text/x":"{\"b\":2}"},"#, "text/x", "sent", #"{"b":2}"#),
            (#""templates":{"text/x":"{\"b\":2}"},"#, "application/json", "[1]", "[1]"),
            ("", "application/json", "no json", nil), (#""templates":{"$default":"{no}"},"#, "a/b", "", nil),
        ] as [(String, String, String, String?)]
    )
    func event(templates: String, type: String, sent: String, arrived: String?) async throws {
        try await TestGateway.serve(Self.api(templates + Self.standard), script: { _ in .result("[5]") }) {
            gateway async throws in
            let response = try await gateway.send("POST", "/", ["Content-Type: \(type)"], content: Array(sent.utf8))
            #expect(gateway.endpoint.requests.first?.text == arrived)
            guard arrived != nil else {
                #expect(response.status == 400)
                return
            }
            #expect(response.status == 200)
            #expect(response.body == "[5]")
            #expect(response["content-type"] == "application/json")
            #expect(response["x-amzn-trace-id"] != nil, "1.4: AWS has the trace id")
        }
    }

    @Test(
        "6.4: the message of an error selects the integration response, a success has the default",
        arguments: [
            (true, "Not found: x", 404), (true, "Other", 200), (true, "Not", 200), (false, "Not found: x", 200),
        ]
    )
    func selection(isError: Bool, message: String, status: Int) async throws {
        let responses = #""responses":{"default":{"statusCode":"200"},"Not found.*":{"statusCode":"404"}}"#
        try await TestGateway.serve(
            Self.api(responses),
            script: { _ in
                let content = Array(#"{"errorMessage":"\#(message)","errorType":"E"}"#.utf8)
                return .response(200, content, fields: isError ? ["X-Amz-Function-Error: Unhandled"] : [])
            }
        ) { gateway async throws in #expect(try await gateway.send().status == status) }
    }

    @Test("The patterns for a long message share their steps, and the default answers when these are over")
    func longMessage() async throws {
        let slow = (0..<9).map { #""(.*)(.*)(.*)(.*)(.*)x\#($0)":{"statusCode":"404"}"# }.joined(separator: ",")
        let responses = #""responses":{"default":{"statusCode":"200"},\#(slow),"a.*":{"statusCode":"409"}}"#
        for (length, status) in [(100, 409), (100_000, 200)] {
            let content = Array(#"{"errorMessage":"\#(String(repeating: "a", count: length))"}"#.utf8)
            try await TestGateway.serve(
                Self.api(responses),
                script: { _ in .response(200, content, fields: ["X-Amz-Function-Error: Unhandled"]) }
            ) { gateway async throws in #expect(try await gateway.send().status == status) }
        }
    }

    @Test("6.4: fields of the response come from what the function has returned")
    func response() async throws {
        let responses = """
            "responses":{"default":{"statusCode":"302","templates":{"text/html":"<p>"},
            "parameters":{"method.response.header.Location":"integration.response.body.place.url"}}}
            """
        try await TestGateway.serve(
            Self.api(responses),
            script: { _ in .result(#"{"place":{"url":"https:\/\/a.test\/"}}"#) }
        ) { gateway async throws in
            let response = try await gateway.send()
            #expect(response.status == 302)
            #expect(response["location"] == "https://a.test/")
            #expect(response.body == "<p>")
            #expect(response["content-type"] == "text/html")
        }
    }

    @Test("6.4: an invocation may be asynchronous")
    func asynchronous() async throws {
        let more = #""parameters":{"integration.request.header.X-Amz-Invocation-Type":"'Event'"},"# + Self.standard
        try await TestGateway.serve(Self.api(more), script: { _ in .response(202, []) }) { gateway async throws in
            #expect(try await gateway.send().status == 200)
            #expect(gateway.endpoint.requests.first?.values("x-amz-invocation-type") == ["Event"])
        }
    }

    @Test(
        "3.2 AWS: to map a field that is the gateway's own is 500",
        arguments: [
            "Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id", "Authorization",
            "Connection", "Expect", "Proxy-Authenticate", "TE",
        ]
    )
    func forbidden(name: String) async throws {
        let more = #""parameters":{"integration.request.header.\#(name)":"'x'"},"# + Self.standard
        try await TestGateway.serve(Self.api(more)) { gateway async throws in
            let response = try await gateway.send()
            #expect(response.status == 500)
            #expect(response.body == #"{"message": "Internal server error"}"#)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test(
        "3.1: what becomes of functions that cannot be invoked",
        arguments: [(403, 500), (404, 500), (413, 413), (429, 504), (500, 502)]
    )
    func refused(status: Int, expected: Int) async throws {
        try await TestGateway.serve(
            Self.api(Self.standard),
            script: { _ in .response(status, Array("{}".utf8)) }
        ) { gateway async throws in #expect(try await gateway.send().status == expected) }
    }
}
