// Which API a host, a prefix or a stage means, and what functions see of it.

import JSON
import Manifest
import NIOCore
import Testing

@testable import Proxy

@Suite("Hosts, stages, domains and mounts")
struct AddressTests {
    /// What a request is answered with, or what its function sees.
    struct Row: CustomTestStringConvertible, Sendable {
        let host: String
        let target: String
        /// The status and the body of an answer of the gateway's own, or members of the event joined by a space.
        let expected: String
        var testDescription: String { "\(host)\(target)" }

        init(_ host: String, _ target: String, _ expected: String) {
            self.host = host
            self.target = target
            self.expected = expected
        }
    }

    private static let restID = EventTemplate.stableID("Rest")
    private static let webID = EventTemplate.stableID("Web")
    private static let namedID = EventTemplate.stableID("Named")
    private static let linkID = EventTemplate.stableID("Link")
    private static let closedID = EventTemplate.stableID("Closed")
    private static let closedWebID = EventTemplate.stableID("ClosedWeb")

    private static let forbidden = #"403 {"message":"Forbidden"}"#
    private static let unknown = #"403 {"message":"Missing Authentication Token"}"#
    private static let notFound = #"404 {"message":"Not Found"}"#

    private static let apis = """
        {"Rest":\(TestGateway.api(.rest, ["GET /pets", "GET /pets/{id}", "GET /files/{path+}", "GET /"])),
        "Shop/Inner":\(TestGateway.api(.rest, ["GET /inner"])),
        "Web":\(TestGateway.api(.http, ["GET /web", "GET /web/{id}"])),
        "Named":\(TestGateway.api(.http, ["GET /named/{id}", "GET /"], stage: "dev")),
        "Link":\(TestGateway.api(.functionURL, ["$default"])),
        "Closed":\(TestGateway.api(.rest, ["GET /closed"], more: #""defaultEndpoint":false,"#)),
        "ClosedWeb":\(TestGateway.api(.http, ["GET /closed-web"], more: #""defaultEndpoint":false,"#))}
        """

    /// The answer to a request, or what of the event says where it has come.
    private static func outcome(_ gateway: TestGateway, _ row: Row) async throws -> String {
        let count = gateway.endpoint.requests.count
        let response = try await gateway.send("GET", row.target, ["Host: \(row.host)"])
        guard gateway.endpoint.requests.count > count else { return "\(response.status) \(response.body)" }
        let event = try gateway.event()
        if event["rawPath"] != nil {
            let paths = ["routeKey", "rawPath", "requestContext/http/path"]
            return paths.map { event.at($0)?.string ?? "-" }.joined(separator: " ")
        }
        return ["resource", "path", "requestContext/path"].map { event.at($0)?.string ?? "-" }.joined(separator: " ")
    }

