// Events of REST APIs, member by member.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Events of REST APIs, format 1.0")
struct RESTEventTests {
    private static let api = TestGateway.api(
        .rest,
        ["ANY /items/{id}/{rest+}", "ANY /items", "ANY /{proxy+}", "ANY /"],
        more: #""binaryTypes":["image/png","audio/*"],"stageVariables":{"colour":"red","size":"\"L\""},"#
    )

    private static func event(
        _ method: String = "GET",
        _ target: String = "/items",
        _ fields: [String] = [],
        content: [UInt8]? = nil,
        api: String = api
    ) async throws -> JSONValue {
        var event = JSONValue.null
        try await TestGateway.serve(#"{"A":\#(api)}"#) { gateway async throws in
            _ = try await gateway.send(method, target, fields, content: content)
            event = try gateway.event()
        }
        return event
    }

    @Test("2.1: the name of the operation is there where the route has one")
    func operationName() async throws {
        let api = TestGateway.api(.rest, ["GET /a"], route: #","operationName":"List\"Items""#)
        try await TestGateway.serve(#"{"R":\#(api)}"#) { gateway in
            _ = try await gateway.send("GET", "/a")
            #expect(try gateway.event().at("requestContext/operationName") == .string("List\"Items"))
        }
    }

    @Test("2.1: every member is always there, and there is no other")
    func members() async throws {
        let event = try await Self.event()
        #expect(
            event.object?.keys.sorted() == [
                "body", "headers", "httpMethod", "isBase64Encoded", "multiValueHeaders",
                "multiValueQueryStringParameters", "path", "pathParameters", "queryStringParameters",
                "requestContext", "resource", "stageVariables",
            ]
        )
        #expect(
            event["requestContext"]?.object?.keys.sorted() == [
                "accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod",
                "identity", "path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId",
                "resourcePath", "stage",
            ]
        )
        #expect(
            event.at("requestContext/identity")?.object?.keys.sorted() == [
                "accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType",
                "cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId", "sourceIp", "user", "userAgent",
                "userArn",
            ]
        )
        for absent in ["queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "body"] {
            #expect(event[absent] == .null, "\(absent)")
        }
        #expect(event["isBase64Encoded"] == false)
        #expect(event["stageVariables"] == ["colour": "red", "size": "\"L\""])
        #expect(event.at("requestContext/identity/sourceIp") == "127.0.0.1")
        #expect(event.at("requestContext/identity/userAgent") == .null)
        #expect(event.at("requestContext/protocol") == "HTTP/1.1")
        #expect(event.at("requestContext/domainName") == "gateway.test")
        #expect(event.at("requestContext/domainPrefix") == "gateway")
    }

    @Test("2.1: no stage variables are null")
    func noStageVariables() async throws {
        let event = try await Self.event(api: TestGateway.api(.rest, ["ANY /items"]))
        #expect(event["stageVariables"] == .null)
    }

    @Test(
        "R1.7, R1.8, R1.9, R1.26: paths as they were sent, the stage in requestContext.path only",
        arguments: [
            ("/items/7/a/b", "/items/{id}/{rest+}", "/items/7/a/b", "/Prod/items/7/a/b", ["id": "7", "rest": "a/b"]),
            ("/x/", "/{proxy+}", "/x/", "/Prod/x/", ["proxy": "x"]),
            ("//x", "/{proxy+}", "/x", "/Prod//x", ["proxy": "x"]),
            ("/a//b", "/{proxy+}", "/a//b", "/Prod/a//b", ["proxy": "a//b"]),
            ("/a%20b%2Bc+d", "/{proxy+}", "/a%20b%2Bc+d", "/Prod/a%20b%2Bc+d", ["proxy": "a%20b%2Bc+d"]),
            ("/items/", "/items", "/items/", "/Prod/items/", [:]),
            ("/", "/", "/", "/Prod/", [:]),
        ] as [(String, String, String, String, [String: String])]
    )
    func paths(target: String, resource: String, path: String, full: String, parameters: [String: String])
        async throws
    {
        let event = try await Self.event("GET", target)
        #expect(event["resource"]?.string == resource)
        #expect(event.at("requestContext/resourcePath")?.string == resource)
        #expect(event["path"]?.string == path)
        #expect(event.at("requestContext/path")?.string == full)
        #expect(event.at("requestContext/stage") == "Prod")
        let found = event["pathParameters"]?.object?.members.map { ($0.key, $0.value.string ?? "") } ?? []
        #expect(Dictionary(uniqueKeysWithValues: found) == parameters)
        if parameters.isEmpty { #expect(event["pathParameters"] == .null) }
    }

    @Test("E1: the last of duplicates in the single maps, all of them in order in the others")
    func duplicates() async throws {
        let event = try await Self.event(
            "GET",
            "/items?price=10&x=1&price=20&price=30",
            ["X-A: 1", "x-b: 2", "x-A: 3"]
        )
        #expect(event["queryStringParameters"] == ["price": "30", "x": "1"])
        #expect(event["multiValueQueryStringParameters"] == ["price": ["10", "20", "30"], "x": ["1"]])
        #expect(event.at("headers/X-A") == "3")
        #expect(event.at("multiValueHeaders/X-A") == ["1", "3"])
        #expect(event.at("headers/x-b") == "2")
        #expect(event.at("multiValueHeaders/x-b") == ["2"])
        #expect(event.at("headers/x-A") == nil)
    }

    @Test(
        "R1.9, R1.13: query values are form-decoded",
        arguments: [
            ("a=b+c&d=%2B", ["a": "b c", "d": "+"]),
            ("a", ["a": ""]),
            ("a=", ["a": ""]),
            ("a=1;b=2", ["a": "1", "b": "2"]),
            ("&&a=1&", ["a": "1"]),
            ("a=b=c", ["a": "b=c"]),
            ("a=%zz%4", ["a": "%zz%4"]),
            ("%C3%A9=%22", ["é": "\""]),
            ("a=%FF", ["a": "\u{FFFD}"]),
        ] as [(String, [String: String])]
    )
    func queries(query: String, expected: [String: String]) async throws {
        let event = try await Self.event("GET", "/items?\(query)")
        let found = event["queryStringParameters"]?.object?.members.map { ($0.key, $0.value.string ?? "-") } ?? []
        #expect(Dictionary(uniqueKeysWithValues: found) == expected)
    }

    @Test("E2: header names keep the client's case but for those that come out canonical")
    func headerCase() async throws {
        let event = try await Self.event(
            "GET",
            "/items",
            [
                "tEsT-HEADeR: aB", "hOST: h.test", "uSER-aGENT: me", "aUTHORIZATION: x", "x-amzn-trace-id: Root=1-2-3",
                "x-forwarded-for: 1.2.3.4", "x-forwarded-PORT: 1", "x-forwarded-proto: gopher",
            ]
        )
        #expect(
            event["headers"]?.object?.keys.sorted() == [
                "Authorization", "Host", "User-Agent", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port",
                "X-Forwarded-Proto", "tEsT-HEADeR",
            ]
        )
        #expect(event.at("headers/tEsT-HEADeR") == "aB")
        #expect(event.at("headers/Host") == "h.test")
        #expect(event.at("requestContext/identity/userAgent") == "me")
    }

    @Test("E3: fields that belong to the connection or the gateway are dropped")
    func droppedHeaders() async throws {
        let event = try await Self.event(
            "POST",
            "/items",
            [
                "Connection: keep-alive, X-Mine", "Content-MD5: x", "Expect: 100-continue", "Max-Forwards: 3",
                "Proxy-Authenticate: x", "Server: x", "TE: trailers", "Trailer: x", "Upgrade: h2c",
                "WWW-Authenticate: x", "Accept: a/b", "Accept-Charset: x", "Accept-Encoding: gzip", "Age: 1",
                "Content-Encoding: gzip", "Content-Type: a/b", "Date: x", "Pragma: x", "Range: x", "Referer: x",
                "Via: x", "Warn: x",
            ],
            content: Array("x".utf8)
        )
        #expect(
            event["headers"]?.object?.keys.filter { !$0.hasPrefix("X-") }.sorted() == [
                "Accept", "Accept-Charset", "Accept-Encoding", "Age", "Content-Encoding", "Content-Type", "Date",
                "Host", "Pragma", "Range", "Referer", "Via", "Warn",
            ]
        )
        #expect(event["headers"]?.object?.keys.sorted() == event["multiValueHeaders"]?.object?.keys.sorted())
    }

    @Test("E4: the gateway's own headers; the client's trace and its list of addresses are kept")
    func addedHeaders() async throws {
        let own = try await Self.event("GET", "/items")
        let trace = try #require(own.at("headers/X-Amzn-Trace-Id")?.string)
        #expect(trace.wholeMatch(of: /Root=1-[0-9a-f]{8}-[0-9a-f]{24}/) != nil)
        #expect(own.at("headers/X-Forwarded-For") == "127.0.0.1")
        #expect(own.at("headers/X-Forwarded-Proto") == "http")
        #expect(own.at("multiValueHeaders/X-Forwarded-Proto") == ["http"])
        let sent = try await Self.event(
            "GET",
            "/items",
            ["X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678", "X-Forwarded-For: 10.0.0.1, 10.0.0.2"]
        )
        #expect(sent.at("headers/X-Amzn-Trace-Id") == "Root=1-67891233-abcdef012345678912345678")
        #expect(sent.at("headers/X-Forwarded-For") == "10.0.0.1, 10.0.0.2, 127.0.0.1")
    }

    @Test("E5: cookies stay one header")
    func cookies() async throws {
        let event = try await Self.event("GET", "/items", ["Cookie: a=1; b=2"])
        #expect(event.at("headers/Cookie") == "a=1; b=2")
        #expect(event["cookies"] == nil)
    }

    @Test("E6: no content is null, whatever its type")
    func emptyContent() async throws {
        let event = try await Self.event("POST", "/items", ["Content-Type: image/png"], content: [])
        #expect(event["body"] == .null)
        #expect(event["isBase64Encoded"] == false)
        #expect(event.at("headers/Content-Length") == nil)
    }

    @Test(
        "E7: base64 for the binary media types, UTF-8 with replacements for all others",
        arguments: [
            ("image/png", true), ("IMAGE/PNG; q=1", true), ("audio/ogg", true), ("image/jpeg", false),
            ("audio", false), ("text/plain", false), ("", false),
        ]
    )
    func binaryContent(type: String, encodes: Bool) async throws {
        let content: [UInt8] = [0x61, 0xFF, 0x01, 0xC3, 0xA9]
        let event = try await Self.event(
            "POST",
            "/items",
            type.isEmpty ? [] : ["Content-Type: \(type)"],
            content: content
        )
        #expect(event["isBase64Encoded"] == .boolean(encodes))
        #expect(event["body"]?.string == (encodes ? "Yf8Bw6k=" : "a\u{FFFD}\u{1}é"))
    }

    @Test("E7: no Content-Type counts as application/json; */* takes everything")
    func binaryWithoutType() async throws {
        let json = TestGateway.api(.rest, ["ANY /items"], more: #""binaryTypes":["application~1json"],"#)
        #expect(try await Self.event("POST", "/items", content: [1], api: json)["body"] == "AQ==")
        let all = TestGateway.api(.rest, ["ANY /items"], more: #""binaryTypes":["*/*"],"#)
        #expect(try await Self.event("POST", "/items", content: [1, 2], api: all)["body"] == "AQI=")
    }

    @Test("2.1: ids and times in their formats, the ids those of the response")
    func identifiers() async throws {
        try await TestGateway.serve(#"{"A":\#(Self.api)}"#) { gateway async throws in
            let response = try await gateway.send("GET", "/items")
            let context = try #require(try gateway.event()["requestContext"])
            let uuid = try #require(context["requestId"]?.string)
            #expect(uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            #expect(response["x-amzn-requestid"] == uuid)
            let extended = try #require(context["extendedRequestId"]?.string)
            #expect(extended.wholeMatch(of: /[A-Za-z0-9_-]{15}=/) != nil)
            #expect(response["x-amz-apigw-id"] == extended)
            let time = try #require(context["requestTime"]?.string)
            #expect(time.wholeMatch(of: /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000/) != nil)
            #expect(try #require(context["requestTimeEpoch"]?.integer) > 1_700_000_000_000)
            let trace = try #require(try gateway.event().at("headers/X-Amzn-Trace-Id")?.string)
            #expect(response["x-amzn-trace-id"]?.hasPrefix("\(trace);Parent=") == true)
        }
    }

    @Test("1.4: a client's x-amzn-RequestId is taken where it is a UUID")
    func clientRequestID() async throws {
        try await TestGateway.serve(#"{"A":\#(Self.api)}"#) { gateway async throws in
            let id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
            #expect(try await gateway.send("GET", "/items", ["x-amzn-RequestId: \(id)"])["x-amzn-requestid"] == id)
            #expect(try gateway.event().at("requestContext/requestId")?.string == id)
            let other = try await gateway.send("GET", "/items", ["x-amzn-RequestId: mine"])
            #expect(other["x-amzn-requestid"]?.count == 36)
        }
    }

    @Test("The invocation: one POST to the Invoke API under the function's name")
    func invocation() async throws {
        try await TestGateway.serve(#"{"A":\#(Self.api)}"#) { gateway async throws in
            _ = try await gateway.send("PUT", "/items", content: Array("x".utf8))
            let request = try #require(gateway.endpoint.requests.first)
            #expect(request.requestLine == "POST /2015-03-31/functions/F/invocations HTTP/1.1")
            #expect(request.values("content-type") == ["application/json"])
            #expect(try gateway.event()["httpMethod"] == "PUT")
        }
    }
}
