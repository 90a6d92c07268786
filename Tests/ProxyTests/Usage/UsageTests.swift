// API keys, usage plans and throttles, through sockets.

import Glibc
import JSON
import Manifest
import Operations
import Testing

@testable import Proxy

@Suite("API keys and throttling")
struct UsageTests {
    private static let value = "a-key-of-twenty-or-more-characters"
    private static let other = "another-key-that-opens-other-things"

    /// Serves `GET /a`, which needs a key, `GET /b` and `GET /open` beside `more`.
    private static func serve(
        plan: String = "",
        api: String = "",
        route: String = "",
        limits: String = "{}",
        settings: String = #""apiKeys":{"values":{"K":"\#(value)"}}"#,
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        let keyed = #"{"function":"F","auth":"none","apiKeyRequired":true\#(route)}"#
        let manifest = """
            {"A":{"kind":"rest","stage":"Prod",\(api)"routes":{"GET /a":\(keyed),"ANY /b":\(keyed),
            "GET /open":{"function":"F","auth":"none"\(route)}}},"B":{"kind":"rest","stage":"Other","routes":{}}},
            "apiKeys":{"K":{},"Off":{"enabled":false,"value":"\(value)-off"},"Elsewhere":{"value":"\(other)"},
            "Lonely":{"value":"\(value)-lonely"},"Unknown":{"value":{"secret":"NoEcho"}},"Plain":{"value":"\(value)-plain"}},
            "usagePlans":{"P":{"apis":{"A":\(limits)},"keys":["K","Off","Unknown","Plain"]\(plan)},
            "Q":{"apis":{"B":{}},"keys":["Elsewhere"]}}
            """
        try await TestGateway.serve(
            String(manifest.drop { $0.isNewline }),
            configure: { configuration in
                let text = #"{"accessLog":{"destination":"off"},\#(settings)}"#
                configuration.plugins = (try? JSONParser.parse(text)).map { JSONReader($0, pointer: "/plugins") }
            },
            body
        )
    }

    private static func send(
        _ gateway: TestGateway,
        _ path: String = "/Prod/a",
        method: String = "GET",
        key: String? = value
    ) async throws -> ClientResponse {
        try await gateway.send(method, path, key.map { ["x-API-key: \($0)"] } ?? [])
    }

    private static func statuses(
        _ gateway: TestGateway,
        _ path: String = "/Prod/a",
        key: String? = value,
        of count: Int
    )
        async throws -> [Int]
    {
        var statuses: [Int] = []
        for _ in 0..<count { statuses.append(try await send(gateway, path, key: key).status) }
        return statuses
    }

    @Test("5.5: a key of a usage plan of the API opens the route, and stands in the event")
    func accepted() async throws {
        try await Self.serve { gateway async throws in
            #expect(try await Self.send(gateway).status == 200)
            #expect(try gateway.event().at("requestContext/identity/apiKey") == .string(Self.value))
            #expect(try gateway.event().at("requestContext/identity/apiKeyId") == "K")
            #expect(try await Self.send(gateway, key: "\(Self.value)-plain").status == 200)
            #expect(try await Self.send(gateway, "/Prod/open", key: nil).status == 200)
            #expect(try gateway.event().at("requestContext/identity/apiKey") == nil)
        }
    }

    static let wrong: [String?] = [
        nil, "", "short", "\(value)x", String(value.dropLast()), "\(value)-off", "\(value)-lonely", other,
        value.uppercased(), String(repeating: "x", count: 9000), "NoEcho", "\(value),\(value)",
    ]

