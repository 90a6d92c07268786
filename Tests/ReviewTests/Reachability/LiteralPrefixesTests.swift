// Which routes can have to do with those that changed.

import Manifest
import Testing

@testable import Review

struct LiteralPrefixesTests {
    @Test(arguments: [
        (
            ["GET /a/b"], ["GET /a/b", "POST /a/b", "GET /a/{x}", "GET /{x}/c", "GET /a/{x+}", "$default"],
            ["GET /a", "GET /b/b"]
        ),
        (["GET /a/{x}"], ["GET /a/b", "GET /a/b/c", "GET /{x+}"], ["GET /b", "GET /"]),
        (["GET /{x+}"], ["GET /", "GET /a", "GET /a/b"], []),
        (["GET /"], ["GET /", "GET /a"], []),
        (["$default"], ["$default", "GET /{x}", "GET /a"], []),
        (["GET /a/b", "GET /a/c/{x}"], ["GET /a/c/d"], ["GET /a/d"]),
    ])
    func meetsWhatMayTakeTheSame(changed: [String], met: [String], others: [String]) throws {
        let prefixes = LiteralPrefixes(try changed.map { try RouteKey($0, kind: .http) })
        for route in met { #expect(prefixes.meet(try RouteKey(route, kind: .http)), "\(route)") }
        for route in others { #expect(!prefixes.meet(try RouteKey(route, kind: .http)), "\(route)") }
    }
}
