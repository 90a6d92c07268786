// A service outside of the gateway that decides about requests, through sockets.

import JSON
import Manifest
import NIOConcurrencyHelpers
import Testing

@testable import Proxy

@Suite("Services that decide about requests")
struct ForwardAuthTests {
    /// Serves routes behind a service that answers by a script.
    private static func serve(
        _ kind: APIKind = .rest,
        _ settings: JSONValue = [:],
        wire: Endpoint.Wire = .lambda,
        path: String = "/check",
        service: @escaping TestEndpoint.Script,
        test body: (TestGateway, TestEndpoint) async throws -> Void
    ) async throws {
        let endpoint = try await TestEndpoint.start(service)
        var settings = settings.object ?? JSONObject()
        if settings["url"] == nil { settings["url"] = .string("http://127.0.0.1:\(endpoint.port)\(path)") }
        let plugins: JSONValue = ["forwardAuth": .object(settings), "accessLog": ["destination": "off"]]
        let api = TestGateway.api(kind, ["GET /a", "POST /a", "HEAD /a", "GET /b"])
        try await TestGateway.serve(
            #"{"A":\#(api)}"#,
            wire: wire,
            configure: { $0.plugins = JSONReader(plugins) },
            script: { _ in
                wire == .lambda ? .result(#"{"statusCode":200,"body":"in"}"#) : .response(200, "in".utf8)
            }
        ) { (gateway) async throws in try await body(gateway, endpoint) }
        await endpoint.stop()
    }

    private static let passes: TestEndpoint.Script = { _ in .response(204, "".utf8) }

    @Test("The service is asked with GET, told what the client wants, and gets no content")
    func question() async throws {
        try await Self.serve(service: Self.passes) { gateway, service in
            let fields = [
                "Authorization: t", "Cookie: a=1", "X-Forwarded-For: 10.0.0.1", "X-Forwarded-Uri: /forged",
                "X_Forwarded_Method: GET", "x-forwarded-method: GET", "X-Forwarded-Host: forged",
                "Proxy-Authorization: p", "Connection: close, X-Hop", "X-Hop: 1", "TE: trailers",
            ]
            let response = try await gateway.send("POST", "/a?x=%20y", fields, content: Array("hello".utf8))
            #expect(response.status == 200)
            let request = try #require(service.requests.first)
            #expect(request.requestLine == "GET /check HTTP/1.1")
            #expect(request.content.isEmpty)
            let expected = [
                "host": ["127.0.0.1:\(service.port)"], "authorization": ["t"], "cookie": ["a=1"],
                "x-forwarded-method": ["POST"], "x-forwarded-proto": ["http"], "x-forwarded-uri": ["/a?x=%20y"],
                "x-forwarded-host": ["gateway.test:8080"], "x-forwarded-for": ["127.0.0.1"], "content-length": [],
                "x_forwarded_method": [], "proxy-authorization": [], "connection": [], "x-hop": [], "te": [],
                "transfer-encoding": [],
            ]
            for (name, values) in expected { #expect(request.values(name) == values, "\(name)") }
            #expect(try gateway.event()["body"] == "hello")
        }
    }

    @Test("Only the fields that are named reach the service")
    func requestHeaders() async throws {
        let settings: JSONValue = ["requestHeaders": ["X-Key"]]
        try await Self.serve(.rest, settings, path: "", service: Self.passes) { gateway, service in
            #expect(try await gateway.send("GET", "/a", ["Authorization: t", "x-kEY: 1"]).status == 200)
            let request = try #require(service.requests.first)
            #expect(request.requestLine == "GET / HTTP/1.1")
            #expect(request.values("x-key") == ["1"])
            #expect(request.values("authorization").isEmpty)
            #expect(request.values("x-forwarded-method") == ["GET"])
        }
    }

    @Test("What the service refuses is the client's: status, fields and content", arguments: [302, 401, 403, 418, 500])
    func refusal(status: Int) async throws {
        let fields = [
            "Location: http://login/", "Set-Cookie: a=1", "Set-Cookie: b=2", "WWW-Authenticate: Basic", "X-Hop: 1",
            "Content-Type: text/plain", "Connection: X-Hop", "Keep-Alive: timeout=5",
        ]
        try await Self.serve(service: { _ in .response(status, "no".utf8, fields: fields) }) { gateway, _ in
            let response = try await gateway.send("GET", "/a")
            #expect(response.status == status)
            #expect(response.body == "no")
            #expect(response["location"] == "http://login/")
            #expect(response["set-cookie"] == "a=1|b=2")
            #expect(response["www-authenticate"] == "Basic")
            #expect(response["content-type"] == "text/plain")
            #expect(response["content-length"] == "2")
            #expect(response["x-hop"] == nil)
            #expect(response["keep-alive"] == nil)
            #expect(gateway.endpoint.requests.isEmpty)
            let head = try await gateway.send("HEAD", "/a")
            #expect(head.status == status)
        }
    }

    @Test("The service's fields go on with the request; a client cannot send them, however it spells them")
    func responseHeaders() async throws {
        for wire in [Endpoint.Wire.lambda, .http] {
            let settings: JSONValue = ["responseHeaders": ["X-User", "X-Role", "Authorization"]]
            let answered = NIOLockedValueBox(0)
            try await Self.serve(.http, settings, wire: wire) { _ in
                let count = answered.withLockedValue { count in
                    count += 1
                    return count
                }
                return count == 1
                    ? .response(200, "ignored".utf8, fields: ["x-user: anna", "X-Other: 1", "Authorization: inner"])
                    : .response(200, "".utf8)
            } test: { gateway, _ in
                let forged = ["X-USER: root", "X_User: root", "x-role: admin", "X-Mine: 1", "Authorization: outer"]
                #expect(try await gateway.send("GET", "/a", forged).status == 200)
                #expect(try await gateway.send("GET", "/a", forged).status == 200)
                let values = try gateway.endpoint.requests.map { request in
                    try ["x-user", "x_user", "x-role", "x-mine", "x-other", "authorization"].map { name in
                        guard wire == .lambda else { return request.values(name).first }
                        return try JSONParser.parse(request.content).at("headers")?[name]?.string
                    }
                }
                #expect(values == [["anna", nil, nil, "1", nil, "inner"], [nil, nil, nil, "1", nil, nil]])
            }
        }
    }

    @Test("A client cannot send the service's fields to routes that the service is not asked about")
    func otherRoutes() async throws {
        let settings: JSONValue = ["responseHeaders": ["X-User"], "routes": ["GET /b"]]
        for wire in [Endpoint.Wire.lambda, .http] {
            try await Self.serve(.rest, settings, wire: wire, service: Self.passes) {
                (gateway, service) async throws in
                #expect(try await gateway.send("GET", "/a", ["X-User: root", "x_user: root"]).status == 200)
                #expect(service.requests.isEmpty)
                #expect(gateway.endpoint.requests.allSatisfy { !$0.text.contains("root") })
            }
        }
    }

    @Test("A client cannot have the service's fields taken away by nominating them", arguments: [APIKind.rest, .http])
    func nominated(kind: APIKind) async throws {
        let settings: JSONValue = ["responseHeaders": ["X-User"]]
        let service: TestEndpoint.Script = { _ in .response(200, "".utf8, fields: ["X-User: anna"]) }
        try await Self.serve(kind, settings, wire: .http, service: service) { (gateway, _) async throws in
            let fields = ["Connection: close, x-user, X-Hop", "X-Hop: 1", "X-Mine: 2"]
            #expect(try await gateway.send("GET", "/a", fields).status == 200)
            let request = try #require(gateway.endpoint.requests.last)
            #expect(request.values("x-user") == ["anna"])
            #expect(request.values("x-hop").isEmpty)
            #expect(request.values("x-mine") == ["2"])
        }
    }

    @Test("A service that cannot be asked lets nobody in, unless the settings say so", arguments: [false, true])
    func unreachable(failsOpen: Bool) async throws {
        let faults: [EndpointReply?] = [
            nil, .last([]), .last(Array("nonsense\r\n\r\n".utf8)), .silence,
            .response(200, Array(repeating: 65, count: (1 << 20) + 1)),
        ]
        for fault in faults {
            var settings = JSONObject([("failOpen", .boolean(failsOpen)), ("timeoutMilliseconds", 100)])
            settings["responseHeaders"] = .array(["X-User"])
            if fault == nil { settings["url"] = .string("http://127.0.0.1:\(try TestEndpoint.closedPort())") }
            for (kind, body) in [
                (APIKind.rest, #"{"message":null}"#), (.http, #"{"message":"Internal Server Error"}"#),
            ] {
                try await Self.serve(kind, .object(settings), service: { _ in fault ?? .silence }) { gateway, _ in
                    let response = try await gateway.send("GET", "/a", ["X-User: root"])
                    #expect(response.status == (failsOpen ? 200 : 500))
                    #expect(response.body == (failsOpen ? "in" : body))
                    guard failsOpen else { return }
                    #expect(!gateway.endpoint.requests.contains { $0.text.contains("root") })
                }
            }
        }
    }

    @Test("It is asked for the routes and APIs that are named, and not where no route takes the request")
    func scopes() async throws {
        let settings: JSONValue = ["apis": ["A"], "routes": ["GET /a"]]
        try await Self.serve(.rest, settings, service: { _ in .response(403, "".utf8) }) {
            (gateway, service) async throws in
            #expect(try await gateway.send("GET", "/a").status == 403)
            #expect(try await gateway.send("GET", "/b").status == 200)
            #expect(try await gateway.send("POST", "/a").status == 200)
            #expect(service.requests.count == 1)
        }
        try await Self.serve(service: { _ in .response(418, "".utf8) }) { (gateway, service) async throws in
            #expect(try await gateway.send("GET", "/none").status == 403)
            #expect(service.requests.isEmpty)
        }
    }

    @Test("A name that nothing has refuses the manifest", arguments: ["apis", "routes"])
    func unknownNames(member: String) async throws {
        let error = await #expect(throws: ProxyError.self) {
            let settings = JSONValue.object(JSONObject([(member, .array(["GET /no"]))]))
            try await Self.serve(.rest, settings, service: Self.passes) { _, _ in }
        }
        #expect(error?.description.contains("'GET /no', which is not there") == true)
    }

    @Test("It stands before the authorizer of the route, not in its place")
    func beside() async throws {
        let service = try await TestEndpoint.start(Self.passes)
        let api = AuthorizerFixture.api(.rest, ["GET /a"], #","input":"token""#)
        let plugins: JSONValue = [
            "forwardAuth": ["url": .string("http://127.0.0.1:\(service.port)")], "accessLog": ["destination": "off"],
        ]
        try await AuthorizerFixture.serve(
            api,
            authorizer: { _ in .result(AuthorizerFixture.answer("Allow")) },
            configure: { $0.plugins = JSONReader(plugins) }
        ) { (gateway) async throws in
            #expect(try await gateway.send("GET", "/a").status == 401)
            #expect(try await gateway.send("GET", "/a", ["Authorization: t"]).status == 200)
            #expect(service.requests.count == 2)
        }
        await service.stop()
    }
}
