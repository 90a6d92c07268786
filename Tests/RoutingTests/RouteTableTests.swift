// Which route takes a request, which routes have to do with a path, and what the search for them costs.

import Manifest
import Support
import Testing

@testable import Routing

@Suite("Tables of routes")
struct RouteTableTests {
    @Test("The route and its captures", arguments: RoutingCase.all)
    func cases(_ row: RoutingCase) throws {
        let keys = try row.routes.map { try RouteKey($0, kind: row.kind) }
        let parts = row.request.split(separator: " ")
        let sent = Array(parts[1].prefix { $0 != "?" }.utf8)
        let path = sent.withUnsafeBytes { sent in
            row.kind == .rest ? Array(sent[RoutePath.rest(sent)]) : RoutePath.http(sent) ?? Array(sent)
        }
        let method = RouteMethod(rawValue: String(parts[0]))?.position
        let found = path.withUnsafeBytes { RouteTable(keys).match($0, method: method) }.map { match in
            ([keys[match.route].description]
                + match.captures.map { String(decoding: path[$0], as: UTF8.self) }).joined(separator: " ")
        }
        #expect(found == row.expected)
    }

    @Test("A search without enough steps says so")
    func budget() throws {
        let table = RouteTable([try RouteKey("GET /a/b/c", kind: .http)])
        let path = Array("/a/b/c".utf8)
        for steps in 0..<6 {
            var budget = StepBudget(steps)
            let match = path.withUnsafeBytes { table.match($0, method: 0, budget: &budget) }
            #expect(budget.isExhausted == (steps < 4))
            #expect((match != nil) == (steps >= 4))
        }
    }

    @Test(
        "The paths that a pattern shares with those of a table",
        arguments: [
            ("/a/{x}", ["/a/*", "/a/*", "/a/b", "/a/b"], ["/a/*", "/a/*"]),
            ("/a/b", ["/a/b", "/a/b", "/a/b", "/a/b"], ["/a/b", "/a/b", "/a/b", "/a/b"]),
            ("/{p+}", ["/*/b", "/a/*", "/a/*/…", "/a/b", "/…"], ["/…"]),
            ("/a", ["/a"], ["/a"]),
            ("/c/{p+}", ["/c/b", "/c/…"], ["/c/…"]),
            ("/", [], []),
        ]
    )
    func overlaps(_ pattern: String, _ some: [String], _ every: [String]) throws {
        let keys = ["GET /a/b", "GET /a/{x}", "GET /a/{y}/{p+}", "GET /{x}/b", "GET /{p+}"]
        let table = RouteTable(try keys.map { try RouteKey($0, kind: .http) })
        #expect(try Self.overlaps(table, pattern, .some) == some)
        #expect(try Self.overlaps(table, pattern, .every) == every)
    }

    private static func overlaps(_ table: RouteTable, _ pattern: String, _ coverage: RouteTable.Coverage) throws
        -> [String]
    {
        var budget = StepBudget(10_000)
        var found: [String] = []
        table.forEachOverlap(with: try PathPattern(pattern), taking: coverage, budget: &budget) { overlap, _, _ in
            found.append(overlap.segments.map { "/" + ($0 ?? "*") }.joined() + (overlap.isOpen ? "/…" : ""))
        }
        return found.sorted()
    }
}
