// Events of HTTP APIs, in both formats, member by member.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Events of HTTP APIs, format 2.0")
struct HTTPEventTests {
    private static let api = TestGateway.api(.http, ["ANY /items/{id}/{rest+}", "ANY /items", "$default"])

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

    @Test("E20: members without a value are left out")
    func members() async throws {
        let event = try await Self.event()
        #expect(
            event.object?.keys.sorted() == [
                "headers", "isBase64Encoded", "rawPath", "rawQueryString", "requestContext", "routeKey", "version",
            ]
        )
        #expect(
            event["requestContext"]?.object?.keys.sorted() == [
                "accountId", "apiId", "domainName", "domainPrefix", "http", "requestId", "routeKey", "stage", "time",
                "timeEpoch",
            ]
        )
        #expect(event["version"] == "2.0")
        #expect(event["rawQueryString"] == "")
        #expect(event["routeKey"] == "ANY /items")
        #expect(event.at("requestContext/routeKey") == "ANY /items")
        #expect(event.at("requestContext/stage") == "$default")
        #expect(
            event.at("requestContext/http") == [
                "method": "GET", "path": "/items", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "",
            ]
        )
    }

    @Test("E20: members with a value")
    func allMembers() async throws {
        let event = try await Self.event(
            "POST",
            "/items/7/a/b?q=1",
            ["Cookie: a=1", "User-Agent: me", "Content-Type: text/plain"],
            content: Array("x".utf8),
            api: TestGateway.api(.http, ["ANY /items/{id}/{rest+}"], more: #""stageVariables":{"v":"w"},"#)
        )
        #expect(event["cookies"] == ["a=1"])
        #expect(event["queryStringParameters"] == ["q": "1"])
        #expect(event["pathParameters"] == ["id": "7", "rest": "a/b"])
        #expect(event["stageVariables"] == ["v": "w"])
        #expect(event["body"] == "x")
        #expect(event.at("requestContext/http/userAgent") == "me")
    }

    @Test("E21: names in lower case, duplicates joined without a space, always a content-length, no cookie")
    func headers() async throws {
        let event = try await Self.event(
            "POST",
            "/items",
            ["X-A: first", "Cookie: a=1; b=2", "x-a: second", "cookie: c=3", "X-Forwarded-For: 10.0.0.1"]
        )
        #expect(
            event["headers"]?.object?.keys.sorted() == [
                "content-length", "host", "x-a", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port",
                "x-forwarded-proto",
            ]
        )
        #expect(event.at("headers/x-a") == "first,second")
        #expect(event.at("headers/content-length") == "0")
        #expect(event.at("headers/x-forwarded-for") == "10.0.0.1, 127.0.0.1")
        #expect(event["cookies"] == ["a=1", "b=2", "c=3"])
    }

    @Test("E21: a Cookie field of separators only is no cookie")
    func emptyCookie() async throws {
        let event = try await Self.event("GET", "/items", ["Cookie: ; ;"])
        #expect(event["cookies"] == nil)
    }

    @Test("E22: the raw query byte for byte, the parameters decoded and joined")
    func queries() async throws {
        let event = try await Self.event("GET", "/items?a=a+b&e=a%2Bb&empty=&a=2&s=1;t=2")
        #expect(event["rawQueryString"] == "a=a+b&e=a%2Bb&empty=&a=2&s=1;t=2")
        #expect(event["queryStringParameters"] == ["a": "a b,2", "e": "a+b", "empty": "", "s": "1;t=2"])
    }

    @Test("R1.23, E23: paths are decoded")
    func decodedPath() async throws {
        let event = try await Self.event("GET", "/items/a%20b/c%2Fd/")
        #expect(event["rawPath"] == "/items/a b/c/d/")
        #expect(event.at("requestContext/http/path") == "/items/a b/c/d/")
        #expect(event["pathParameters"] == ["id": "a b", "rest": "c/d/"])
    }

    @Test("R1.26: the stage stands before the path where it has a name")
    func stage() async throws {
        let api = TestGateway.api(.http, ["GET /items"], stage: "dev")
        let event = try await Self.event("GET", "/items", api: api)
        #expect(event["rawPath"] == "/dev/items")
        #expect(event.at("requestContext/http/path") == "/dev/items")
        #expect(event.at("requestContext/stage") == "dev")
        #expect(event["routeKey"] == "GET /items")
    }

    @Test("R1.25: the fallback route has no path parameters")
    func fallback() async throws {
        let event = try await Self.event("PURGE", "/x")
        #expect(event["routeKey"] == "$default")
        #expect(event["pathParameters"] == nil)
        #expect(event.at("requestContext/http/method") == "PURGE")
    }

    @Test("E24: id and time in their formats")
    func identifiers() async throws {
        try await TestGateway.serve(#"{"A":\#(Self.api)}"#) { gateway async throws in
            let response = try await gateway.send("GET", "/items")
            let context = try #require(try gateway.event()["requestContext"])
            let id = try #require(context["requestId"]?.string)
            #expect(id.wholeMatch(of: /[A-Za-z0-9_-]{15}=/) != nil)
            #expect(response["apigw-requestid"] == id)
            #expect(response["x-amzn-trace-id"] == nil)
            let time = try #require(context["time"]?.string)
            #expect(time.wholeMatch(of: /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000/) != nil)
            #expect(try #require(context["timeEpoch"]?.integer) > 1_700_000_000_000)
        }
    }

    @Test(
        "E25: text for four kinds of type, base64 for every other and for none",
        arguments: [
            ("text/plain", false), ("TEXT/html; charset=utf-8", false), ("application/json", false),
            ("application/xml", false), ("application/javascript;x", false), ("application/ld+json", true),
            ("application/x-www-form-urlencoded", true), ("application/octet-stream", true), ("image/png", true),
            ("", true),
        ]
    )
    func binaryContent(type: String, encodes: Bool) async throws {
        let event = try await Self.event(
            "POST",
            "/items",
            type.isEmpty ? [] : ["Content-Type: \(type)"],
            content: [1, 2, 3, 4, 5]
        )
        #expect(event["isBase64Encoded"] == .boolean(encodes))
        #expect(event["body"]?.string == (encodes ? "AQIDBAU=" : "\u{1}\u{2}\u{3}\u{4}\u{5}"))
        #expect(event.at("headers/content-length") == "5")
    }

    @Test("E20: no content has no body and is not base64")
    func emptyContent() async throws {
        let event = try await Self.event("POST", "/items", content: [])
        #expect(event["body"] == nil)
        #expect(event["isBase64Encoded"] == false)
    }

    @Test("2.3: content that comes in chunks has its length in the event")
    func chunkedContent() async throws {
        try await TestGateway.serve(#"{"A":\#(Self.api)}"#) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("POST /items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n")
            try await client.send("Content-Type: text/plain\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n")
            #expect(try await client.response().status == 200)
            let event = try gateway.event()
            #expect(event["body"] == "abcde")
            #expect(event.at("headers/content-length") == "5")
            #expect(event.at("headers/transfer-encoding") == nil)
            await client.close()
        }
    }

    // MARK: Format 1.0

    private static let api1 = TestGateway.api(
        .http,
        ["POST /x/{id}", "GET /items"],
        route: #","payload":"1.0""#
    )

    @Test("2.2: format 1.0 of an HTTP API, where it differs from a REST API's")
    func version1() async throws {
        let event = try await Self.event("POST", "/x/a%20b?q=1;r=2", ["x-my-HEADER: v", "cookie: a=1"], api: Self.api1)
        #expect(event.object?.keys.first == "version")
        #expect(event["version"] == "1.0")
        #expect(event["resource"] == "/x/{id}")
        #expect(event["path"] == "/x/a%20b")
        #expect(event["pathParameters"] == ["id": "a b"])
        #expect(event["queryStringParameters"] == ["q": "1;r=2"])
        #expect(event["stageVariables"] == .null)
        #expect(event["body"] == .null)
        #expect(event["isBase64Encoded"] == false)
        #expect(
            event["headers"]?.object?.keys.sorted() == [
                "Content-Length", "Cookie", "Host", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port",
                "X-Forwarded-Proto", "X-My-Header",
            ]
        )
        #expect(event.at("headers/Content-Length") == "0")
        #expect(event.at("multiValueHeaders/X-My-Header") == ["v"])
        let context = try #require(event["requestContext"])
        #expect(context["path"] == "/x/a b")
        #expect(context["resourceId"] == "POST /x/{id}")
        #expect(context["resourcePath"] == "/x/{id}")
        #expect(context["stage"] == "$default")
        #expect(context["requestId"] == context["extendedRequestId"])
        #expect(context["deploymentId"] == nil)
        #expect(context.at("identity/userAgent") == "")
    }

    @Test("R1.26: format 1.0 of a stage with a name has it in both paths")
    func version1Stage() async throws {
        let api = TestGateway.api(.http, ["GET /items"], stage: "dev", route: #","payload":"1.0""#)
        let event = try await Self.event("GET", "/items", api: api)
        #expect(event["path"] == "/dev/items")
        #expect(event.at("requestContext/path") == "/dev/items")
    }

    @Test("E25: format 1.0 follows the same rule for base64", arguments: [("text/plain", "A"), ("image/png", "QQ==")])
    func version1Content(type: String, body: String) async throws {
        let event = try await Self.event("POST", "/x/1", ["Content-Type: \(type)"], content: [65], api: Self.api1)
        #expect(event["body"]?.string == body)
    }
}
