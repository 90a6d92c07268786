// From results of functions to responses of HTTP APIs, in both formats.

import Manifest
import Testing

@testable import Proxy

@Suite("Results behind HTTP APIs")
struct HTTPResultTests {
    static let internalError = #"{"message":"Internal Server Error"}"#

    private static func response(
        _ reply: EndpointReply,
        method: String = "GET",
        payload: String = "2.0",
        _ fields: [String] = []
    ) async throws -> ClientResponse {
        var response: ClientResponse?
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["ANY /"], route: #","payload":"\#(payload)""#))}"#,
            script: { _ in reply },
            { response = try await $0.send(method, "/", fields) }
        )
        return try #require(response)
    }

    // MARK: Format 2.0

    @Test(
        "3.4: results with a statusCode are responses",
        arguments: [
            (#"{"statusCode":200}"#, 200, ""), (#"{"statusCode":"201","body":"x"}"#, 201, "x"),
            (#"{"body":"a\nb","statusCode":404,"unknown":{"a":[1]}}"#, 404, "a\nb"),
            (#"{"statusCode":200,"body":7}"#, 200, "7"),
            (#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}"#, 200, "hello"),
            (#"{"statusCode":200,"body":null,"headers":null,"cookies":null}"#, 200, ""),
            (#"{"statusCode":200,"multiValueHeaders":{"a":"ignored"}}"#, 200, ""),
        ]
    )
    func responses(result: String, status: Int, body: String) async throws {
        let response = try await Self.response(.result(result))
        #expect(response.status == status)
        #expect(response.body == body)
        #expect(response["content-type"] == "text/plain; charset=utf-8")
    }

    @Test(
        "3.4: anything else is the content of a response of its own",
        arguments: [
            (#"{"a":1}"#, #"{"a":1}"#), (#"{"StatusCode":201}"#, #"{"StatusCode":201}"#),
            (#"{"statuscode":201}"#, #"{"statuscode":201}"#),
            (#"{"a":{"statusCode":404}}"#, #"{"a":{"statusCode":404}}"#),
            (#"[1, 2]"#, #"[1, 2]"#), ("12", "12"), ("true", "true"), ("null", "null"),
            (#""test""#, "test"), (#""""#, ""), (#""a\"b\u00e9""#, "a\"bé"),
            ("not json", "not json"), (#"{"statusCode":200"#, #"{"statusCode":200"#), (#""a" b"#, #""a" b"#), ("", ""),
        ]
    )
    func inferred(result: String, body: String) async throws {
        let response = try await Self.response(.result(result))
        #expect(response.status == 200)
        #expect(response.body == body)
        #expect(response["content-type"] == "application/json")
    }

    @Test(
        "3.4: results that are none are 500, to the byte",
        arguments: [
            #"{"statusCode":200.5}"#, #"{"statusCode":0}"#, #"{"statusCode":"test"}"#, #"{"statusCode":{}}"#,
            #"{"statusCode":200,"headers":{"a":["b"]}}"#, #"{"statusCode":200,"cookies":"a=1"}"#,
            #"{"statusCode":200,"body":{}}"#, #"{"statusCode":200,"body":"!!!!","isBase64Encoded":true}"#,
            #"{"statusCode":200,"headers":{"a":"b\r\nInjected: yes"}}"#,
            #"{"statusCode":200,"headers":{"a\r\nInjected":"yes"}}"#,
            #"{"statusCode":200,"cookies":["a=1\r\nInjected: yes"]}"#,
        ]
    )
    func malformed(result: String) async throws {
        let response = try await Self.response(.result(result))
        #expect(response.status == 500)
        #expect(response.body == Self.internalError)
        #expect(response["content-length"] == "35")
        #expect(response["injected"] == nil)
        #expect(response["x-amzn-errortype"] == nil)
    }

    @Test("3.4: cookies first, then headers with names in title case and values as one")
    func headers() async throws {
        let response = try await Self.response(
            .result(
                """
                {"statusCode":200,"cookies":["a=1","b=2; Path=/"],
                "headers":{"myheader":"a, b","X-OTHER-header":"1","set-cookie":"c=3","number":4,"flag":false}}
                """
            )
        )
        #expect(response["set-cookie"] == "a=1|b=2; Path=/|c=3")
        #expect(response["myheader"] == "a, b")
        #expect(response.names("myheader") == ["Myheader"])
        #expect(response.names("x-other") == ["X-Other-Header"])
        #expect(response["number"] == "4")
        #expect(response["flag"] == "false")
    }

    @Test("Framing and connection are never the function's")
    func framing() async throws {
        let response = try await Self.response(
            .result(
                """
                {"statusCode":200,"body":"hello","headers":{"Content-Length":"1","Transfer-Encoding":"chunked",
                "Connection":"close","Keep-Alive":"x","Upgrade":"y","Trailer":"z"}}
                """
            )
        )
        #expect(response.body == "hello")
        #expect(response["content-length"] == "5")
        #expect(response["transfer-encoding"] == nil)
        #expect(response["connection"] == "keep-alive")
    }

    @Test(
        "3.4: what the Invoke API answers",
        arguments: [
            (200, ["X-Amz-Function-Error: Unhandled"], 500, internalError), (403, [], 500, internalError),
            (404, [], 500, internalError), (429, [], 503, #"{"message":"Service Unavailable"}"#),
            (500, [], 500, internalError), (503, [], 500, internalError),
            (413, [], 413, #"{"message":"Request Entity Too Large"}"#),
        ] as [(Int, [String], Int, String)]
    )
    func invokeErrors(status: Int, fields: [String], expected: Int, body: String) async throws {
        let reply = EndpointReply.response(status, Array(#"{"statusCode":200}"#.utf8), fields: fields)
        for payload in ["1.0", "2.0"] {
            let response = try await Self.response(reply, payload: payload)
            #expect(response.status == expected)
            #expect(response.body == body)
        }
    }

    @Test("1.4: the fields of every response")
    func envelope() async throws {
        let response = try await Self.response(.result(#"{"statusCode":200,"body":"x"}"#))
        #expect(response.names("") == ["Content-Type", "Apigw-Requestid", "Date", "Content-Length", "Connection"])
    }

    // MARK: Format 1.0

    @Test("3.3: headers, then multi-value headers that say something else; names in title case")
    func version1Headers() async throws {
        let response = try await Self.response(
            .result(
                """
                {"statusCode":202,"body":"x","headers":{"myheader":"single","same":"1"},
                "multiValueHeaders":{"MYHEADER":["multi1","multi2"],"same":["1"]},"unknown":1,"cookies":["a=1"]}
                """
            ),
            payload: "1.0"
        )
        #expect(response.status == 202)
        #expect(response["myheader"] == "single|multi1|multi2")
        #expect(response.names("myheader") == ["Myheader", "Myheader", "Myheader"])
        #expect(response["same"] == "1")
        #expect(response["set-cookie"] == nil)
        #expect(response["content-type"] == "text/plain; charset=utf-8")
    }

    @Test("3.3: base64 is decoded whatever the client accepts")
    func version1Base64() async throws {
        let response = try await Self.response(
            .result(#"{"statusCode":200,"body":"aGVsbG8=","isBase64Encoded":true}"#),
            payload: "1.0",
            ["Accept: text/html"]
        )
        #expect(response.body == "hello")
    }

    @Test(
        "3.3: results that are none are 500, to the byte",
        arguments: [
            "not json", "{}", #"{"body":"x"}"#, #"{"statusCode":0}"#, #"{"statusCode":null}"#, "12", #""x""#, "",
            #"{"statusCode":200,"headers":{"a":"b\nInjected: yes"}}"#,
        ]
    )
    func version1Malformed(result: String) async throws {
        let response = try await Self.response(.result(result), payload: "1.0")
        #expect(response.status == 500)
        #expect(response.body == Self.internalError)
        #expect(response["content-length"] == "35")
        #expect(response["injected"] == nil)
    }
}
