// Cross-origin requests to both kinds of API.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Cross-origin requests")
struct CORSTests {
    private static let preflight = ["Origin: https://a.test", "Access-Control-Request-Method: PUT"]

    private static func http(_ cors: String, _ routes: [String] = ["PUT /a", "GET /a"], more: String = "") -> String {
        #"{"A":\#(TestGateway.api(.http, routes, more: #""cors":{\#(cors)},\#(more)"#))}"#
    }

    /// The cross-origin fields of a response in lower case, sorted: `allow-origin=*`.
    private static func fields(_ response: ClientResponse) -> [String] {
        response.fields.filter { $0.name.lowercased().hasPrefix("access-control-") }
            .map { "\($0.name.lowercased().dropFirst("access-control-".count))=\($0.value)" }.sorted()
    }

    // MARK: HTTP APIs

    @Test("4.1.1: without settings OPTIONS is an ordinary request, and the function's fields pass")
    func noSettings() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.http, ["PUT /a", "OPTIONS /b"]))}"#,
            script: { _ in .result(#"{"statusCode":200,"headers":{"access-control-allow-origin":"mine"}}"#) },
            { gateway async throws in
                #expect(try await gateway.send("OPTIONS", "/a", Self.preflight).status == 404)
                let routed = try await gateway.send("OPTIONS", "/b", Self.preflight)
                #expect(routed.status == 200)
                #expect(Self.fields(routed) == ["allow-origin=mine"])
            }
        )
    }

    @Test("4.1.2: a preflight is 204 with the settings, before routes and authorizers")
    func preflight() async throws {
        let cors = """
            "allowOrigins":["https://a.test","https://b.test"],"allowMethods":["GET","PUT"],"allowHeaders":["x-a","x-b"],
            "exposeHeaders":["x-c"],"maxAgeSeconds":600,"allowCredentials":true
            """
        let expected = [
            "allow-credentials=true", "allow-headers=x-a,x-b", "allow-methods=GET,PUT", "allow-origin=https://a.test",
            "max-age=600",
        ]
        let guarded = """
            {"A":{"kind":"http","stage":"$default","cors":{\(cors)},"authorizers":{"L":{"kind":"unsupported"}},
            "routes":{"PUT /a":{"function":"F","auth":"L"},"$default":{"function":"F","auth":"none"}}}}
            """
        for (apis, path) in [(Self.http(cors), "/a"), (Self.http(cors), "/unrouted"), (guarded, "/a"), (guarded, "/x")]
        {
            try await TestGateway.serve(apis) { gateway async throws in
                let response = try await gateway.send("OPTIONS", path, Self.preflight)
                #expect(response.status == 204)
                #expect(response.content.isEmpty)
                #expect(Self.fields(response) == expected)
                #expect(response["apigw-requestid"]?.count == 16)
                #expect(gateway.endpoint.requests.isEmpty)
            }
        }
    }

    @Test("4.1.2: only what is configured is answered")
    func minimalPreflight() async throws {
        try await TestGateway.serve(Self.http(#""allowOrigins":["*"]"#)) { gateway async throws in
            let response = try await gateway.send("OPTIONS", "/a", Self.preflight)
            #expect(response.status == 204)
            #expect(Self.fields(response) == ["allow-origin=*"])
        }
    }

    @Test(
        "4.1.2: OPTIONS that is no preflight goes to its route",
        arguments: [[], ["Origin: https://a.test"], ["Access-Control-Request-Method: PUT"]]
    )
    func noPreflight(fields: [String]) async throws {
        try await TestGateway.serve(Self.http(#""allowOrigins":["*"]"#, ["PUT /a"])) { gateway async throws in
            #expect(try await gateway.send("OPTIONS", "/a", fields).status == 404)
        }
        try await TestGateway.serve(Self.http(#""allowOrigins":["*"]"#, ["$default"])) { gateway async throws in
            #expect(try await gateway.send("OPTIONS", "/a", fields).status == 200)
            #expect(try gateway.event()["routeKey"] == "$default")
        }
    }

    @Test("4.1.3: the function's own fields are replaced where there is an Origin, and only there")
    func responses() async throws {
        let script: TestEndpoint.Script = { _ in
            .result(
                """
                {"statusCode":200,"headers":{"Access-Control-Allow-Origin":"https://evil.test","x-kept":"1",
                "access-control-allow-methods":"X","ACCESS-CONTROL-EXPOSE-HEADERS":"Y","access-control-max-age":"1",
                "Access-Control-Allow-Credentials":"false","access-control-allow-headers":"Z"}}
                """
            )
        }
        let cors = #""allowOrigins":["https://a.test"],"exposeHeaders":["x-c","x-d"],"allowCredentials":true"#
        try await TestGateway.serve(Self.http(cors), script: script) { gateway async throws in
            let with = try await gateway.send("GET", "/a", ["Origin: https://a.test"])
            #expect(
                Self.fields(with) == [
                    "allow-credentials=true", "allow-origin=https://a.test", "expose-headers=x-c,x-d",
                ]
            )
            #expect(with["vary"] == "Origin")
            #expect(with["x-kept"] == "1")
            let without = try await gateway.send("GET", "/a")
            #expect(Self.fields(without).count == 6)
            #expect(without["access-control-allow-origin"] == "https://evil.test")
        }
    }

    @Test("4.1.3: the gateway's own errors get the fields, too")
    func errors() async throws {
        try await TestGateway.serve(
            Self.http(#""allowOrigins":["https://a.test"]"#),
            script: { _ in .response(200, Array("{}".utf8), fields: ["X-Amz-Function-Error: Unhandled"]) },
            { gateway async throws in
                for (method, path, status) in [("GET", "/none", 404), ("GET", "/a", 500)] {
                    let response = try await gateway.send(method, path, ["Origin: https://a.test"])
                    #expect(response.status == status)
                    #expect(Self.fields(response) == ["allow-origin=https://a.test"])
                }
            }
        )
    }

    @Test(
        "4.1.4, 4.1.5: which origins are answered",
        arguments: [
            (#"["https://a.test"]"#, "https://a.test", "https://a.test"),
            (#"["https://a.test"]"#, "https://A.test", nil),
            (#"["https://a.test"]"#, "http://a.test", nil),
            (#"["https://a.test"]"#, "https://a.test.evil.test", nil),
            (#"["https://a.test"]"#, "https://a.test:8443", nil),
            (#"["https://a.test"]"#, "null", nil),
            (#"["https://*"]"#, "https://anything.test", "https://anything.test"),
            (#"["https://*"]"#, "http://anything.test", nil),
            (#"["https://*"]"#, "https://", nil),
            (#"["http://*"]"#, "http://localhost:3000", "http://localhost:3000"),
            (#"["*"]"#, "https://anything.test", "*"),
            (#"["*"]"#, "null", "*"),
        ] as [(String, String, String?)]
    )
    func origins(configured: String, sent: String, answered: String?) async throws {
        try await TestGateway.serve(Self.http(#""allowOrigins":\#(configured)"#)) { gateway async throws in
            let simple = try await gateway.send("GET", "/a", ["Origin: \(sent)"])
            #expect(simple.status == 200)
            #expect(simple["access-control-allow-origin"] == answered)
            let preflight = try await gateway.send(
                "OPTIONS",
                "/a",
                ["Origin: \(sent)", "Access-Control-Request-Method: GET"]
            )
            #expect(preflight.status == 204)
            #expect(preflight["access-control-allow-origin"] == answered)
            if answered == nil { #expect(Self.fields(preflight).isEmpty) }
        }
    }

    @Test("4.1.6: no Origin, no fields")
    func noOrigin() async throws {
        try await TestGateway.serve(Self.http(#""allowOrigins":["*"],"exposeHeaders":["x"]"#)) { gateway async throws in
            let response = try await gateway.send("GET", "/a")
            #expect(Self.fields(response).isEmpty)
            #expect(response["vary"] == nil)
        }
    }

    @Test("4.1.7: OPTIONS that is no preflight meets the authorizer of the fallback route; a route of its own does not")
    func fallbackWithAuthorizer() async throws {
        func apis(_ more: String) -> String {
            """
            {"A":{"kind":"http","stage":"$default","cors":{"allowOrigins":["*"]},
            "authorizers":{"L":{"kind":"unsupported"}},"routes":{"$default":{"function":"F","auth":"L"}\(more)}}}
            """
        }
        try await TestGateway.serve(apis("")) { gateway async throws in
            #expect(try await gateway.send("OPTIONS", "/a", ["Origin: https://a.test"]).status == 501)
            #expect(try await gateway.send("OPTIONS", "/a", Self.preflight).status == 204)
        }
        try await TestGateway.serve(apis(#","OPTIONS /{proxy+}":{"function":"F","auth":"none"}"#)) {
            gateway async throws in
            #expect(try await gateway.send("OPTIONS", "/a", ["Origin: https://a.test"]).status == 200)
        }
    }

    @Test("4.1.2: a preflight behind a stage or a prefix is answered by the API that is there")
    func preflightBelowPrefix() async throws {
        let cors = #""cors":{"allowOrigins":["https://a.test"]},"#
        try await TestGateway.serve(
            """
            {"A":\(TestGateway.api(.http, ["PUT /a"], stage: "dev", more: cors)),
            "B":\(TestGateway.api(.rest, ["PUT /b"], more: #""cors":{"allowOrigins":["*"],"preflightAuth":"none"},"#))}
            """,
            configure: { $0.mounts = ["/rest": "B"] },
            { gateway async throws in
                #expect(try await gateway.send("OPTIONS", "/dev/a", Self.preflight).status == 204)
                for path in ["/rest/b", "/rest/Prod/b"] {
                    let response = try await gateway.send("OPTIONS", path, Self.preflight)
                    #expect(Self.fields(response) == ["allow-methods=OPTIONS,PUT", "allow-origin=*"])
                }
            }
        )
    }

    // MARK: REST APIs

    private static func rest(_ cors: String, _ routes: [String]) -> String {
        #"{"A":\#(TestGateway.api(.rest, routes, more: #""cors":{\#(cors)},"#))}"#
    }

    @Test(
        "4.2: each path has a mock OPTIONS method that allows the methods of the path",
        arguments: [
            (["GET /a"], "/a", "GET,OPTIONS"),
            (["POST /a", "DELETE /a"], "/a/", "DELETE,OPTIONS,POST"),
            (["ANY /a"], "/a", "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT"),
            (["GET /a", "ANY /{proxy+}"], "/a", "GET,OPTIONS"),
            (["GET /a", "OPTIONS /{proxy+}"], "/a", "GET,OPTIONS"),
            (["GET /a/{id}", "PUT /a/{id}"], "/a/1", "GET,OPTIONS,PUT"),
        ]
    )
    func mock(routes: [String], path: String, methods: String) async throws {
        let cors = #""allowOrigins":["*"],"preflightAuth":"none""#
        try await TestGateway.serve(Self.rest(cors, routes)) { gateway async throws in
            for fields in [[], Self.preflight] {
                let response = try await gateway.send("OPTIONS", path, fields)
                #expect(response.status == 200)
                #expect(response.body == "{}\n")
                #expect(response["content-type"] == "application/json")
                #expect(Self.fields(response) == ["allow-methods=\(methods)", "allow-origin=*"])
                #expect(response["x-amzn-trace-id"] == nil)
                #expect(response["x-amzn-requestid"]?.count == 36)
            }
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("4.2: the fields are fixed, whatever the origin")
    func fixedFields() async throws {
        let cors = """
            "allowOrigins":["https://b.test"],"allowMethods":["GET","X"],"allowHeaders":["h1","h2"],"maxAgeSeconds":5,
            "allowCredentials":true,"preflightAuth":"none"
            """
        try await TestGateway.serve(Self.rest(cors, ["GET /a"])) { gateway async throws in
            let response = try await gateway.send("OPTIONS", "/a", Self.preflight)
            #expect(
                Self.fields(response) == [
                    "allow-credentials=true", "allow-headers=h1,h2", "allow-methods=GET,X",
                    "allow-origin=https://b.test", "max-age=5",
                ]
            )
        }
    }

    @Test("4.2: an OPTIONS route of the path's own wins, a path that no route has stays unmatched")
    func ownRoute() async throws {
        let cors = #""allowOrigins":["*"],"preflightAuth":"none""#
        try await TestGateway.serve(Self.rest(cors, ["GET /a", "OPTIONS /a"])) { gateway async throws in
            let response = try await gateway.send("OPTIONS", "/a", Self.preflight)
            #expect(response.body == "ok")
            #expect(Self.fields(response).isEmpty)
            #expect(gateway.endpoint.requests.count == 1)
            #expect(try await gateway.send("OPTIONS", "/b", Self.preflight).status == 403)
        }
    }

    @Test("4.2: other responses are the function's business")
    func otherResponses() async throws {
        let cors = #""allowOrigins":["*"],"preflightAuth":"none""#
        try await TestGateway.serve(
            Self.rest(cors, ["GET /a", "GET /b"]),
            script: { request in
                let fields = request.text.contains("/b") ? #","headers":{"Access-Control-Allow-Origin":"mine"}"# : ""
                return .result(#"{"statusCode":200\#(fields)}"#)
            },
            { gateway async throws in
                #expect(Self.fields(try await gateway.send("GET", "/a", ["Origin: https://a.test"])).isEmpty)
                let own = try await gateway.send("GET", "/b", ["Origin: https://a.test"])
                #expect(Self.fields(own) == ["allow-origin=mine"])
            }
        )
    }

    @Test("4.2: a preflight that needs an authorizer is refused while there is none")
    func guardedPreflight() async throws {
        let setting = #""preflightAuth":"L""#
        let apis = """
            {"A":{"kind":"rest","stage":"Prod","cors":{"allowOrigins":["*"],\(setting)},
            "authorizers":{"L":{"kind":"unsupported"}},"routes":{"GET /a":{"function":"F","auth":"none"}}}}
            """
        try await TestGateway.serve(apis) { gateway async throws in
            let response = try await gateway.send("OPTIONS", "/a", Self.preflight)
            #expect(response.status == 501)
            #expect(Self.fields(response).isEmpty)
        }
    }

    @Test("4.2: the mock belongs to the API that has the path, not to the first one")
    func secondAPI() async throws {
        let cors = #""cors":{"allowOrigins":["*"],"preflightAuth":"none"},"#
        try await TestGateway.serve(
            """
            {"A":\(TestGateway.api(.rest, ["GET /x"])),"B":\(TestGateway.api(.rest, ["PUT /a"], more: cors))}
            """
        ) { gateway async throws in
            for fields in [[], Self.preflight, ["Origin: o", "Access-Control-Request-Method: GET"]] {
                let response = try await gateway.send("OPTIONS", "/a", fields)
                #expect(Self.fields(response) == ["allow-methods=OPTIONS,PUT", "allow-origin=*"])
            }
        }
    }
}