    @Test(
        "5.5: without a key, or with one that is unknown, disabled or of no plan of the API, it is 403 Forbidden",
        arguments: wrong
    )
    func refused(key: String?) async throws {
        try await Self.serve { gateway async throws in
            let response = try await Self.send(gateway, key: key)
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Forbidden"}"#)
            #expect(response["x-amzn-errortype"] == "ForbiddenException")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("5.5: a key whose value nobody knows opens nothing")
    func unknownValue() async throws {
        try await Self.serve(settings: #""apiKeys":{}"#) { gateway async throws in
            #expect(try await Self.send(gateway).status == 403)
            #expect(try await Self.send(gateway, key: nil).status == 403)
        }
    }

    @Test("5.5: it is said once of an API that no key opens", arguments: [nil, value])
    func keylessAPI(secret: String?) throws {
        let directory = Self.directory(nil, secret: secret)
        let settings = JSONReader(.object(JSONObject()), pointer: "/plugins/apiKeys")
        let plugin = try APIKeyPlugin(settings: settings, services: PluginServices(logs: LogSinks()))
        let api = try #require(directory.manifest.apis["A"])
        for path in ["GET /a", "GET /b"] {
            var route = Route(function: "F", payload: .v1)
            route.isKeyRequired = true
            let key = try RouteKey(path, kind: .rest)
            let scope = PluginScope(apiID: "A", api: api, route: (key, route), directory: directory)
            #expect(try plugin.prepared(for: scope) != nil)
        }
        #expect(directory.warnings.count == (secret == nil ? 1 : 0))
        #expect(directory.warnings.allSatisfy { $0.contains("'A' need an API key") })
    }

    private static func directory(_ value: EnvironmentValue?, secret: String?) -> ManifestDirectory {
        var manifest = Manifest(apis: ["A": API(kind: .rest, stage: "Prod")])
        var key = APIKey()
        key.value = value
        manifest.apiKeys["K"] = key
        var plan = UsagePlan()
        plan.apis = ["A": [:]]
        plan.keys = ["K"]
        manifest.usagePlans["P"] = plan
        var secrets = Secrets()
        secrets.apiKeys["K"] = secret
        return ManifestDirectory(
            manifest: manifest,
            secrets: secrets,
            configuration: ProxyConfiguration(),
            registry: EndpointRegistry()
        )
    }

    @Test("5.5: values come from the configuration, else from the manifest, else from its secrets")
    func sources() throws {
        let keys = APIKeyDirectory()
        let secret = try keys.table(of: "A", in: Self.directory(.secret("here"), secret: Self.value))
        #expect(secret.key(Array(Self.value.utf8))?.id == "K")
        #expect(try keys.table(of: "A", in: Self.directory(nil, secret: nil)).plans.isEmpty)
        keys.setValues(["K": Self.other])
        let set = try keys.table(of: "A", in: Self.directory(.secret("here"), secret: Self.value))
        #expect(set.key(Array(Self.value.utf8)) == nil)
        #expect(set.key(Array(Self.other.utf8))?.id == "K")
    }

    @Test("5.5: a value has 20 to 128 characters, else the manifest is refused", arguments: [0, 19, 20, 128, 129])
    func lengths(length: Int) throws {
        let directory = Self.directory(nil, secret: String(repeating: "k", count: length))
        if (20...128).contains(length) {
            #expect(try APIKeyDirectory().table(of: "A", in: directory).plans.count == 1)
        } else {
            #expect(throws: ProxyError.self) { _ = try APIKeyDirectory().table(of: "A", in: directory) }
        }
    }

    @Test("5.5: where keys come from the authorizer, one that names none opens nothing, and the field does not count")
    func authorizerSource() async throws {
        try await Self.serve(api: #""apiKeySource":"authorizer","#) { gateway async throws in
            #expect(try await Self.send(gateway).status == 403)
            #expect(try await Self.send(gateway, "/Prod/open").status == 200)
        }
    }

    static let named: [(result: String, status: Int)] = [
        (#","usageIdentifierKey":"\#(value)""#, 200), (#","usageIdentifierKey":"\#(value)-off""#, 403),
        (#","usageIdentifierKey":"\#(value)x""#, 403), (#","usageIdentifierKey":"""#, 403), ("", 403),
    ]

    @Test("5.5, A6: an authorizer may name the key, which counts for the plan", arguments: named)
    func authorizerKey(result: String, status: Int) async throws {
        let manifest = """
            {"A":{"kind":"rest","stage":"Prod","apiKeySource":"authorizer",
            "authorizers":{"L":{"kind":"lambda","function":"F","input":"token",
            "identitySources":["method.request.header.Authorization"]}},
            "routes":{"GET /a":{"function":"F","auth":"L","apiKeyRequired":true}}}},
            "apiKeys":{"K":{"value":"\(Self.value)"},"Off":{"enabled":false,"value":"\(Self.value)-off"}},
            "usagePlans":{"P":{"apis":{"A":{}},"keys":["K","Off"],"throttle":{"requestsPerSecond":0.001,"burst":2}}}
            """
        let answer = """
            {"principalId":"p","policyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Action":"execute-api:Invoke","Resource":"*"}]}\(result)}
            """
        try await TestGateway.serve(
            manifest,
            script: { request in
                .result(request.text.contains("authorizationToken") ? answer : #"{"statusCode":200}"#)
            },
            { gateway async throws in
                let fields = ["Authorization: t", "x-api-key: \(Self.value)"]
                let response = try await gateway.send("GET", "/Prod/a", fields)
                #expect(response.status == status)
                guard status == 200 else {
                    #expect(response.body == #"{"message":"Forbidden"}"#)
                    return
                }
                #expect(try gateway.event().at("requestContext/identity/apiKeyId") == "K")
                #expect(try await gateway.send("GET", "/Prod/a", fields).status == 200)
                #expect(try await gateway.send("GET", "/Prod/a", fields).status == 429)
            }
        )
    }

    @Test("4.2, 5.5: a preflight needs a key where SAM adds that, and the route's own check stays")
    func preflight() async throws {
        let cors = #""cors":{"allowOrigins":["*"],"preflightAuth":"none","preflightApiKeyRequired":true},"#
        try await Self.serve(api: cors) { gateway async throws in
            #expect(try await Self.send(gateway, method: "OPTIONS").status == 200)
            let response = try await Self.send(gateway, method: "OPTIONS", key: nil)
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Forbidden"}"#)
        }
    }

    @Test("5.5, 6.3: the throttle of a usage plan is for each key, and refuses with 429")
    func planThrottle() async throws {
        let plan = #","throttle":{"requestsPerSecond":0.001,"burst":2}"#
        try await Self.serve(plan: plan) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 1) == [200])
            #expect(try await Self.statuses(gateway, "/Prod/b", of: 2) == [200, 429])
            let response = try await Self.send(gateway)
            #expect(response.status == 429)
            #expect(response.body == #"{"message":"Too Many Requests"}"#)
            #expect(response["x-amzn-errortype"] == "TooManyRequestsException")
            #expect(try await Self.statuses(gateway, key: "\(Self.value)-plain", of: 3) == [200, 200, 429])
            #expect(try await Self.statuses(gateway, "/Prod/open", of: 3) == [200, 200, 200])
            #expect(gateway.endpoint.requests.count == 7)
        }
    }

    @Test("5.5, 6.3: a usage plan may limit single methods, before it limits the key")
    func methodThrottle() async throws {
        let limits = """
            {"GET /a":{"requestsPerSecond":0.001,"burst":1},"POST /b":{"requestsPerSecond":0,"burst":0}}
            """
        let plan = #","throttle":{"requestsPerSecond":0.001,"burst":3}"#
        try await Self.serve(plan: plan, limits: limits) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 3) == [200, 429, 429])
            #expect(try await Self.send(gateway, "/Prod/b", method: "POST").status == 429)
            // What a method's limit refuses takes nothing from the key's.
            #expect(try await Self.statuses(gateway, "/Prod/b", of: 3) == [200, 200, 429])
        }
    }

    @Test("5.5: a quota that is used up is 429 Limit Exceeded, for each key")
    func quota() async throws {
        let plan = #","quota":{"requests":3,"period":"MONTH","offset":1}"#
        try await Self.serve(plan: plan) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 2) == [200, 200])
            let response = try await Self.send(gateway)
            #expect(response.status == 429)
            #expect(response.body == #"{"message":"Limit Exceeded"}"#)
            #expect(response["x-amzn-errortype"] == "LimitExceededException")
            #expect(try await Self.send(gateway, key: "\(Self.value)-plain").status == 200)
        }
    }

    @Test("6.3: the limit of a stage holds for each of its methods, and a route may have its own")
    func stageThrottle() async throws {
        let api = #""throttle":{"requestsPerSecond":0.001,"burst":2},"#
        try await Self.serve(api: api) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 3) == [200, 200, 429])
            #expect(try await Self.statuses(gateway, "/Prod/open", of: 3) == [200, 200, 429])
        }
        try await Self.serve(api: api, route: #","throttle":{"burst":1}"#) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 2) == [200, 429])
        }
    }

    @Test("6.3: what a stage refuses is not counted as used of a quota, and what has no key uses nothing of a stage")
    func order() async throws {
        let plan = #","quota":{"requests":2,"period":"MONTH"}"#
        let api = #""throttle":{"requestsPerSecond":0.001,"burst":1},"#
        try await Self.serve(plan: plan, api: api) { gateway async throws in
            #expect(try await Self.statuses(gateway, key: nil, of: 3) == [403, 403, 403])
            #expect(try await Self.statuses(gateway, of: 4) == [200, 429, 429, 429])
            #expect(try await Self.send(gateway, "/Prod/b").status == 200)
            let response = try await Self.send(gateway, "/Prod/b", key: "\(Self.value)-plain")
            #expect(response.body == #"{"message":"Too Many Requests"}"#)
        }
    }

    @Test("6.3: HTTP APIs have limits too, with the same answer")
    func httpThrottle() async throws {
        let api = TestGateway.api(
            .http,
            ["GET /a", "$default"],
            more: #""throttle":{"requestsPerSecond":0.001,"burst":1},"#
        )
        try await TestGateway.serve(#"{"A":\#(api)}"#) { gateway async throws in
            #expect(try await Self.statuses(gateway, "/a", of: 2) == [200, 429])
            let response = try await gateway.send("GET", "/a")
            #expect(response.body == #"{"message":"Too Many Requests"}"#)
            #expect(response["x-amzn-errortype"] == nil)
            #expect(try await Self.statuses(gateway, "/other", of: 2) == [200, 429])
        }
    }

    @Test("6.3: the configuration may turn limits off, but not keys, and may limit the account")
    func settings() async throws {
        let values = #""apiKeys":{"values":{"K":"\#(Self.value)"}}"#
        let plan = #","throttle":{"burst":0},"quota":{"requests":0,"period":"DAY"}"#
        let off = #"\#(values),"throttling":{"enforce":false,"accountBurst":0}"#
        try await Self.serve(plan: plan, api: #""throttle":{"burst":0},"#, settings: off) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 3) == [200, 200, 200])
            #expect(try await Self.send(gateway, key: nil).status == 403)
        }
        let account = #"\#(values),"throttling":{"accountRequestsPerSecond":0.001,"accountBurst":3}"#
        try await Self.serve(settings: account) { gateway async throws in
            #expect(try await Self.statuses(gateway, of: 2) == [200, 200])
            #expect(try await Self.statuses(gateway, "/Prod/open", of: 2) == [200, 429])
        }
    }

    @Test("6.3: buckets and counters outlive a manifest")
    func reload() throws {
        let state = UsageState()
        var buckets: [TokenBucket] = []
        for _ in 0..<2 {
            let directory = Self.directory(nil, secret: Self.value)
            let table = try APIKeyDirectory().table(of: "A", in: directory)
            _ = state.clients(table, of: "A", in: directory)
            buckets.append(state.bucket(.client(plan: "P", key: "K")))
        }
        #expect(buckets[0] === buckets[1])
        #expect(state.bucket(.account) !== buckets[0])
    }

    @Test("6.3: a request whose authorizer takes its time is limited by what there is when it has answered")
    func slowAuthorizer() async throws {
        let api = AuthorizerFixture.api(.rest, ["GET /a"])
        let open = TestGateway.api(.rest, ["GET /open"])
        try await TestGateway.serve(
            #"{"A":\#(api),"B":\#(open)}"#,
            configure: { configuration in
                let text = #"{"throttling":{"accountRequestsPerSecond":1000000,"accountBurst":1}}"#
                configuration.plugins = (try? JSONParser.parse(text)).map { JSONReader($0, pointer: "/plugins") }
            },
            script: { request in
                guard request.isForAuthorizer else { return .result(#"{"statusCode":200}"#) }
                usleep(100_000)
                return .result(AuthorizerFixture.answer("Allow"))
            }
        ) { gateway async throws in
            async let slow = gateway.send("GET", "/a", ["Authorization: t"])
            try await gateway.endpoint.wait { $0.contains(where: \.isForAuthorizer) }
            #expect(try await gateway.send("GET", "/open").status == 200)
            #expect(try await slow.status == 200)
        }
    }
}
