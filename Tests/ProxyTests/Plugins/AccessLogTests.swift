// Lines of the access log.

import Foundation
import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("The access log")
struct AccessLogTests {
    /// The lines that requests leave behind.
    private static func lines(
        _ format: String,
        kind: APIKind = .http,
        routes: [String] = ["GET /a/{id}", "POST /a/{id}"],
        more: String = "",
        script: @escaping TestEndpoint.Script = { _ in .result(#"{"statusCode":200,"body":"ok"}"#) },
        _ body: (TestGateway) async throws -> Void
    ) async throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString).log").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let settings: JSONValue = ["accessLog": ["destination": .string(path), "format": .string(format)]]
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(kind, routes, more: more))}"#,
            configure: { $0.plugins = JSONReader(settings, pointer: "/plugins") },
            script: script,
            body
        )
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    @Test("A line of JSON a request, the gateway's own answers included")
    func json() async throws {
        let lines = try await Self.lines("json") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1?secret=2", ["User-Agent: me"])
            _ = try await gateway.send("GET", "/none")
        }
        try #require(lines.count == 2)
        let served = try JSONParser.parse(lines[0])
        #expect(served["method"] == "GET")
        #expect(served["path"] == "/a/1")
        #expect(served["routeKey"] == "GET /a/{id}")
        #expect(served["api"] == "A")
        #expect(served["status"] == 200)
        #expect(served["bytes"] == 2)
        #expect(served["ip"] == "127.0.0.1")
        #expect(served["userAgent"] == "me")
        #expect(served["detail"] == "-")
        let refused = try JSONParser.parse(lines[1])
        #expect(refused["status"] == 404)
        #expect(refused["routeKey"] == "-")
        #expect(refused["detail"] == "route_not_found")
        #expect(refused["integrationMilliseconds"] == "-")
    }

    @Test("Columns for people, with the request as the host knows it")
    func text() async throws {
        let lines = try await Self.lines("text") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1?secret=2")
            _ = try await gateway.send("GET", "/none")
        }
        try #require(lines.count == 2)
        let time = #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#
        #expect(
            lines[0].replacing(time, with: "T").wholeMatch(of: #/T samovar-proxy .{8} access  GET /a/1 200 \d+ ms/#)
                != nil
        )
        let refused = #/T samovar-proxy -        access  GET /none 404 \d+ ms route_not_found/#
        #expect(lines[1].replacing(time, with: "T").wholeMatch(of: refused) != nil)
    }

    @Test("6.6: a format of the settings")
    func context() async throws {
        let format = """
            $context.identity.sourceIp [$context.httpMethod $context.resourcePath] $context.status. $context.stage \
            $context.responseLength"$context.protocol"
            """
        let lines = try await Self.lines(format) { _ = try await $0.send("GET", "/a/1") }
        #expect(lines == [#"127.0.0.1 [GET /a/{id}] 200. $default 2"HTTP/1.1""#])
    }

    @Test("The id of a line is that of the response", arguments: [APIKind.rest, .http])
    func identifier(kind: APIKind) async throws {
        var id: String?
        let lines = try await Self.lines("$context.requestId", kind: kind) { gateway async throws in
            let response = try await gateway.send("GET", "/a/1")
            id = response["x-amzn-requestid"] ?? response["apigw-requestid"]
        }
        #expect(lines == [try #require(id)])
    }

    @Test("The line of a client that leaves before its response is JSON too")
    func clientGone() async throws {
        let lines = try await Self.lines("json", script: { _ in .silence }) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\n")
            while gateway.endpoint.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            try await client.reset()
            _ = try await gateway.send("GET", "/none")
        }
        let line = try #require(lines.first { $0.contains("client_gone") })
        #expect(try JSONParser.parse(line)["status"] == .null)
        for line in lines { _ = try JSONParser.parse(line) }
    }

    @Test("No client can end a line or forge a member of it")
    func injection() async throws {
        let lines = try await Self.lines("json") { gateway async throws in
            let client = try await gateway.connect()
            let agent = [UInt8](#"me","status":500,"x":"\"#.utf8) + [0x09, 0xFF, 0xC3, 0xA9, 0x85]
            try await client.send(
                Array("GET /a/%0A\"x\" HTTP/1.1\r\nHost: a\r\nUser-Agent: ".utf8) + agent + Array("\r\n\r\n".utf8)
            )
            #expect(try await client.response().status == 200)
            await client.close()
        }
        try #require(lines.count == 1)
        let line = try JSONParser.parse(lines[0])
        #expect(line["status"] == 200)
        #expect(line["x"] == nil)
        #expect(line["path"] == #"/a/%0A"x""#)
        #expect(line["userAgent"]?.string == "me\",\"status\":500,\"x\":\"\\\t\u{FFFD}é\u{FFFD}")
    }

    @Test("No control beyond ASCII reaches a terminal, and none ends a line for those who know Unicode's")
    func controls() async throws {
        let agent = "a\u{9B}31m\u{85}b\u{2028}c\u{2029}d\u{A0}é☃"
        let lines = try await Self.lines("$context.identity.userAgent") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1", ["User-Agent: \(agent)"])
        }
        #expect(lines == [#"a\u009b31m\u0085b\u2028c\u2029d"# + "\u{A0}é☃"])
    }

    @Test("Long values are cut short")
    func length() async throws {
        let lines = try await Self.lines("$context.identity.userAgent") { gateway async throws in
            _ = try await gateway.send("GET", "/a/1", ["User-Agent: \(String(repeating: "x", count: 3000))"])
        }
        #expect(lines.map(\.count) == [1024])
    }

    private static let reply = EndpointReply.response(
        200,
        #"{"statusCode":201,"body":"ok"}"#.utf8,
        fields: ["x-amzn-RequestId: 4b3d9c0e-0000-4000-8000-000000000001"]
    )

    @Test("6.6: every variable that a request to a REST API has a value for")
    func restVariables() async throws {
        let variables = [
            "accountId": "123456789012", "apiId": EventTemplate.stableID("A"), "stage": "Prod", "httpMethod": "GET",
            "path": "/Prod/a/1", "resourcePath": "/a/{id}", "protocol": "HTTP/1.1", "status": "201",
            "domainName": "gateway.test", "domainPrefix": "gateway", "identity.sourceIp": "127.0.0.1",
            "identity.userAgent": "me", "integrationStatus": "200", "integration.integrationStatus": "200",
            "integration.status": "201", "awsEndpointRequestId": "4b3d9c0e-0000-4000-8000-000000000001",
            "integration.requestId": "4b3d9c0e-0000-4000-8000-000000000001", "responseLength": "2",
            "xrayTraceId": "1-5759e988-bd862e3fe1be46a994272793", "deploymentId": "local0",
            "resourceId": EventTemplate.resourceID(apiID: "A", key: try RouteKey("GET /a/{id}", kind: .rest)),
        ]
        let names = variables.keys.sorted()
        let format = names.map { "\($0)=$context.\($0)" }.joined(separator: " ")
        let lines = try await Self.lines(format, kind: .rest, script: { _ in Self.reply }) { gateway async throws in
            let trace = "X-Amzn-Trace-Id: Self=1-x;Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
            _ = try await gateway.send("GET", "/a/1", ["User-Agent: me", trace])
        }
        let wanted = names.map { "\($0)=\(variables[$0] ?? "")" }.joined(separator: " ")
        #expect(lines == [wanted])
    }

    @Test("6.6: variables of times and ids", arguments: [APIKind.rest, .http])
    func changingVariables(kind: APIKind) async throws {
        let format =
            "$context.requestTimeEpoch [$context.requestTime] $context.responseLatency "
            + "$context.integrationLatency $context.integration.latency $context.extendedRequestId $context.xrayTraceId"
        let lines = try await Self.lines(format, kind: kind) { _ = try await $0.send("GET", "/a/1") }
        let pattern = try LinearPattern(
            #"\d{13} \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] \d+ \d+ \d+ [\w-]{15}= 1-[0-9a-f]{8}-[0-9a-f]{24}"#
        )
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { pattern.matchesWhole($0) }, "\(lines)")
    }

    @Test("6.6: every variable of an HTTP API")
    func httpVariables() async throws {
        let format =
            "$context.path $context.routeKey $context.stage $context.dataProcessed $context.resourceId "
            + "$context.deploymentId $context.domainName $context.domainPrefix $context.awsEndpointRequestId2"
        let lines = try await Self.lines(format, script: { _ in Self.reply }) { gateway async throws in
            _ = try await gateway.send("POST", "/a/%31", ["Host: 127.0.0.1:8080"], content: [1, 2, 3])
        }
        #expect(
            lines == [
                "/a/1 POST /a/{id} $default 5 - - 127.0.0.1 127.0.0.1 4b3d9c0e-0000-4000-8000-000000000001"
            ]
        )
    }

    @Test("6.6: what is known of an error, and of an integration that fails")
    func errors() async throws {
        let format =
            "$context.error.message|$context.error.messageString|$context.error.responseType|"
            + "$context.integrationErrorMessage|$context.integrationStatus|$context.integration.status"
        let lines = try await Self.lines(
            format,
            kind: .rest,
            script: { _ in .result("no json") },
            { gateway in
                _ = try await gateway.send("GET", "/none")
                _ = try await gateway.send("GET", "/a/1")
            }
        )
        let missing = #"Missing Authentication Token|"Missing Authentication Token"|MISSING_AUTHENTICATION_TOKEN|-|-|-"#
        let failed = #"Internal server error|"Internal server error"|INTEGRATION_FAILURE|Internal server error|200|200"#
        #expect(lines == [missing, failed])
    }

    @Test(
        "6.6: what has no value here is a hyphen",
        arguments: [
            "authorize.error", "authorize.latency", "authorize.status", "authenticate.error", "authenticate.latency",
            "authenticate.status", "authorizer.principalId", "authorizer.claims.sub", "authorizer.property",
            "authorizer.error", "authorizer.integrationLatency", "authorizer.integrationStatus", "authorizer.latency",
            "authorizer.requestId", "authorizer.status", "customDomain.basePathMatched", "identity.accountId",
            "identity.apiKey", "identity.apiKeyId", "identity.caller", "identity.cognitoAuthenticationProvider",
            "identity.cognitoAuthenticationType", "identity.cognitoIdentityId", "identity.cognitoIdentityPoolId",
            "identity.principalOrgId", "identity.clientCert.subjectDN", "identity.clientCert.validity.notAfter",
            "identity.user", "identity.userArn", "identity.userAgent", "waf.error", "waf.latency", "waf.status",
            "wafResponseCode", "webaclArn", "integration.error", "integrationErrorMessage", "error.message",
            "error.messageString", "error.responseType", "error.validationErrorString", "isCanaryRequest",
            "operationName", "detail",
        ]
    )
    func absent(name: String) async throws {
        let lines = try await Self.lines("$context.\(name)", kind: .rest) { _ = try await $0.send("GET", "/a/1") }
        #expect(lines == ["-"])
    }

    @Test("6.6: an API's own format is one line, and a variable that there is not is a hyphen")
    func template() async throws {
        let more = #""accessLogFormat":"$context.requestId\n$context.nonsense $context.status","#
        var id: String?
        let lines = try await Self.lines("api", kind: .rest, more: more) { gateway async throws in
            id = try await gateway.send("GET", "/a/1")["x-amzn-requestid"]
        }
        #expect(lines == ["\(try #require(id)) - 200"])
    }

    @Test(
        "6.6: the common log format of each kind of API",
        arguments: [
            (
                APIKind.rest,
                #"""
                $context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] \
                \"$context.httpMethod $context.resourcePath $context.protocol\" $context.status \
                $context.responseLength $context.requestId $context.extendedRequestId
                """#,
                #"127\.0\.0\.1 - - \[.{26}\] "GET /a/\{id\} HTTP/1\.1" 200 2 [0-9a-f-]{36} .{15}="#
            ),
            (
                APIKind.http,
                #"""
                $context.identity.sourceIp - - [$context.requestTime] \
                \"$context.httpMethod $context.routeKey $context.protocol\" $context.status $context.responseLength \
                $context.requestId
                """#,
                #"127\.0\.0\.1 - - \[.{26}\] "GET GET /a/\{id\} HTTP/1\.1" 200 2 .{15}="#
            ),
        ]
    )
    func common(kind: APIKind, format: String, pattern: String) async throws {
        let format = format.replacing("\\\n", with: "")
        let lines = try await Self.lines("api", kind: kind, more: #""accessLogFormat":"\#(format)","#) {
            _ = try await $0.send("GET", "/a/1")
        }
        let pattern = try LinearPattern(pattern)
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { pattern.matchesWhole($0) }, "\(lines)")
    }

    @Test("An API without a format of its own has lines of JSON")
    func withoutFormat() async throws {
        let lines = try await Self.lines("api") { _ = try await $0.send("GET", "/a/1") }
        #expect(try JSONParser.parse(try #require(lines.first))["status"] == 200)
    }
}
