// From results of functions to responses of REST APIs.

import Manifest
import Testing

@testable import Proxy

@Suite("Results behind REST APIs")
struct RESTResultTests {
    static let internalError = #"{"message": "Internal server error"}"#

    /// The response to a request of a function that answers `result`.
    static func response(
        _ result: String,
        method: String = "GET",
        _ fields: [String] = [],
        more: String = ""
    ) async throws -> ClientResponse {
        try await response(.result(result), method: method, fields, more: more)
    }

    static func response(
        _ reply: EndpointReply,
        method: String = "GET",
        _ fields: [String] = [],
        more: String = ""
    ) async throws -> ClientResponse {
        var response: ClientResponse?
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"], more: more))}"#,
            script: { _ in reply },
            { response = try await $0.send(method, "/", fields) }
        )
        return try #require(response)
    }

    @Test(
        "3.1: results that are responses",
        arguments: [
            (#"{"statusCode":200}"#, 200, ""),
            (#"{"headers":{"a":"b"}}"#, 200, ""),
            (#"{}"#, 200, ""),
            (#" { } "#, 200, ""),
            (#"{"statusCode":"201"}"#, 201, ""),
            (#"{"statusCode":null}"#, 200, ""),
            (#"{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":null}"#, 200, ""),
            (#"{"statusCode":200,"isBase64Encoded":null,"body":"x"}"#, 200, "x"),
            (#"{"statusCode":200,"body":"a\"b\\\/\n\u00e9\ud83d\ude00"}"#, 200, "a\"b\\/\né😀"),
            (#"{"body":"x","statusCode":418}"#, 418, "x"),
            (#"{"statusCode":599,"body":""}"#, 599, ""),
            (#"{"statusCode":200,"body":12.50}"#, 200, "12.50"),
            (#"{"statusCode":200,"body":true}"#, 200, "true"),
        ]
    )
    func responses(result: String, status: Int, body: String) async throws {
        let response = try await Self.response(result)
        #expect(response.status == status)
        #expect(response.body == body)
        #expect(response["content-type"] == "application/json")
        #expect(response["x-amzn-errortype"] == nil)
        #expect(response["content-length"] == "\(body.utf8.count)")
    }

    @Test(
        "3.1: results that are none are 502, to the byte",
        arguments: [
            #"{"statusCode":"test"}"#, #"{"statusCode":0}"#, #"{"statusCode":200.5}"#, #"{"statusCode":-1}"#,
            #"{"statusCode":99}"#, #"{"statusCode":600}"#, #"{"statusCode":99999999999999999999}"#,
            #"{"statusCode":true}"#, #"{"statusCode":[200]}"#, #"{"statusCode":200,"wrongValue":1}"#,
            #"{"statusCode":200,"cookies":[]}"#, #"{"statusCode":200,"multiValueHeaders":{"a":"b"}}"#,
            #"{"statusCode":200,"multiValueHeaders":["a"]}"#, #"{"statusCode":200,"headers":{"a":["b"]}}"#,
            #"{"statusCode":200,"headers":{"a":{}}}"#, #"{"statusCode":200,"headers":"a"}"#,
            #"{"statusCode":200,"body":{}}"#, #"{"statusCode":200,"body":["a"]}"#,
            #"{"statusCode":200,"isBase64Encoded":"maybe"}"#, #""text""#, "[]", "12", "null", "true", "", "not json",
            #"{"statusCode":200"#, #"{"statusCode":200}}"#, #"{"statusCode":200,}"#, #"{'statusCode':200}"#,
        ]
    )
    func malformed(result: String) async throws {
        let response = try await Self.response(result)
        #expect(response.status == 502)
        #expect(response.body == Self.internalError)
        #expect(response["content-length"] == "36")
        #expect(response["x-amzn-errortype"] == "InternalServerErrorException")
        #expect(response["x-amzn-trace-id"] == nil)
    }

    @Test(
        "3.1: what cannot be sent in a header is an error, never a header of its own",
        arguments: [
            #"{"headers":{"a":"b\r\nInjected: yes"}}"#, #"{"headers":{"a":"b\nc"}}"#, #"{"headers":{"a":"b\u0000"}}"#,
            #"{"headers":{"a\r\nInjected":"yes"}}"#, #"{"headers":{"a b":"c"}}"#, #"{"headers":{"":"c"}}"#,
            #"{"headers":{"a:":"c"}}"#, #"{"multiValueHeaders":{"a":["b","c\r\nInjected: yes"]}}"#,
            #"{"headers":{"Date":"b\r\nInjected: yes"}}"#, #"{"headers":{"a\u000d\u000aInjected":"yes"}}"#,
        ]
    )
    func injection(result: String) async throws {
        let response = try await Self.response(result)
        #expect(response.status == 502)
        #expect(response.body == Self.internalError)
        #expect(response["injected"] == nil)
    }

    @Test(
        "3.1: what the Invoke API answers",
        arguments: [
            (200, ["X-Amz-Function-Error: Unhandled"], 502), (200, ["x-amz-function-error: Handled"], 502),
            (403, [], 500), (404, [], 500), (429, [], 500), (500, [], 502), (502, [], 502), (503, [], 502),
            (202, [], 502), (400, [], 502),
        ] as [(Int, [String], Int)]
    )
    func invokeErrors(status: Int, fields: [String], expected: Int) async throws {
        let response = try await Self.response(.response(status, Array(#"{"statusCode":200}"#.utf8), fields: fields))
        #expect(response.status == expected)
        #expect(response.body == Self.internalError)
        #expect(response["x-amzn-errortype"] == "InternalServerErrorException")
    }

    @Test("3.5: an event that the Invoke API finds too large is 413")
    func invokeTooLarge() async throws {
        let response = try await Self.response(.response(413, []))
        #expect(response.status == 413)
        #expect(response.body == #"{"message":"Request Too Long"}"#)
    }

    @Test(
        "3.1: an endpoint that dies or talks nonsense is 502",
        arguments: [
            EndpointReply.last([]), .last(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".utf8)),
            .bytes(Array("SSH-2.0-x\r\n\r\n".utf8)), .bytes(Array("HTTP/1.1 200 OK\r\nA : b\r\n\r\n".utf8)),
            .last(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}".utf8)),
        ]
    )
    func brokenEndpoint(reply: EndpointReply) async throws {
        let response = try await Self.response(reply)
        #expect(response.status == 502)
        #expect(response.body == Self.internalError)
    }

    @Test("P1: multi-value headers first with their spelling, then the single value unless it repeats one of them")
    func headerMerge() async throws {
        let response = try await Self.response(
            """
            {"headers":{"myheader":"single","tesT-Same":"2","only":true,"number":7,"gone":null},
            "multiValueHeaders":{"MyHeader":["multi1","multi2"],"tesT-Same":["1","2"],"tesT-Multi":["x",3]}}
            """
        )
        #expect(response["myheader"] == "multi1|multi2|single")
        #expect(response.names("myheader") == ["MyHeader", "MyHeader", "MyHeader"])
        #expect(response["test-same"] == "1|2")
        #expect(response["only"] == "true")
        #expect(response["number"] == "7")
        #expect(response["gone"] == nil)
        #expect(response["tesT-Multi"] == "x|3")
        #expect(response.names("test-multi") == ["tesT-Multi", "tesT-Multi"])
    }

    @Test("P2: the default content type is application/json, and only where the function names none")
    func contentType() async throws {
        #expect(try await Self.response(#"{"body":"<p>"}"#)["content-type"] == "application/json")
        let named = try await Self.response(#"{"headers":{"CONTENT-type":"text/html"},"body":"<p>"}"#)
        #expect(named["content-type"] == "text/html")
        let multiple = try await Self.response(#"{"multiValueHeaders":{"Content-Type":["text/html"]}}"#)
        #expect(multiple["content-type"] == "text/html")
    }

    @Test(
        "P3: base64 is decoded where the first type of Accept is a binary one",
        arguments: [
            ("image/png", "image/png", true), ("image/png", "IMAGE/PNG;q=1, */*", true),
            ("image/png", "text/html, image/png", false), ("image/png", "*/*", false), ("image/png", "image/*", false),
            ("image/png", nil, false), ("*/*", "text/html", true), ("*/*", nil, true), ("image/*", "image/gif", true),
        ] as [(String, String?, Bool)]
    )
    func base64(types: String, accept: String?, decodes: Bool) async throws {
        let response = try await Self.response(
            #"{"body":"aGVsbG8=","isBase64Encoded":true,"headers":{"Content-Type":"text/plain"}}"#,
            accept.map { ["Accept: \($0)"] } ?? [],
            more: #""binaryTypes":["\#(types)"],"#
        )
        #expect(response.body == (decodes ? "hello" : "aGVsbG8="))
    }

    @Test("P3: text that is not flagged is never decoded, bad base64 is 500")
    func badBase64() async throws {
        let more = #""binaryTypes":["*/*"],"#
        #expect(try await Self.response(#"{"body":"aGVsbG8="}"#, more: more).body == "aGVsbG8=")
        #expect(try await Self.response(#"{"body":"aGVsbG8=","isBase64Encoded":"true"}"#, more: more).body == "hello")
        for body in ["aGVsbG8", "aGVs bG8=", "####", "=aGV", "aG=s"] {
            let response = try await Self.response(#"{"body":"\#(body)","isBase64Encoded":true}"#, more: more)
            #expect(response.status == 500, "\(body)")
            #expect(response.body == Self.internalError)
        }
    }

    @Test("P4: several Set-Cookie fields come from the multi-value headers")
    func cookies() async throws {
        let response = try await Self.response(#"{"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]}}"#)
        #expect(response["set-cookie"] == "a=1|b=2")
    }

    @Test("3.2: fields of the gateway come out under another name, and framing is never the function's")
    func remapped() async throws {
        let response = try await Self.response(
            """
            {"body":"hello","headers":{"Connection":"close","content-length":"1","Date":"then","Server":"mine",
            "WWW-Authenticate":"Basic","X-Amzn-RequestId":"theirs","Transfer-Encoding":"chunked","Upgrade":"x",
            "Keep-Alive":"x","Via":"kept","Access-Control-Allow-Origin":"*","Content-Encoding":"identity"}}
            """
        )
        #expect(response.body == "hello")
        #expect(
            response.names("x-amzn-remapped-").sorted() == [
                "x-amzn-Remapped-Connection", "x-amzn-Remapped-Date", "x-amzn-Remapped-Server",
                "x-amzn-Remapped-WWW-Authenticate", "x-amzn-Remapped-X-Amzn-RequestId",
                "x-amzn-Remapped-content-length",
            ]
        )
        #expect(response["x-amzn-remapped-date"] == "then")
        #expect(response["content-length"] == "5")
        #expect(response["connection"] == "keep-alive")
        #expect(response["server"] == nil)
        #expect(response["www-authenticate"] == nil)
        #expect(response["transfer-encoding"] == nil)
        #expect(response["upgrade"] == nil)
        #expect(response["via"] == "kept")
        #expect(response["access-control-allow-origin"] == "*")
        #expect(response["x-amzn-requestid"] != "theirs")
    }

    @Test("1.4: the trace of a response has the root of the request's, and more")
    func trace() async throws {
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#) { gateway async throws in
            let end = /;Parent=[0-9a-f]{16};Sampled=0;Lineage=1:[0-9a-f]{8}:0/
            let own = try #require(try await gateway.send("GET", "/a")["x-amzn-trace-id"])
            #expect(own.wholeMatch(of: /Root=1-[0-9a-f]{8}-[0-9a-f]{24};.*/) != nil && own.firstMatch(of: end) != nil)
            for sent in ["Root=1-2-3", "Root=1-2-3;Parent=4;Sampled=1"] {
                let trace = try await gateway.send("GET", "/a", ["X-Amzn-Trace-Id: \(sent)"])["x-amzn-trace-id"]
                #expect(trace?.hasPrefix("Root=1-2-3;Parent=") == true && trace?.firstMatch(of: end) != nil)
            }
        }
    }

    @Test("1.4: the fields of every response, and Connection: close for a client that asks for it")
    func envelope() async throws {
        let response = try await Self.response(#"{"body":"x"}"#)
        for name in ["date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "content-length"] {
            #expect(response[name] != nil, "\(name)")
        }
        #expect(response["connection"] == "keep-alive")
        #expect(try await Self.response("{}", ["Connection: close"])["connection"] == "close")
    }

    @Test("Responses without content: 204, 304 and those to HEAD", arguments: [204, 304])
    func noContent(status: Int) async throws {
        let reply = #"{"statusCode":\#(status),"body":"left out"}"#
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#,
            script: { _ in .result(reply) },
            { gateway async throws in
                let client = try await gateway.connect()
                for _ in 0..<2 {
                    try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    let response = try await client.response()
                    #expect(response.status == status)
                    #expect(response["content-length"] == nil)
                }
                #expect(client.received.isEmpty)
                await client.close()
            }
        )
    }

    @Test("A response to HEAD has the length that GET would have, and no content")
    func head() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#,
            script: { _ in .result(#"{"body":"hello"}"#) },
            { gateway async throws in
                let client = try await gateway.connect()
                try await client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try await client.response(toHead: true)
                #expect(head["content-length"] == "5")
                #expect(try await client.response().body == "hello")
                await client.close()
            }
        )
    }
}
