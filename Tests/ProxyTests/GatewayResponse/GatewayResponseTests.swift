// What REST APIs answer in place of the gateway's own errors.

import Manifest
import Testing

@testable import Proxy

@Suite("Gateway responses")
struct GatewayResponseTests {
    private static func serve(
        _ responses: String,
        routes: [String] = ["GET /a/{id}"],
        more: String = "",
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        script: @escaping TestEndpoint.Script = { _ in .result(#"{"statusCode":200,"body":"ok"}"#) },
        _ test: (TestGateway) async throws -> Void
    ) async throws {
        let more = #"\#(more)"stageVariables":{"v":"stage \"v\""},"gatewayResponses":{\#(responses)},"#
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, routes, more: more))}"#,
            configure: configure,
            script: script,
            test
        )
    }

    @Test("6.2: the types, their statuses and the types of their exceptions")
    func types() {
        let errors: [(GatewayError, GatewayResponseType, Int, String)] = [
            (.accessDenied(detail: ""), .accessDenied, 403, "AccessDeniedException"),
            (.badConfiguration(.rest, detail: ""), .configurationError, 500, "InternalServerErrorException"),
            (
                .authorizerConfiguration(.rest, detail: ""), .authorizerConfigurationError, 500,
                "AuthorizerConfigurationException"
            ),
            (.authorizerFailure(.rest, detail: ""), .authorizerFailure, 500, "AuthorizerFailureException"),
            (.missingParameters([]), .badRequestParameters, 400, "BadRequestException"),
            (.invalidContent([], detail: ""), .badRequestBody, 400, "BadRequestException"),
            (.badGateway(.rest, detail: ""), .integrationFailure, 504, "InternalServerErrorException"),
            (.timeout(.rest, wire: .lambda), .integrationTimeout, 504, "InternalServerErrorException"),
            (.forbidden(detail: ""), .invalidKey, 403, "ForbiddenException"),
            (
                .missingAuthenticationToken(detail: ""), .missingAuthenticationToken, 403,
                "MissingAuthenticationTokenException"
            ),
            (.quotaExceeded(detail: ""), .quotaExceeded, 429, "LimitExceededException"),
            (.contentTooLarge(.rest, detail: ""), .requestTooLarge, 413, "RequestTooLargeException"),
            (.throttled(detail: ""), .throttled, 429, "TooManyRequestsException"),
            (.unauthorized(.rest, detail: ""), .unauthorized, 401, "UnauthorizedException"),
            (.unsupportedMediaType(detail: ""), .unsupportedMediaType, 415, "BadRequestException"),
        ]
        for (error, type, status, exception) in errors {
            #expect(error.type == type)
            #expect(error.status == status)
            #expect(error.errorType.map { "\($0)" } == exception)
        }
    }

    @Test(
        "6.2: a type's own response comes first, then that of its class, which keeps the status, then the built-in one"
    )
    func lookup() async throws {
        let responses = #"""
            "DEFAULT_4XX":{"templates":{"application/json":"4xx $context.status"}},
            "DEFAULT_5XX":{"statusCode":500,"templates":{"application/json":"5xx"}},
            "MISSING_AUTHENTICATION_TOKEN":{"statusCode":404}
            """#
        try await Self.serve(
            responses,
            routes: ["GET /a/{id}", "POST /a/{id}"],
            configure: { $0.limits.contentBytes = 10 },
            script: { $0.text.contains(#""httpMethod":"GET""#) ? .result("no json") : .result("{}") },
            { gateway async throws in
                let unmatched = try await gateway.send("GET", "/none")
                #expect(unmatched.status == 404)
                #expect(unmatched.body == #"{"message":"Missing Authentication Token"}"#)
                #expect(unmatched["x-amzn-errortype"] == "MissingAuthenticationTokenException")
                let failed = try await gateway.send("GET", "/a/1")
                #expect(failed.status == 500)
                #expect(failed.body == "5xx")
                let large = try await gateway.send("POST", "/a/1", content: Array("12345678901".utf8))
                #expect(large.status == 413)
                #expect(large.body == "4xx 413")
                #expect(try await gateway.send("POST", "/a/1").status == 200)
            }
        )
    }

    @Test("R1.10: what no route takes can be customised", arguments: ["DEFAULT_4XX", "MISSING_AUTHENTICATION_TOKEN"])
    func unmatched(type: String) async throws {
        let response = #""\#(type)":{"statusCode":418,"templates":{"text/plain":"none"}}"#
        try await Self.serve(response) { gateway async throws in
            for (method, path) in [("GET", "/"), ("PUT", "/a/1"), ("BREW", "/a/1")] {
                let response = try await gateway.send(method, path)
                #expect(response.status == 418)
                #expect(response.body == "none")
                #expect(response["content-type"] == "text/plain")
            }
        }
    }

    @Test("6.2: the status of REQUEST_TOO_LARGE is fixed")
    func tooLarge() async throws {
        try await Self.serve(
            #""REQUEST_TOO_LARGE":{"statusCode":200,"templates":{"application/json":"$context.status"}}"#,
            routes: ["POST /"],
            configure: { $0.limits.contentBytes = 1 },
            { gateway async throws in
                let response = try await gateway.send("POST", "/", content: [1, 2])
                #expect(response.status == 413)
                #expect(response.body == "413")
            }
        )
    }

    @Test("6.2: fields are fixed texts or parts of the request, and take the place of the gateway's own")
    func fields() async throws {
        let parameters = [
            "A": "'fixed'", "B": "method.request.header.X-One", "C": "method.request.querystring.q",
            "D": "method.request.path.id", "E": "context.stage", "F": "stageVariables.v", "G": "context.nonsense",
            "H": "method.request.header.None", "x-amzn-ErrorType": "'Mine'", "content-type": "'text/x'",
            "I": "method.request.path.none", "Content-Length": "'7'", "Transfer-Encoding": "'chunked'",
            "Connection": "'upgrade'",
        ]
        let members =
            parameters.sorted { $0.key < $1.key }
            .map { #""gatewayresponse.header.\#($0.key)":"\#($0.value)""# } + [#""gatewayresponse.path.x":"'y'""#]
        try await Self.serve(
            #""DEFAULT_5XX":{"parameters":{\#(members.joined(separator: ","))}}"#,
            script: { _ in .result("no json") },
            { gateway async throws in
                let response = try await gateway.send("GET", "/a/7%20x?q=one+two&q=3", ["x-one: 1", "X-ONE: 2"])
                #expect(response.status == 502)
                let values = ["A", "B", "C", "D", "E", "F"].map { response[$0] }
                #expect(values == ["fixed", "2", "3", "7%20x", "Prod", #"stage "v""#])
                #expect(response["G"] == nil && response["H"] == nil && response["I"] == nil)
                #expect(response["x-amzn-errortype"] == "Mine")
                #expect(response["content-type"] == "text/x")
                #expect(response["transfer-encoding"] == nil)
                #expect(response["connection"] == "keep-alive")
                #expect(response.body == #"{"message": "Internal server error"}"#)
            }
        )
    }

    @Test("A value with a line end is left out, whole: no client splits a response")
    func splitting() async throws {
        let responses = #"""
            "DEFAULT_4XX":{"parameters":{"gatewayresponse.header.X":"method.request.querystring.q",
            "gatewayresponse.header.Y":"'y'"}}
            """#
        try await Self.serve(responses) { gateway async throws in
            for value in ["a%0d%0aSet-Cookie:%20x=1", "a%0Ab", "%0D", "a%00b", "a%7Fb"] {
                let response = try await gateway.send("GET", "/none?q=\(value)")
                #expect(response.status == 403)
                #expect(response["x"] == nil)
                #expect(response["set-cookie"] == nil)
                #expect(response["y"] == "y")
            }
        }
    }

    @Test("6.2: templates replace variables and nothing else")
    func templates() async throws {
        let template =
            ##"{\"m\":$context.error.messageString,\"t\":\"$context.error.responseType\",\"v\":\"$stageVariables.v\","##
            + ##"\"h\":\"$method.request.header.x-h\",\"q\":\"${method.request.querystring.q}\","##
            + ##"\"p\":\"$method.request.path.id\",\"n\":\"$context.nonsense\",\"s\":\"$context.status.\","##
            + ##"\"u\":\"#if($input.body) $util.x $ $$ ${context.\"}"##
        try await Self.serve(
            #""DEFAULT_5XX":{"statusCode":503,"templates":{"application/json":"\#(template)"}}"#,
            script: { _ in .result("no json") },
            { gateway async throws in
                let response = try await gateway.send("GET", "/a/1?q=%22", ["X-H: h"])
                #expect(response.status == 503)
                #expect(
                    response.body
                        == ##"{"m":"Internal server error","t":"INTEGRATION_FAILURE","v":"stage "v"","h":"h","##
                        + ##""q":""","p":"1","n":"","s":"503.","u":"#if($input.body) $util.x $ $$ ${context."}"##
                )
            }
        )
    }

    @Test(
        "6.2: the template is the one for what the client accepts, else of what it sends, else JSON, else the first",
        arguments: [
            (["Accept: text/html"], "html"), (["Accept: image/png, TEXT/HTML;q=0.5"], "html"),
            (["Accept: */*"], "json"),
            ([], "json"), (["Content-Type: application/xml; charset=x"], "xml"),
            (["Accept: application/xml", "Content-Type: text/html"], "xml"), (["Accept: ,;,"], "json"),
        ]
    )
    func choice(fields: [String], body: String) async throws {
        let templates = #"{"application/json":"json","application/xml":"xml","Text/html":"html"}"#
        try await Self.serve(#""DEFAULT_4XX":{"templates":\#(templates)}"#) { gateway async throws in
            let response = try await gateway.send("GET", "/none", fields)
            #expect(response.body == body)
            #expect(response["content-type"]?.hasSuffix(body) == true)
        }
    }

    @Test("An HTTP API has no gateway responses")
    func http() async throws {
        let responses = #""gatewayResponses":{"DEFAULT_4XX":{"statusCode":418}},"#
        let api = TestGateway.api(.http, ["GET /a"], more: responses)
        try await TestGateway.serve(#"{"A":\#(api)}"#) { gateway async throws in
            #expect(try await gateway.send("GET", "/none").status == 404)
        }
    }

    @Test("Refusals of this gateway's own are not changed")
    func own() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /{p+}"], more: #""gatewayResponses":{"DEFAULT_4XX":{"statusCode":418}},"#))}"#,
            wire: .http
        ) { gateway async throws in
            #expect(try await gateway.send("GET", "/a/../b").status == 400)
        }
    }

    @Test(
        "A response that API Gateway would not take is an error of the manifest",
        arguments: [
            #""DEFAULT_4XX":{"parameters":{"gatewayresponse.header.X":"fixed"}}"#,
            #""DEFAULT_4XX":{"parameters":{"gatewayresponse.header.X Y":"'fixed'"}}"#,
            #""DEFAULT_4XX":{"parameters":{"gatewayresponse.header.X":"method.request.body"}}"#,
            #""DEFAULT_4XX":{"statusCode":101}"#,
        ]
    )
    func refused(responses: String) async throws {
        await #expect(throws: ProxyError.self) { try await Self.serve(responses) { _ in } }
    }
}
