// Which functions, APIs and authorizers are the same under another name.

import Manifest
import Review
import Testing

struct RenameTests {
    /// A manifest of APIs, each with the function of each route.
    private func manifest(_ apis: [String: [String: String]], _ functions: [String: String]) throws -> Manifest {
        var manifest = Manifest(functions: functions.mapValues { Manifest.function($0) })
        for (id, routes) in apis {
            var api = API(kind: .http, stage: "$default")
            for (key, function) in routes { try api.set([key: "none"], function: function) }
            manifest.apis[id] = api
        }
        return manifest
    }

    @Test func routesFollowARenamedFunction() throws {
        let old = try manifest(["Shop": ["GET /a": "Old", "GET /b": "Other"]], ["Old": "a", "Other": "b"])
        let new = try manifest(["Shop": ["GET /a": "New", "GET /b": "Other"]], ["New": "a", "Other": "b"])
        #expect(changes(old, new).map(\.line) == ["function-renamed New < Old"])
        #expect(changes(new, old).map(\.line) == ["function-renamed Old < New"])
    }

    /// What has both names on both sides is no rename.
    @Test func swappedNamesAreChanges() throws {
        let old = try manifest(["Shop": ["GET /a": "A", "GET /b": "B"]], ["A": "a", "B": "b"])
        let new = try manifest(["Shop": ["GET /a": "B", "GET /b": "A"]], ["A": "b", "B": "a"])
        let found = changes(old, new)
        #expect(found.filter { $0.rule.id == "route-function-changed" }.map(\.place.identity) == ["GET /a", "GET /b"])
        #expect(!found.contains { $0.rule.id == "function-renamed" })
    }

    @Test func otherContentIsNoRename() throws {
        let old = try manifest(["Shop": ["GET /a": "Old"]], ["Old": "a"])
        let new = try manifest(["Shop": ["GET /a": "New"]], ["New": "b"])
        let lines = ["route-function-changed Shop GET /a", "function-added New", "function-removed Old"]
        #expect(changes(old, new).map(\.line) == lines)
    }

    /// Functions of the same content are told apart by the routes that use them, whatever their names say.
    @Test func usesDecide() throws {
        let old = try manifest(["Shop": ["GET /a": "A", "GET /b": "B"]], ["A": "same", "B": "same"])
        let new = try manifest(["Shop": ["GET /a": "Z", "GET /b": "Y"]], ["Y": "same", "Z": "same"])
        #expect(changes(old, new).map(\.line) == ["function-renamed Y < B", "function-renamed Z < A"])
        #expect(changes(new, old).map(\.line) == ["function-renamed A < Z", "function-renamed B < Y"])
    }

    /// Without uses as many on both sides are paired in order, and none where one side has more.
    @Test func countsDecide() throws {
        let two = try manifest([:], ["A": "same", "B": "same"])
        let others = try manifest([:], ["Y": "same", "Z": "same"])
        let one = try manifest([:], ["X": "same"])
        #expect(changes(two, others).map(\.line) == ["function-renamed Y < A", "function-renamed Z < B"])
        #expect(changes(others, two).map(\.line) == ["function-renamed A < Y", "function-renamed B < Z"])
        #expect(changes(two, one).map(\.line) == ["function-removed A", "function-removed B", "function-added X"])
        #expect(changes(one, two).map(\.line) == ["function-added A", "function-added B", "function-removed X"])
    }

    @Test func anAPIAndItsFunctionsAtOnce() throws {
        let old = try manifest(["Shop": ["GET /a": "A", "GET /b": "B"]], ["A": "same", "B": "same"])
        let new = try manifest(["Store": ["GET /a": "D", "GET /b": "C"]], ["C": "same", "D": "same"])
        let lines = ["api-renamed Store < Shop", "function-renamed C < B", "function-renamed D < A"]
        #expect(changes(old, new).map(\.line) == lines)
    }

    /// Requests to a port that several APIs share go where they went.
    @Test func aRenamedAPICapturesNothing() throws {
        let functions = ["A": "a", "B": "b"]
        let old = try manifest(["Admin": ["GET /b": "B"], "Shop": ["GET /a": "A"]], functions)
        let new = try manifest(["Admin": ["GET /b": "B"], "Store": ["GET /a": "A"]], functions)
        #expect(changes(old, new).map(\.line) == ["api-renamed Store < Shop"])
    }

    @Test func anAPIWithAnotherRouteIsAnotherAPI() throws {
        let old = try manifest(["Shop": ["GET /a": "A"]], ["A": "a"])
        let new = try manifest(["Store": ["GET /b": "A"]], ["A": "a"])
        #expect(
            changes(old, new).map(\.line) == ["api-removed Shop", "api-added Store", "open-route-added Store GET /b"]
        )
    }

    /// A manifest of one API whose authorizers have the same content.
    private func guarded(_ id: String, _ auths: [String: String], function: String = "Login") throws -> Manifest {
        var authorizer = Authorizer(kind: .lambda)
        authorizer.function = function
        var api = API(kind: .http, stage: "$default")
        for name in Set(auths.values) { api.authorizers[name] = authorizer }
        try api.set(auths, function: function)
        return Manifest(apis: [id: api], functions: [function: Manifest.function("login")])
    }

    @Test func routesFollowARenamedAuthorizer() throws {
        let old = try guarded("Shop", ["GET /a": "A", "GET /b": "B"])
        let new = try guarded("Shop", ["GET /a": "Z", "GET /b": "Y"])
        #expect(
            changes(old, new).map(\.line) == [
                "authorizer-renamed Shop Y < Shop B", "authorizer-renamed Shop Z < Shop A",
            ]
        )
        #expect(
            changes(new, old).map(\.line) == [
                "authorizer-renamed Shop A < Shop Z", "authorizer-renamed Shop B < Shop Y",
            ]
        )
    }

    @Test func allThreeAtOnce() throws {
        let old = try guarded("Shop", ["GET /a": "A", "GET /b": "B"])
        let new = try guarded("Store", ["GET /a": "Z", "GET /b": "Y"], function: "Entry")
        let lines = [
            "api-renamed Store < Shop", "authorizer-renamed Store Y < Shop B", "authorizer-renamed Store Z < Shop A",
            "function-renamed Entry < Login",
        ]
        #expect(changes(old, new).map(\.line) == lines)
    }

    /// A route that goes to another authorizer of the same content is let in as before.
    @Test func anEqualAuthorizerIsNoBreak() throws {
        let old = try guarded("Shop", ["GET /a": "A", "GET /b": "B"])
        let new = try guarded("Shop", ["GET /a": "B", "GET /b": "B"])
        let found = changes(old, new).map(\.judgement)
        #expect(found == ["authorizer-removed compatible –", "auth-changed compatible –"])
    }
}
