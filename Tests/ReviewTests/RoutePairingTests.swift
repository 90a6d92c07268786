// Which routes of two APIs are the same route, and what is left over.

import Manifest
import Review
import Testing

struct RoutePairingTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let old: [String]
        let new: [String]
        let lines: [String]
        /// What the other direction says.
        let mirrored: [String]
    }

    static let cases: [Case] = [
        Case(
            testDescription: "another name in two paths",
            old: ["GET /a/{x}", "GET /a/{x}/b"],
            new: ["GET /a/{y}", "GET /a/{y}/b"],
            lines: [
                "path-parameter-renamed Shop GET /a/{y} < Shop GET /a/{x}",
                "path-parameter-renamed Shop GET /a/{y}/b < Shop GET /a/{x}/b",
            ],
            mirrored: [
                "path-parameter-renamed Shop GET /a/{x} < Shop GET /a/{y}",
                "path-parameter-renamed Shop GET /a/{x}/b < Shop GET /a/{y}/b",
            ]
        ),
        Case(
            testDescription: "names that change places",
            old: ["GET /{a}/{b}"],
            new: ["GET /{b}/{a}"],
            lines: ["path-parameter-renamed Shop GET /{b}/{a} < Shop GET /{a}/{b}"],
            mirrored: ["path-parameter-renamed Shop GET /{a}/{b} < Shop GET /{b}/{a}"]
        ),
        Case(
            testDescription: "one more segment is another route",
            old: ["GET /a/{x}"],
            new: ["GET /a/{x}/{y}"],
            lines: ["route-removed Shop GET /a/{x}", "route-added Shop GET /a/{x}/{y}"],
            mirrored: ["route-added Shop GET /a/{x}", "route-removed Shop GET /a/{x}/{y}"]
        ),
        Case(
            testDescription: "greedy with another name is both",
            old: ["GET /f/{id}"],
            new: ["GET /f/{path+}"],
            lines: [
                "path-parameter-greedy Shop GET /f/{path+} < Shop GET /f/{id}",
                "path-parameter-renamed Shop GET /f/{path+} < Shop GET /f/{id}",
            ],
            mirrored: [
                "path-parameter-single Shop GET /f/{id} < Shop GET /f/{path+}",
                "path-parameter-renamed Shop GET /f/{id} < Shop GET /f/{path+}",
            ]
        ),
        Case(
            testDescription: "a greedy route beside a single one comes",
            old: ["GET /f/{id}"],
            new: ["GET /f/{id}", "GET /f/{id+}"],
            lines: ["route-added Shop GET /f/{id+}"],
            mirrored: ["route-removed Shop GET /f/{id+}"]
        ),
        Case(
            testDescription: "the same shape goes before greed",
            old: ["GET /f/{a}"],
            new: ["GET /f/{b}", "GET /f/{a+}"],
            lines: ["path-parameter-renamed Shop GET /f/{b} < Shop GET /f/{a}", "route-added Shop GET /f/{a+}"],
            mirrored: ["path-parameter-renamed Shop GET /f/{a} < Shop GET /f/{b}", "route-removed Shop GET /f/{a+}"]
        ),
        Case(
            testDescription: "every method becomes two",
            old: ["ANY /a/{x}"],
            new: ["GET /a/{y}", "POST /a/{x}"],
            lines: [
                "route-method-narrowed Shop POST /a/{x} < Shop ANY /a/{x}",
                "route-method-narrowed Shop GET /a/{y} < Shop ANY /a/{x}",
                "path-parameter-renamed Shop GET /a/{y} < Shop ANY /a/{x}",
            ],
            mirrored: [
                "route-method-widened Shop ANY /a/{x} < Shop GET /a/{y}",
                "path-parameter-renamed Shop ANY /a/{x} < Shop GET /a/{y}",
                "route-method-widened Shop ANY /a/{x} < Shop POST /a/{x}",
            ]
        ),
        Case(
            testDescription: "a method beside every method comes",
            old: ["ANY /a"],
            new: ["ANY /a", "GET /a"],
            lines: ["route-added Shop GET /a"],
            mirrored: ["route-removed Shop GET /a"]
        ),
        Case(
            testDescription: "another method is another route",
            old: ["PUT /a"],
            new: ["PATCH /a"],
            lines: ["route-removed Shop PUT /a", "route-added Shop PATCH /a"],
            mirrored: ["route-added Shop PUT /a", "route-removed Shop PATCH /a"]
        ),
        Case(
            testDescription: "the fallback is paired with nothing",
            old: ["$default"],
            new: ["ANY /{proxy+}"],
            lines: ["route-added Shop ANY /{proxy+}", "route-removed Shop $default"],
            mirrored: ["route-removed Shop ANY /{proxy+}", "route-added Shop $default"]
        ),
    ]

    @Test(arguments: cases)
    func pairs(_ example: Case) throws {
        func manifest(_ keys: [String]) throws -> Manifest {
            try .shop { try $0.set(Dictionary(uniqueKeysWithValues: keys.map { ($0, "none") })) }
        }
        let (old, new) = (try manifest(example.old), try manifest(example.new))
        #expect(lines(old, new) == example.lines)
        #expect(lines(new, old).sorted() == example.mirrored.sorted())
    }

    /// The changes, but for requests that go elsewhere since a route came or went.
    private func lines(_ old: Manifest, _ new: Manifest) -> [String] {
        changes(old, new).filter { !["route-captured", "route-released"].contains($0.rule.id) }.map(\.line)
    }

    /// The members of a pair are compared, and know both places.
    @Test func comparesThePair() throws {
        func manifest(_ key: String, _ auth: String) throws -> Manifest {
            try .shop {
                $0.authorizers["Login"] = Authorizer(kind: .iam)
                try $0.set([key: auth])
            }
        }
        let found = changes(try manifest("GET /a/{x}", "Login"), try manifest("GET /a/{y}", "none"))
        #expect(
            found.map(\.line) == [
                "path-parameter-renamed Shop GET /a/{y} < Shop GET /a/{x}",
                "auth-removed Shop GET /a/{y} < Shop GET /a/{x}",
            ]
        )
    }
}
