// Requests that another route takes than before, as tables of routes and of the changes that they come to.

import Diagnostics
import JSON
import Manifest
import Routing
import Support
import Testing

@testable import Review

@Suite("Reachability")
struct ReachabilityTests {
    @Test("The comparison resolves requests as the proxy does", arguments: RoutingCase.all)
    func resolution(_ row: RoutingCase) throws {
        let parts = row.request.split(separator: " ")
        // Methods that no route has are no witnesses.
        guard let method = RouteMethod(rawValue: String(parts[0])) else { return }
        let sent = Array(parts[1].prefix { $0 != "?" }.utf8)
        let path = sent.withUnsafeBytes { sent in
            row.kind == .rest ? Array(sent[RoutePath.rest(sent)]) : RoutePath.http(sent) ?? Array(sent)
        }
        let side = RoutingSide([("A", try Self.api(row.kind, row.routes))])
        var budget = StepBudget(10_000)
        let found = side.route(path, method, &budget).map { side.routes[$0].key.description }
        let expected = row.expected.map { text in
            row.routes.first { text == $0 || text.hasPrefix($0 + " ") } ?? text
        }
        #expect(found == expected)
    }

    /// Routes before and after, each with its function and its authorizer, and the moves.
    struct Move: CustomTestStringConvertible, Sendable {
        let fact: String
        let old: [String]
        let new: [String]
        /// `captured GET /a: ANY /{p+} → GET /a (risky, review)`
        let expected: [String]

        init(_ fact: String, _ old: [String], _ new: [String], _ expected: [String]) {
            self.fact = fact
            self.old = old
            self.new = new
            self.expected = expected
        }

        var testDescription: String { fact }
    }

    static let moves: [Move] = [
        Move("nothing moves where nothing changes", ["GET /a F", "GET /{x} G"], ["GET /a F", "GET /{x} G"], []),
        Move("the name of a parameter moves nothing", ["GET /{x} F"], ["GET /{y} F"], []),
        Move(
            "another function of the same route is no move",
            ["GET /a F", "GET /{x} G"],
            ["GET /a H", "GET /{x} G"],
            []
        ),
        Move("what nobody answers is not repeated", ["GET /a F"], ["GET /b F"], []),
        Move(
            "a literal takes from a parameter",
            ["GET /{x} F"],
            ["GET /a F", "GET /{x} F"],
            ["captured GET /a: GET /{x} → GET /a (risky)"]
        ),
        Move(
            "of a greedy route of every method one change, whatever the methods",
            ["ANY /{p+} F"],
            ["ANY /{p+} F", "ANY /a G"],
            ["captured GET /a: ANY /{p+} → ANY /a (risky, review)"]
        ),
        Move(
            "a guarded request falls to an open route",
            ["GET /admin F Login", "ANY /{p+} F"],
            ["ANY /{p+} F"],
            ["released GET /admin: GET /admin → ANY /{p+} (risky, weakens)"]
        ),
        Move(
            "and to $default",
            ["GET /admin F Login", "$default F"],
            ["$default F"],
            ["released GET /admin: GET /admin → $default (risky, weakens)"]
        ),
        Move(
            "a guarded route takes what was open",
            ["ANY /{p+} F"],
            ["ANY /{p+} F", "POST /admin F Login"],
            ["captured POST /admin: ANY /{p+} → POST /admin (breaking, strengthens)"]
        ),
        Move(
            "another authorizer",
            ["ANY /{p+} F Login"],
            ["ANY /{p+} F Login", "POST /admin F Staff"],
            ["captured POST /admin: ANY /{p+} → POST /admin (breaking, review)"]
        ),
        Move(
            "two authorizers that are the same but for their names",
            ["ANY /{p+} F Login"],
            ["ANY /{p+} F Login", "POST /admin F Twin"],
            ["captured POST /admin: ANY /{p+} → POST /admin (risky)"]
        ),
        Move(
            "patterns that only overlap: the request of both moves",
            ["GET /{y}/b F"],
            ["GET /{y}/b F", "GET /a/{x} G"],
            ["captured GET /a/b: GET /{y}/b → GET /a/{x} (risky, review)"]
        ),
        Move(
            "and back",
            ["GET /{y}/b F", "GET /a/{x} G"],
            ["GET /{y}/b F"],
            ["released GET /a/b: GET /a/{x} → GET /{y}/b (risky, review)"]
        ),
        Move(
            "a greedy route below another one",
            ["GET /{p+} F"],
            ["GET /{p+} F", "GET /files/{q+} G"],
            ["captured GET /files/a: GET /{p+} → GET /files/{q+} (risky, review)"]
        ),
        Move(
            "the values of the example are no literals",
            ["GET /{p+} F", "GET /files/a F", "GET /b F", "GET /files/c F"],
            ["GET /{p+} F", "GET /files/a F", "GET /b F", "GET /files/c F", "GET /files/{x} G"],
            ["captured GET /files/d: GET /{p+} → GET /files/{x} (risky, review)"]
        ),
        Move(
            "a path of another method is passed over",
            ["GET /a/{x} F", "POST /a/b F"],
            ["GET /a/{x} F", "POST /a/b F", "PUT /a/b F"],
            []
        ),
        Move(
            "what a more specific route keeps does not move",
            ["GET /a/b F", "GET /{p+} F"],
            ["GET /a/b F", "GET /{p+} F", "GET /{x}/b G"],
            ["captured GET /c/b: GET /{p+} → GET /{x}/b (risky, review)"]
        ),
    ]