    private static func check(
        _ apis: String,
        _ row: Row,
        configure: @escaping (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws {
        try await TestGateway.serve(apis, configure: configure) { gateway async throws in
            #expect(try await outcome(gateway, row) == row.expected)
        }
    }

    // MARK: API Gateway's own hosts

    static let ownHosts: [Row] = [
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Prod/pets", "/pets /pets /Prod/pets"),
        Row("\(restID).execute-api.us-east-1.localhost:8080", "/Prod/pets/7", "/pets/{id} /pets/7 /Prod/pets/7"),
        Row("\(restID.uppercased()).EXECUTE-API.us-east-1.amazonaws.com.", "/Prod/pets", "/pets /pets /Prod/pets"),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Prod", "/ / /Prod"),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Prod/", "/ / /Prod/"),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Prod/none", unknown),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Prod/web", unknown),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/pets", forbidden),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/prod/pets", forbidden),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/Production/pets", forbidden),
        Row("\(restID).execute-api.us-east-1.amazonaws.com", "/", forbidden),
        Row("\(webID).execute-api.us-east-1.amazonaws.com", "/web", "GET /web /web /web"),
        Row("\(webID).execute-api.us-east-1.amazonaws.com", "/pets", notFound),
        Row(
            "\(namedID).execute-api.us-east-1.amazonaws.com",
            "/dev/named/1",
            "GET /named/{id} /dev/named/1 /dev/named/1"
        ),
        Row("\(namedID).execute-api.us-east-1.amazonaws.com", "/dev", "GET / /dev /dev"),
        Row("\(namedID).execute-api.us-east-1.amazonaws.com", "/named/1", notFound),
        Row("\(namedID).execute-api.us-east-1.amazonaws.com", "/prod/named/1", notFound),
        Row("\(linkID).lambda-url.us-east-1.on.aws", "/any/thing", "$default /any/thing /any/thing"),
    ]

    @Test("R1.30: on API Gateway's own hosts the stage stands before the path", arguments: ownHosts)
    func ownHost(row: Row) async throws { try await Self.check(Self.apis, row) }

    @Test(
        "R1.33: an API whose default endpoint is disabled does not answer on the default host",
        arguments: [
            Row("\(closedID).execute-api.us-east-1.amazonaws.com", "/Prod/closed", forbidden),
            Row("\(closedWebID).execute-api.us-east-1.amazonaws.com", "/closed-web", notFound),
            Row("gateway.test", "/closed", "/closed /closed /Prod/closed"),
            Row("closed.localhost", "/closed", "/closed /closed /Prod/closed"),
        ]
    )
    func disabledEndpoint(row: Row) async throws { try await Self.check(Self.apis, row) }

    @Test(
        "R1.30: every API has a name on this machine, function URLs too",
        arguments: [
            Row("rest.localhost:3000", "/pets", "/pets /pets /Prod/pets"),
            Row("REST.LocalHost.", "/Prod/pets", "/pets /pets /Prod/pets"),
            Row("rest.localhost", "/web", unknown),
            Row("web.localhost", "/pets", notFound),
            Row("shop-inner.localhost", "/inner", "/inner /inner /Prod/inner"),
            Row("link.localhost", "/pets", "$default /pets /pets"),
            // Names that mean nothing have all APIs but those that need an address of their own.
            Row("other.localhost", "/pets", "/pets /pets /Prod/pets"),
            Row("127.0.0.1", "/web", "GET /web /web /web"),
            Row("[::1]:80", "/web", "GET /web /web /web"),
            Row("localhost", "/anything", unknown),
        ]
    )
    func localNames(row: Row) async throws { try await Self.check(Self.apis, row) }

    // MARK: Stages

    static let stages: [Row] = [
        Row("a.test", "/Prod/pets", "/pets /pets /Prod/pets"),
        Row("a.test", "/pets", "/pets /pets /Prod/pets"),
        Row("a.test", "/dev/named/1", "GET /named/{id} /dev/named/1 /dev/named/1"),
        Row("a.test", "/named/1", "GET /named/{id} /dev/named/1 /dev/named/1"),
        Row("a.test", "/dev/named/a%2Fb", notFound),
        Row("a.test", "/dev/named/a%20b", "GET /named/{id} /dev/named/a b /dev/named/a b"),
        // What no stage is stays a part of the path.
        Row("a.test", "/%44ev/named/1", unknown),
        Row("a.test", "/devil/named/1", unknown),
        Row("a.test", "/dev/none", notFound),
        Row("a.test", "/Prod/none", unknown),
    ]

    @Test(
        "R1.20, R1.26: the stage is taken off the path first; events have it where the kind of API shows it",
        arguments: stages
    )
    func stage(row: Row) async throws { try await Self.check(Self.apis, row) }

    @Test(
        "R1.8: repeated slashes before the path do not count, with and without a stage",
        arguments: [
            Row("a.test", "//Prod/pets", "/pets /pets /Prod/pets"),
            Row("a.test", "/Prod//pets", "/pets /pets /Prod//pets"),
            Row("a.test", "/Prod//files/a//b", "/files/{path+} /files/a//b /Prod//files/a//b"),
            Row("a.test", "//pets", "/pets /pets /Prod//pets"),
        ]
    )
    func slashes(row: Row) async throws { try await Self.check(Self.apis, row) }

    @Test("R1.20: the stage comes before a route whose path begins like it; where nothing matches, the whole path does")
    func stageBeforePath() async throws {
        let apis = #"{"A":\#(TestGateway.api(.http, ["GET /v1/users", "GET /users", "GET /v1/only"], stage: "v1"))}"#
        try await Self.check(apis, Row("a.test", "/v1/users", "GET /users /v1/users /v1/users"))
        try await Self.check(apis, Row("a.test", "/v1/v1/users", "GET /v1/users /v1/v1/users /v1/v1/users"))
        try await Self.check(apis, Row("a.test", "/v1/only", "GET /v1/only /v1/v1/only /v1/v1/only"))
    }

    @Test(
        "R1.20: the setting stagePrefix",
        arguments: [
            ("ignore", "/Prod/pets", unknown), ("ignore", "/pets", "/pets /pets /Prod/pets"),
            ("require", "/Prod/pets", "/pets /pets /Prod/pets"), ("require", "/pets", unknown),
            ("require", "/web", "GET /web /web /web"), ("require", "/named/1", unknown),
        ]
    )
    func stageSetting(rule: String, target: String, expected: String) async throws {
        try await Self.check(Self.apis, Row("a.test", target, expected)) {
            $0.routing.stagePrefix = RoutingSettings.StagePrefix(rawValue: rule) ?? .accept
        }
    }

    @Test("R1.30: where every stage has a name and has to be there, it is what is missing")
    func requiredStage() async throws {
        let apis = #"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#
        try await Self.check(apis, Row("a.test", "/a", Self.forbidden)) { $0.routing.stagePrefix = .require }
    }

    // MARK: Custom domains

    private static let domains = """
        {"Orders":\(TestGateway.api(.rest, ["GET /", "GET /items/{id}", "GET /ping"],
            more: #""domains":{"api.shop.test":{"basePaths":["orders"]}},"#)),
        "Items":\(TestGateway.api(.http, ["GET /list", "GET /"], stage: "dev",
            more: #""domains":{"api.shop.test":{"basePaths":["orders/v1/items"]}},"#)),
        "Rest":\(TestGateway.api(.rest, ["GET /x", "GET /ping", "GET /sping", "GET /a/ping"],
            more: #""domains":{"all.shop.test":{},"*.wild.test":{}},"#))}
        """

    static let mapped: [Row] = [
        Row("api.shop.test", "/orders/items/5", "/items/{id} /orders/items/5 /orders/items/5"),
        Row("API.Shop.test.:443", "/orders/items/5", "/items/{id} /orders/items/5 /orders/items/5"),
        Row("api.shop.test", "/orders", "/ /orders /orders"),
        Row("api.shop.test", "/orders/", "/ /orders/ /orders/"),
        Row("api.shop.test", "/orders/v1/items/list", "GET /list /orders/v1/items/list /orders/v1/items/list"),
        Row("api.shop.test", "/orders/v1/items", "GET / /orders/v1/items /orders/v1/items"),
        // The longest key has the path, even where its API has no route and another would.
        Row("api.shop.test", "/orders/v1/items/none", notFound),
        Row("api.shop.test", "/orders/v1/item", unknown),
        Row("api.shop.test", "/ordersx", forbidden),
        Row("api.shop.test", "/Orders", forbidden),
        Row("api.shop.test", "/", forbidden),
        // No stage stands in these paths.
        Row("api.shop.test", "/Prod/orders/items/5", forbidden),
        Row("api.shop.test", "/orders/Prod/items/5", unknown),
        Row("all.shop.test", "/x", "/x /x /x"),
        Row("all.shop.test", "/none", unknown),
        Row("any.wild.test", "/x", "/x /x /x"),
        Row("two.labels.wild.test", "/list", "GET /list /dev/list /dev/list"),
        Row("wild.test", "/list", "GET /list /dev/list /dev/list"),
    ]

    @Test("R1.31, R1.32: the longest base path decides, and events have it in their paths", arguments: mapped)
    func domain(row: Row) async throws { try await Self.check(Self.domains, row) }

    @Test(
        "R1.13: health checks of custom domains keep their paths",
        arguments: [
            Row("all.shop.test", "/ping", forbidden), Row("all.shop.test", "/sping", forbidden),
            Row("all.shop.test", "/a/ping", "/a/ping /a/ping /a/ping"),
            Row("api.shop.test", "/orders/ping", "/ping /orders/ping /orders/ping"),
            Row("plain.test", "/ping", "/ping /ping /Prod/ping"),
        ]
    )
    func reserved(row: Row) async throws { try await Self.check(Self.domains, row) }

    @Test("R1.32: the key of the mapping is a variable of the context")
    func basePathVariable() async throws {
        let selection = try Self.selection(Self.domains, host: "api.shop.test", "/orders/v1/items/list")
        #expect(selection?.basePath == "orders/v1/items")
        #expect(try Self.selection(Self.domains, host: "all.shop.test", "/x")?.basePath == nil)
        #expect(ContextVariable("customDomain.basePathMatched") != nil)
    }

    private static func selection(_ apis: String, host: String, _ path: String) throws -> RouteSelection? {
        let builder = GenerationBuilder(
            configuration: ProxyConfiguration(),
            plugins: [],
            metrics: MetricsRegistry(),
            endpoints: EndpointRegistry()
        )
        let manifest = try Manifest(parsing: Array(TestGateway.manifest(apis).utf8))
        let head = try RequestHead(
            parsing: ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n"),
            limits: MessageLimits()
        )
        return try builder.build(manifest).select(head)
    }

    // MARK: Mounts and hosts of the configuration

    static let mounts: [Row] = [
        Row("a.test", "/shop/pets", "/pets /pets /Prod/pets"),
        Row("a.test", "/shop/Prod/pets", "/pets /pets /Prod/pets"),
        Row("a.test", "/shop", "/ / /Prod"),
        Row("a.test", "/shop/none", unknown),
        Row("a.test", "/shopping", unknown),
        Row("a.test", "/shop/web/web/1", "GET /web/{id} /web/1 /web/1"),
        Row("a.test", "/shop/web/a%20b", notFound),
        Row("a.test", "/shop/web/web/a%20b", "GET /web/{id} /web/a b /web/a b"),
        Row("a.test", "/link", "$default / /"),
        Row("a.test", "/link/x/y", "$default /x/y /x/y"),
        // What is mounted does not share the other paths.
        Row("a.test", "/pets", unknown),
        Row("a.test", "/web", unknown),
        Row("a.test", "/inner", "/inner /inner /Prod/inner"),
        Row("shop.test", "/web", "GET /web /web /web"),
        Row("rest.localhost", "/pets", "/pets /pets /Prod/pets"),
    ]

    @Test("Prefixes and hosts of the configuration; functions see no prefix", arguments: mounts)
    func mounted(row: Row) async throws {
        try await Self.check(Self.apis, row) { configuration in
            configuration.mounts = ["/shop": "Rest", "/shop/web": "Web", "/link": "Link"]
            configuration.hosts = ["shop.test": "Web"]
        }
    }

    @Test("A mount at the root takes what no other prefix does")
    func rootMount() async throws {
        for (target, expected) in [
            ("/web", "GET /web /web /web"), ("/shop/pets", "/pets /pets /Prod/pets"),
            ("/inner", Self.notFound),
        ] {
            try await Self.check(Self.apis, Row("a.test", target, expected)) {
                $0.mounts = ["": "Web", "/shop": "Rest"]
            }
        }
    }

    @Test("Web servers get the path that events show")
    func webServers() async throws {
        try await TestGateway.serve(
            Self.apis,
            wire: .http,
            configure: { $0.mounts = ["/shop": "Rest"] },
            script: { _ in .response(200, [], fields: []) },
            { gateway async throws in
                for (target, expected) in [
                    ("/shop/Prod/pets?a=b", "/pets?a=b"), ("/shop?a", "/?a"), ("/web/1", "/web/1"),
                ] {
                    _ = try await gateway.send("GET", target)
                    #expect(gateway.endpoint.requests.last?.requestLine == "GET \(expected) HTTP/1.1")
                }
            }
        )
    }

    @Test(
        "R1.30: settings that name no API, or no path, are refused",
        arguments: [
            #"{"mounts":{"/x":"Nobody"}}"#, #"{"hosts":{"a.test":"Nobody"}}"#, #"{"mounts":{"x":"A"}}"#,
            #"{"mounts":{"/a/../b":"A"}}"#, #"{"mounts":{"/a//b":"A"}}"#, #"{"mounts":{"/a%20":"A"}}"#,
            #"{"mounts":{"/a?b":"A"}}"#, #"{"mounts":{"/a":1}}"#, #"{"routing":{"stagePrefix":"maybe"}}"#,
            #"{"routing":{"trailingSlash":"loose"}}"#, #"{"routing":{"other":1}}"#,
        ]
    )
    func wrongSettings(settings: String) throws {
        #expect(throws: (any Error).self) {
            let configuration = try ProxyConfiguration(parsing: Array(settings.utf8))
            let builder = GenerationBuilder(
                configuration: configuration,
                plugins: [],
                metrics: MetricsRegistry(),
                endpoints: EndpointRegistry()
            )
            let apis = #"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#
            _ = try builder.build(try Manifest(parsing: Array(TestGateway.manifest(apis).utf8)))
        }
    }
}
