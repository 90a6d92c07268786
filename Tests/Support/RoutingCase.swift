// Which route takes a request: the one set of tables that trie, proxy and diff are all held against.

package import Manifest

/// One request to one set of routes.
package struct RoutingCase: CustomStringConvertible, Sendable {
    /// The fact of `docs/fidelity.md` that it shows.
    package let fact: String
    package let kind: APIKind
    package let routes: [String]
    /// The method and the path as they are sent.
    package let request: String
    /// The route with its captures: `GET /a/{b} b`; nil where no route takes the request.
    package let expected: String?

    private init(_ kind: APIKind, _ fact: String, _ routes: [String], _ request: String, _ expected: String?) {
        self.kind = kind
        self.fact = fact
        self.routes = routes
        self.request = request
        self.expected = expected
    }

    package var description: String { "\(fact): \(request) among \(routes.joined(separator: ", "))" }

    package static let all: [RoutingCase] = rest + http

    private static let rest: [RoutingCase] = [
        Self(.rest, "R1.1", ["POST /test", "OPTIONS /{proxy+}"], "OPTIONS /test", "OPTIONS /{proxy+} test"),
        Self(.rest, "R1.1", ["POST /test", "OPTIONS /{proxy+}"], "GET /test", nil),
        Self(.rest, "R1.1", ["ANY /test/any", "GET /{proxy+}"], "GET /test/any", "ANY /test/any"),
        Self(
            .rest,
            "R1.1",
            ["GET /part1", "GET /part1/hardcoded-value", "GET /{param+}"],
            "GET /part1/random-value",
            "GET /{param+} part1/random-value"
        ),
        Self(.rest, "R1.1", ["POST /a/b", "GET /a/{x}"], "GET /a/b", "GET /a/{x} b"),
        Self(.rest, "R1.1", ["POST /a/b/c", "GET /a/{x+}", "GET /{y+}"], "GET /a/b/c", "GET /a/{x+} b/c"),
        Self(.rest, "R1.1", ["GET /a/b/c", "GET /{x}/b/d"], "GET /a/b/d", "GET /{x}/b/d a"),
        Self(.rest, "R1.1", ["GET /{a}/{b}/c", "GET /x/{rest+}"], "GET /x/y/c", "GET /x/{rest+} y/c"),
        Self(.rest, "R1.1", ["POST /admin", "ANY /{proxy+}"], "GET /admin", "ANY /{proxy+} admin"),
        Self(.rest, "R1.2", ["GET /a", "GET /{b}", "GET /{c+}"], "GET /a", "GET /a"),
        Self(.rest, "R1.2", ["GET /{b}", "GET /{c+}"], "GET /a", "GET /{b} a"),
        Self(.rest, "R1.2", ["GET /{c+}"], "GET /a", "GET /{c+} a"),
        Self(.rest, "R1.2", ["GET /a", "ANY /a"], "GET /a", "GET /a"),
        Self(.rest, "R1.2", ["GET /a", "ANY /a"], "PUT /a", "ANY /a"),
        Self(.rest, "R1.2", ["ANY /a/b", "GET /a/{x}"], "GET /a/b", "ANY /a/b"),
        Self(.rest, "R1.3", ["GET /a"], "HEAD /a", nil),
        Self(.rest, "R1.3", ["GET /a"], "OPTIONS /a", nil),
        Self(.rest, "R1.3", ["ANY /a"], "HEAD /a", "ANY /a"),
        Self(.rest, "R1.3", ["ANY /a"], "OPTIONS /a", "ANY /a"),
        Self(.rest, "R1.3", ["ANY /a"], "PATCH /a", "ANY /a"),
        Self(.rest, "R1.3", ["ANY /a"], "TRACE /a", nil),
        Self(.rest, "R1.3", ["ANY /a"], "PROPFIND /a", nil),
        Self(.rest, "R1.3", ["ANY /a"], "get /a", nil),
        Self(.rest, "R1.4", ["GET /{proxy+}"], "GET /", nil),
        Self(.rest, "R1.4", ["GET /a/{proxy+}"], "GET /a", nil),
        Self(.rest, "R1.4", ["GET /a/{proxy+}"], "GET /a/", nil),
        Self(.rest, "R1.4", ["GET /", "GET /{proxy+}"], "GET /", "GET /"),
        Self(.rest, "R1.5", ["GET /a/{b}"], "GET /a/b/c", nil),
        Self(.rest, "R1.5", ["GET /a/{b}"], "GET /a/b.c-d_e,f:g", "GET /a/{b} b.c-d_e,f:g"),
        Self(.rest, "R1.6", ["GET /Pets"], "GET /pets", nil),
        Self(.rest, "R1.7", ["GET /{proxy+}"], "GET /proxy-value/", "GET /{proxy+} proxy-value"),
        Self(.rest, "R1.7", ["GET /cars"], "GET /cars/", "GET /cars"),
        Self(.rest, "R1.7", ["GET /cars/{id}"], "GET /cars/1/", "GET /cars/{id} 1"),
        Self(
            .rest,
            "R1.8",
            ["GET /{proxy+}"],
            "GET /proxy-value//double-slash",
            "GET /{proxy+} proxy-value//double-slash"
        ),
        Self(.rest, "R1.8", ["GET /x"], "GET //x", "GET /x"),
        Self(.rest, "R1.8", ["GET /a/{b}/c"], "GET /a//c", nil),
        Self(.rest, "R1.9", ["GET /{proxy+}"], "GET /Summer%20Sale%202023", "GET /{proxy+} Summer%20Sale%202023"),
        Self(.rest, "R1.9", ["GET /{p}"], "GET /%E2%98%95", "GET /{p} %E2%98%95"),
        Self(.rest, "R1.9", ["GET /{p}"], "GET /test%2Balias@gmail.com", "GET /{p} test%2Balias@gmail.com"),
        Self(.rest, "R1.9", ["GET /{p}"], "GET /a+b", "GET /{p} a+b"),
        Self(.rest, "R1.9", ["GET /{p}"], "GET /a%2Fb", "GET /{p} a%2Fb"),
        Self(.rest, "R1.9", ["GET /a"], "GET /%61", nil),
        Self(.rest, "R1.10", ["GET /a"], "GET /b", nil),
    ]

    private static let http: [RoutingCase] = [
        Self(.http, "R1.20", documented, "GET /pets/dog/1", "GET /pets/dog/1"),
        Self(.http, "R1.20", documented, "GET /pets/dog/2", "GET /pets/dog/{id} 2"),
        Self(.http, "R1.20", documented, "GET /pets/cat/1", "GET /pets/{proxy+} cat/1"),
        Self(.http, "R1.20", documented, "POST /test/5", "ANY /{proxy+} test/5"),
        Self(.http, "R1.20", documented, "GET /", "$default"),
        Self(.http, "R1.21", ["GET /a/{p+}", "GET /{p+}"], "GET /a/b", "GET /a/{p+} b"),
        Self(.http, "R1.21", ["GET /a/{p}", "GET /a/b"], "GET /a/b", "GET /a/b"),
        Self(.http, "R1.21", ["ANY /a", "GET /a"], "GET /a", "GET /a"),
        Self(.http, "R1.21", ["ANY /a/b", "GET /{p+}"], "GET /a/b", "ANY /a/b"),
        Self(.http, "R1.22", ["GET /a"], "POST /a", nil),
        Self(.http, "R1.22", ["GET /a"], "HEAD /a", nil),
        Self(.http, "R1.23", ["GET /{p}"], "GET /a%20b", "GET /{p} a b"),
        Self(.http, "R1.23", ["GET /{p}"], "GET /a%2Fb", nil),
        Self(.http, "R1.23", ["GET /{p+}"], "GET /a%2Fb", "GET /{p+} a/b"),
        Self(.http, "R1.23", ["GET /a/b"], "GET /a%2fb", "GET /a/b"),
        Self(.http, "R1.23", ["GET /{p}"], "GET /%E2%98%95", "GET /{p} ☕"),
        Self(.http, "R1.23", ["GET /{p}"], "GET /a%3Fb?c", "GET /{p} a?b"),
        Self(.http, "R1.23", ["GET /{p}"], "GET /%2541", "GET /{p} %41"),
        Self(.http, "R1.24", ["GET /hello"], "GET /hello/", nil),
        Self(.http, "R1.24", ["GET /{proxy+}"], "GET /hello/", "GET /{proxy+} hello/"),
        Self(.http, "R1.25", ["GET /{proxy+}"], "GET /", nil),
        Self(.http, "R1.25", ["ANY /{proxy+}", "$default"], "GET /", "$default"),
        Self(.http, "R1.25", ["$default"], "OPTIONS /a/b", "$default"),
        Self(.http, "R1.25", ["$default"], "TRACE /a", "$default"),
        Self(.http, "R1.25", ["$default"], "HEAD /", "$default"),
    ]

    private static let documented = [
        "GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default",
    ]
}