    @Test("Moves between tables", arguments: moves)
    func move(_ row: Move) throws {
        #expect(try Self.moves(row.old, row.new) == row.expected)
    }

    @Test("The other direction has the same requests, with the two rules changed about", arguments: moves)
    func mirror(_ row: Move) throws {
        let there = try Self.report(row.old, row.new).changes.filter(\.isMove)
        let back = try Self.report(row.new, row.old).changes.filter(\.isMove)
        let expected = there.map { change in
            [
                change.rule.mirror ?? "", change.oldPlace?.identity ?? "", change.place.identity,
                change.example?.path ?? "",
            ]
        }
        let found = back.map { change in
            [change.rule.id, change.place.identity, change.oldPlace?.identity ?? "", change.example?.path ?? ""]
        }
        #expect(Set(found) == Set(expected))
    }

    @Test("APIs that share a port take each other's requests")
    func port() throws {
        let site = try Self.api(.http, ["ANY /{p+} F"])
        let shop = try Self.api(.http, ["GET /pets G Login"])
        let before = Self.manifest(["Site": site])
        let after = Self.manifest(["Site": site, "Shop": shop])
        #expect(
            Self.moves(before, after) == [
                "captured GET /pets: Site ANY /{p+} → Shop GET /pets (breaking, strengthens)"
            ]
        )
        #expect(
            Self.moves(after, before) == ["released GET /pets: Shop GET /pets → Site ANY /{p+} (risky, weakens)"]
        )
        // What no other route takes, too.
        let (all, rest) = (try Self.api(.http, ["$default F"]), try Self.api(.http, ["$default G Login"]))
        #expect(
            Self.moves(Self.manifest(["Site": all]), Self.manifest(["Site": all, "Front": rest])) == [
                "captured GET /: Site $default → Front $default (breaking, strengthens)"
            ]
        )
        // Alike: the first by id takes them.
        let twin = Self.manifest(["Site": site, "Other": site])
        #expect(
            Self.moves(before, twin) == [
                "captured GET /a: Site ANY /{p+} → Other ANY /{p+} (risky, review)"
            ]
        )
        #expect(
            Self.moves(twin, before) == ["released GET /a: Other ANY /{p+} → Site ANY /{p+} (risky, review)"]
        )
    }

    @Test("A renamed API keeps its guard, and may take requests of others or lose its own")
    func renamedAPI() throws {
        let site = try Self.api(.http, ["ANY /{p+} F Login", "GET /pets G"])
        let shop = try Self.api(.http, ["ANY /{p+} F Login"])
        let before = Self.manifest(["Alpha": site, "Middle": shop])
        let after = Self.manifest(["Middle": shop, "Zebra": site])
        let expected = "released GET /a: Alpha ANY /{p+} → Middle ANY /{p+} (risky, review)"
        #expect(Self.moves(before, after) == [expected])
        #expect(
            Self.moves(after, before) == ["captured GET /a: Middle ANY /{p+} → Alpha ANY /{p+} (risky, review)"]
        )
        // What it loses besides goes from its old name, with its old guard.
        var open = shop
        open.routes = open.routes.mapValues { Route(target: $0.target) }
        let opened = Self.report(before, Self.manifest(["Middle": open, "Zebra": site])).changes.filter(\.isMove)
        #expect(opened.map(\.oldPlace?.api) == ["Alpha"] && opened.map(\.security) == [.weakens])
        #expect(opened.first?.before?.json["auth"] == "Login" && opened.first?.after?.json["auth"] == "none")
        // Without another place in the order nothing moves.
        #expect(Self.moves(before, Self.manifest(["Beta": site, "Middle": shop])) == [])
    }

    @Test("Another name of a function is no other place")
    func renamedFunction() throws {
        func manifest(_ routes: [String], _ function: String) throws -> Manifest {
            Manifest(apis: ["A": try Self.api(.http, routes)], functions: [function: Self.function])
        }
        let old = try manifest(["GET /admin Old", "ANY /{p+} Old"], "Old")
        let new = try manifest(["ANY /{p+} New"], "New")
        #expect(Self.moves(old, new) == ["released GET /admin: GET /admin → ANY /{p+} (risky)"])
    }

    private static var function: Function {
        var function = Function()
        function.code = "src"
        return function
    }

    @Test("Where requests go is said of integrations, too")
    func integrations() throws {
        var old = try Self.api(.http, ["GET /a F", "ANY /{p+} F"])
        for (key, url) in [("GET /a", "https://a.example.com"), ("ANY /{p+}", "https://p.example.com")] {
            var integration = Integration(kind: .httpProxy)
            integration.url = url
            old.routes[try RouteKey(key, kind: .http)] = Route(target: .integration(integration))
        }
        var new = old
        new.routes[try RouteKey("GET /a", kind: .http)] = nil
        let moves = Self.report(Self.manifest(["A": old]), Self.manifest(["A": new])).changes.filter(\.isMove)
        #expect(moves.map { $0.before?.json["integration"] } == ["http_proxy https://a.example.com"])
        #expect(moves.map { $0.after?.json["integration"] } == ["http_proxy https://p.example.com"])
    }

    @Test("A renamed API may stand before another one that has the same route")
    func renamedAPIs() throws {
        let open = try Self.api(.http, ["GET /x F", "GET /y F"])
        let closed = try Self.api(.http, ["GET /x F Login", "GET /z F"])
        let (last, first) = (Self.manifest(["Z": open, "M": closed]), Self.manifest(["A": open, "M": closed]))
        #expect(Self.moves(last, first) == ["captured GET /x: M GET /x → A GET /x (risky, weakens)"])
        #expect(Self.moves(first, last) == ["released GET /x: A GET /x → M GET /x (breaking, strengthens)"])
        #expect(Self.moves(last, Self.manifest(["Y": open, "M": closed])).isEmpty)
    }

    @Test("What only has another name guards and answers as before")
    func renamed() throws {
        var (old, new) = (try Self.api(.http, ["ANY /{p+} F Login"]), try Self.api(.http, ["ANY /{p+} N Entry"]))
        for name in ["Staff", "Twin"] { (old.authorizers[name], new.authorizers[name]) = (nil, nil) }
        old.authorizers["Login"]?.function = "F"
        new.authorizers["Entry"] = new.authorizers.removeValue(forKey: "Login")
        new.authorizers["Entry"]?.function = "N"
        new.routes[try RouteKey("GET /a", kind: .http)] = new.routes.values.first
        func manifest(_ apis: [String: API], _ function: String) -> Manifest {
            Manifest(apis: apis, functions: [function: Function()])
        }
        #expect(
            Self.moves(manifest(["A": old], "F"), manifest(["A": new], "N")) == [
                "captured GET /a: ANY /{p+} → GET /a (risky)"
            ]
        )
        // An API of another name, whose request another one takes now.
        let shop = try Self.api(.http, ["GET /{x} F Login"])
        let site = try Self.api(.http, ["ANY /{p+} F"])
        #expect(
            Self.moves(
                Self.manifest(["Site": site, "Store": shop]),
                Self.manifest(["Site": try Self.api(.http, ["ANY /{p+} F", "GET /a F"]), "Shop": shop])
            ).contains("captured GET /a: Store GET /{x} → Site GET /a (risky, weakens)")
        )
        // The names decide between routes that are alike.
        #expect(
            Self.moves(
                Self.manifest(["A": site, "B": shop, "C": try Self.api(.http, ["ANY /{p+} G"])]),
                Self.manifest([
                    "Z": site, "B": shop, "C": try Self.api(.http, ["ANY /{p+} G"]),
                ])
            ) == ["released HEAD /a: A ANY /{p+} → C ANY /{p+} (risky, review)"]
        )
    }

    @Test("Scopes that nobody reads guard nothing; a user pool takes other tokens where there are some")
    func scopes() throws {
        func moves(_ kind: Authorizer.Kind) throws -> [String] {
            var (old, new) = (try Self.api(.rest, ["ANY /{p+} F Login"]), try Self.api(.rest, ["ANY /{p+} F Login"]))
            old.authorizers["Login"]?.kind = kind
            new.authorizers["Login"]?.kind = kind
            var route = try #require(new.routes.values.first)
            route.scopes = ["read"]
            new.routes[try RouteKey("GET /a", kind: .rest)] = route
            return Self.moves(Self.manifest(["A": old]), Self.manifest(["A": new]))
        }
        #expect(try moves(.iam) == ["captured GET /a: ANY /{p+} → GET /a (risky)"])
        #expect(try moves(.jwt) == ["captured GET /a: ANY /{p+} → GET /a (breaking, strengthens)"])
        #expect(try moves(.cognito) == ["captured GET /a: ANY /{p+} → GET /a (breaking, review)"])
    }

    @Test("An API key is a guard")
    func keys() throws {
        var old = try Self.api(.rest, ["GET /a F", "ANY /{p+} F"])
        old.routes[try RouteKey("GET /a", kind: .rest)]?.isKeyRequired = true
        var new = old
        new.routes[try RouteKey("GET /a", kind: .rest)] = nil
        let (before, after) = (Self.manifest(["A": old]), Self.manifest(["A": new]))
        #expect(Self.moves(before, after) == ["released GET /a: GET /a → ANY /{p+} (risky, weakens)"])
        #expect(Self.moves(after, before) == ["captured GET /a: ANY /{p+} → GET /a (breaking, strengthens)"])
    }

    @Test("Between APIs that decode paths and APIs that do not, only paths that are the same to both are examples")
    func encodedPathsBetweenAPIs() throws {
        let site = try Self.api(.rest, ["ANY /{p+} F"])
        let old = Self.manifest(["Site": site])
        func new(_ kind: APIKind, _ path: String) throws -> Manifest {
            Self.manifest(["Shop": try Self.api(kind, ["GET \(path) G"]), "Site": site])
        }
        #expect(Self.moves(old, try new(.http, "/café")) == [])
        #expect(Self.moves(old, try new(.http, "/cafe")).count == 1)
        #expect(Self.moves(old, try new(.rest, "/café")).count == 1)
    }

    @Test("Messages of WebSocket APIs fall to $default")
    func messages() throws {
        let all = try Self.api(.webSocket, ["$default F", "$connect F", "send G"])
        let fewer = try Self.api(.webSocket, ["$default F"])
        let (before, after) = (Self.manifest(["Chat": all]), Self.manifest(["Chat": fewer]))
        #expect(Self.moves(before, after) == ["released -: send → $default (risky, review)"])
        #expect(Self.moves(after, before) == ["captured -: $default → send (risky, review)"])
    }

    @Test("Paths of HTTP APIs are encoded in examples, those of REST APIs stand as they are matched")
    func encoding() throws {
        let (old, new) = (["GET /{x} F"], ["GET /{x} F", "GET /caf%é F"])
        #expect(try Self.moves(old, new, kind: .http).first?.hasPrefix("captured GET /caf%25%C3%A9:") == true)
        #expect(try Self.moves(old, new, kind: .rest).first?.hasPrefix("captured GET /caf%é:") == true)
    }

    @Test("Preflights that the gateway answers are not sent to routes of every method")
    func preflights() throws {
        var old = try Self.api(.http, ["ANY /{p+} F", "OPTIONS /a F"])
        var new = try Self.api(.http, ["ANY /{p+} F", "OPTIONS /a F", "ANY /{x} G"])
        let change = "captured GET /a: ANY /{p+} → ANY /{x} (risky, review)"
        #expect(Self.moves(Self.manifest(["A": old]), Self.manifest(["A": new])) == [change])
        new.routes[try RouteKey("OPTIONS /a", kind: .http)] = nil
        #expect(Self.moves(Self.manifest(["A": old]), Self.manifest(["A": new])).count == 2)
        (old.cors, new.cors) = (CORS(), CORS())
        #expect(Self.moves(Self.manifest(["A": old]), Self.manifest(["A": new])).count == 2)
    }

    // MARK: - What it costs

    @Test("Tables that were written against it are followed in steps that grow with their size")
    func hostileTables() throws {
        for make in [Self.ladder, Self.fan, Self.everyMethod] {
            for count in [100, 400] {
                let (requests, changed, nodes) = try Self.steps(make(count))
                #expect(requests.steps > changed)
                #expect(requests.steps <= 1024 * changed + 64 * nodes)
            }
        }
    }

    @Test("Where the steps do not suffice the report says so")
    func unfinished() throws {
        let old = (0..<1200).map { "GET /l\($0)/x F" }
        let new = (0..<1200).map { "GET /{p}/y\($0)/{q+} G" } + old.map { $0.replacing("/x", with: "/y1/z") }
        let report = try Self.report(old, new)
        #expect(report.isUnfinished)
        #expect(
            report.remarks == [
                "not every request of 'A' was followed: 'GET /{p}/y0/{q+}', 'GET /{p}/y1/{q+}', 'GET /{p}/y10/{q+}' "
                    + "and 1197 more meet too many other routes"
            ]
        )
    }

    /// At each level a literal and a parameter, so that a search turns back at each.
    private static func ladder(_ count: Int) -> (old: [String], new: [String]) {
        let stem = (0..<9).reduce([""]) { stems, _ in stems.flatMap { ["\($0)/a", "\($0)/{p\($0.count)}"] } }
        let old = stem.prefix(count / 2).map { "POST \($0)/end F" } + (0..<count / 2).map { "ANY /{x}/{y}/l\($0) F" }
        return (old, old + (0..<count).map { "GET /a/a/a/a/a/a/a/a/a/l\($0) G" })
    }

    /// Parameters across thousands of literals.
    private static func fan(_ count: Int) -> (old: [String], new: [String]) {
        ((0..<count).map { "ANY /l\($0)/{p+} F" }, (0..<count).map { "ANY /{x}/m\($0) F" })
    }

    /// A greedy route of every method at each of a hundred levels, and many beside them.
    private static func everyMethod(_ count: Int) -> (old: [String], new: [String]) {
        let deep = (0..<100).map { "ANY " + String(repeating: "/d", count: $0) + "/{p+} F" }
        let wide = (0..<count).map { "ANY /w\($0)/{x}/{p+} F" }
        return (deep + wide, deep + wide.map { $0.replacing("{p+}", with: "{q}") })
    }

    private static func steps(_ tables: (old: [String], new: [String])) throws -> (
        MovedRequests, changed: Int, nodes: Int
    ) {
        let apis = (try api(.http, tables.old), try api(.http, tables.new))
        let (old, new) = (RoutingSide([("A", apis.0)]), RoutingSide([("A", apis.1)]))
        let (oldKeys, newKeys) = (Set(old.routes.map(\.key)), Set(new.routes.map(\.key)))
        let removed = old.routes.filter { !newKeys.contains($0.key) }
        let added = new.routes.filter { !oldKeys.contains($0.key) }
        let requests = MovedRequests(
            old,
            new,
            of: [apis.0, apis.1],
            removed: removed,
            added: added,
            skipsPreflights: false
        )
        return (requests, removed.count + added.count, old.table.nodeCount + new.table.nodeCount)
    }

    // MARK: - Manifests

    /// Routes such as `GET /a F Login`: the key, the function, and the authorizer where there is one.
    private static func api(_ kind: APIKind, _ routes: [String]) throws -> API {
        var api = API(kind: kind, stage: "$default")
        for (name, issuer) in [("Login", "a"), ("Staff", "b"), ("Twin", "a")] {
            api.authorizers[name] = Authorizer(kind: .jwt)
            api.authorizers[name]?.issuer = issuer
        }
        for text in routes {
            let parts = text.split(separator: " ").map { String($0) }
            let count = parts[0].hasPrefix("/") || kind == .webSocket || parts[0] == "$default" ? 1 : 2
            let key = try RouteKey(parts[..<count].joined(separator: " "), kind: kind)
            let function = parts.count > count ? parts[count] : "F"
            let auth: RouteAuth = parts.count > count + 1 ? .authorizer(parts[count + 1]) : .none
            api.routes[key] = Route(function: function, payload: kind.defaultPayload, auth: auth)
        }
        return api
    }

    private static func manifest(_ apis: [String: API]) -> Manifest {
        Manifest(apis: apis, functions: ["F": Function(), "G": Function(), "H": Function()])
    }

    private static func report(_ old: [String], _ new: [String], kind: APIKind = .http) throws -> ChangeReport {
        report(manifest(["A": try api(kind, old)]), manifest(["A": try api(kind, new)]))
    }

    private static func report(_ old: Manifest, _ new: Manifest) -> ChangeReport {
        ManifestDiff.compare(
            ManifestRevision(name: "old", manifest: old),
            ManifestRevision(name: "new", manifest: new),
            fingerprint: { $0 }
        )
    }

    private static func moves(_ old: [String], _ new: [String], kind: APIKind = .http) throws -> [String] {
        moves(manifest(["A": try api(kind, old)]), manifest(["A": try api(kind, new)]))
    }

    private static func moves(_ old: Manifest, _ new: Manifest) -> [String] {
        report(old, new).changes.filter(\.isMove).map { change in
            let namesAPI = change.place.api != change.oldPlace?.api
            func name(_ place: ChangePlace?) -> String {
                (namesAPI ? "\(place?.api ?? "-") " : "") + (place?.identity ?? "-")
            }
            let example = change.example.map { "\($0.method) \($0.path)" } ?? "-"
            let judgement = [change.impact.rawValue, change.security?.rawValue].compactMap { $0 }
            return "\(change.rule.id.dropFirst("route-".count)) \(example): \(name(change.oldPlace)) → "
                + "\(name(change.place)) (\(judgement.joined(separator: ", ")))"
        }
    }
}

extension Change {
    fileprivate var isMove: Bool { rule == .routeCaptured || rule == .routeReleased }
}
