// Changes of APIs that a row of the table judges too simply: what depends on what else is there.

import JSON
import Manifest
import Review
import Testing

struct JudgementTests {
    /// A route that needs an API key has no authorizer, and is not for everyone all the same.
    @Test func routesWithAKeyAreNotPublic() throws {
        let old = Manifest.shop(.rest) { _ in }
        let new = try Manifest.shop(.rest) { api in
            try api.set(["GET /a": "none", "GET /b": "none"])
            api.routes[try RouteKey("GET /b", kind: .rest)]?.isKeyRequired = true
        }
        let found = changes(old, new)
        #expect(found.map(\.isPublic) == [true, false])
        #expect(found.map(\.judgement) == Array(repeating: "route-added compatible weakens", count: 2))
        #expect(found.last?.detail == "→ Pets (auth: none, apiKeyRequired: true)")
        for isKeyed in [false, true] {
            func shop(_ auth: RouteAuth) throws -> Manifest {
                try Manifest.shop(.rest) { api in
                    try api.set(["GET /a": "Login"])
                    let key = try RouteKey("GET /a", kind: .rest)
                    api.routes[key]?.auth = auth
                    api.routes[key]?.isKeyRequired = isKeyed
                }
            }
            let opened = changes(try shop(.authorizer("Login")), try shop(.none))
            #expect(opened.map(\.judgement) == ["auth-removed compatible weakens"])
            #expect(opened.map(\.isPublic) == [!isKeyed])
        }
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let kind: APIKind
        let old: @Sendable (inout API) throws -> Void
        let new: @Sendable (inout API) throws -> Void
        let judgements: [String]

        init(
            _ description: String,
            _ kind: APIKind,
            _ old: @escaping @Sendable (inout API) throws -> Void,
            to new: @escaping @Sendable (inout API) throws -> Void,
            _ judgements: String...
        ) {
            testDescription = description
            self.kind = kind
            self.old = old
            self.new = new
            self.judgements = judgements
        }
    }

    private static func scopes(_ kind: Authorizer.Kind, _ scopes: String...) -> @Sendable (inout API) throws -> Void {
        { api in
            api.authorizers["Login"] = Authorizer(kind: kind)
            try api.set(["GET /a": "Login"])
            for key in api.routes.keys { api.routes[key]?.scopes = scopes }
        }
    }

    private static func cors(_ change: @escaping @Sendable (inout CORS) -> Void) -> @Sendable (inout API) throws -> Void
    {
        { api in
            var cors = CORS()
            if api.kind == .rest { cors.preflightAuth = RouteAuth.none }
            change(&cors)
            api.cors = cors
        }
    }

    private static func origins(_ origins: String...) -> @Sendable (inout API) throws -> Void {
        cors { $0.allowOrigins = origins }
    }

    private static func authorizer(
        _ kind: Authorizer.Kind,
        _ change: @escaping @Sendable (inout Authorizer) -> Void
    ) -> @Sendable (inout API) throws -> Void {
        { api in
            var authorizer = Authorizer(kind: kind)
            change(&authorizer)
            api.authorizers["Login"] = authorizer
        }
    }

    private static func sources(_ kind: Authorizer.Kind, _ sources: String...) -> @Sendable (inout API) throws -> Void {
        authorizer(kind) { $0.identitySources = sources }
    }

    private static func types(_ types: String...) -> @Sendable (inout API) throws -> Void {
        { $0.binaryTypes = types }
    }

    /// Messages of a WebSocket API, and who may connect.
    private static func messages(_ connect: String, _ names: String...) -> @Sendable (inout API) throws -> Void {
        { api in
            api.authorizers["Login"] = Authorizer(kind: .iam)
            try api.set(["$connect": connect])
            for name in names { try api.set([name: "none"]) }
        }
    }

    private static func target(_ url: String) -> @Sendable (inout API) throws -> Void {
        { api in
            var integration = Integration(kind: .httpProxy)
            integration.url = url
            api.routes[try RouteKey("GET /a", kind: api.kind)] = Route(target: .integration(integration))
        }
    }

    private static func paths(_ paths: String...) -> @Sendable (inout API) throws -> Void {
        { api in
            api.domains["api.example.com"] = Domain()
            api.domains["api.example.com"]?.basePaths = paths
        }
    }

    static let cases: [Case] = [
        Case("the first scope", .http, scopes(.jwt), to: scopes(.jwt, "a"), "scope-added breaking strengthens"),
        Case("one more scope", .http, scopes(.jwt, "a"), to: scopes(.jwt, "a", "b"), "scope-added compatible weakens"),
        Case(
            "one scope less",
            .http,
            scopes(.jwt, "a", "b"),
            to: scopes(.jwt, "a"),
            "scope-removed breaking strengthens"
        ),
        Case("the last scope", .http, scopes(.jwt, "a"), to: scopes(.jwt), "scope-removed compatible weakens"),
        Case(
            "another scope",
            .http,
            scopes(.jwt, "a"),
            to: scopes(.jwt, "b"),
            "scope-removed breaking strengthens",
            "scope-added compatible weakens"
        ),
        Case("a scope that nobody reads", .http, scopes(.iam), to: scopes(.iam, "a"), "scope-added compatible –"),
        Case("a user pool", .rest, scopes(.cognito), to: scopes(.cognito, "a"), "scope-added breaking review"),
        Case("a user pool", .rest, scopes(.cognito, "a"), to: scopes(.cognito), "scope-removed breaking weakens"),

        Case(
            "an origin",
            .http,
            origins("https://a"),
            to: origins("https://a", "https://b"),
            "cors-origin-added compatible weakens"
        ),
        Case(
            "an origin beside *",
            .http,
            origins("*"),
            to: origins("*", "https://b"),
            "cors-origin-added compatible –"
        ),
        Case(
            "* in place of an origin",
            .http,
            origins("https://a"),
            to: origins("*"),
            "cors-origin-removed compatible –",
            "cors-origin-wildcard compatible weakens"
        ),
        Case(
            "an origin in place of *",
            .http,
            origins("*"),
            to: origins("https://a"),
            "cors-origin-restricted breaking strengthens",
            "cors-origin-added compatible –"
        ),
        Case(
            "a scheme in place of *",
            .http,
            origins("*"),
            to: origins("https://*"),
            "cors-origin-restricted breaking strengthens",
            "cors-origin-wildcard compatible –"
        ),
        Case(
            "an origin in place of another scheme",
            .http,
            origins("https://*"),
            to: origins("http://a"),
            "cors-origin-restricted breaking strengthens",
            "cors-origin-added compatible weakens"
        ),
        Case(
            "a field beside *",
            .http,
            cors { $0.allowHeaders = ["*"] },
            to: cors { $0.allowHeaders = ["*", "Authorization", "x-a"] },
            "cors-header-added compatible review",
            "cors-header-added compatible –"
        ),
        Case(
            "a field in other letters",
            .http,
            cors { $0.allowHeaders = ["X-A"] },
            to: cors { $0.allowHeaders = ["x-a"] },
            "cors-header-removed compatible –",
            "cors-header-added compatible –"
        ),
        Case(
            "* in place of a field, which counts for nothing beside credentials",
            .http,
            cors {
                $0.allowHeaders = ["x-a"]
                $0.allowCredentials = true
            },
            to: cors {
                $0.allowHeaders = ["*"]
                $0.allowCredentials = true
            },
            "cors-header-removed breaking strengthens",
            "cors-header-added compatible review"
        ),
        Case(
            "methods that browsers send anyway",
            .http,
            cors { $0.allowMethods = ["GET", "DELETE"] },
            to: cors { $0.allowMethods = ["POST"] },
            "cors-method-removed breaking strengthens",
            "cors-method-removed compatible –",
            "cors-method-added compatible –"
        ),
        Case(
            "no settings, so that those of functions count",
            .http,
            origins("https://a"),
            to: { _ in },
            "cors-removed breaking review"
        ),
        Case(
            "no settings, where those of functions have always counted",
            .rest,
            origins("https://a"),
            to: { _ in },
            "cors-removed breaking strengthens"
        ),
        Case(
            "methods of a REST API that named those of the path",
            .rest,
            cors { _ in },
            to: cors { $0.allowMethods = ["GET"] },
            "cors-method-added risky review"
        ),
        Case(
            "credentials",
            .http,
            cors { $0.allowOrigins = ["https://a"] },
            to: cors {
                $0.allowOrigins = ["https://a"]
                $0.allowCredentials = true
            },
            "cors-credentials-allowed compatible weakens"
        ),
        Case(
            "credentials with *",
            .rest,
            cors { $0.allowOrigins = ["*"] },
            to: cors {
                $0.allowOrigins = ["*"]
                $0.allowCredentials = true
            },
            "cors-credentials-allowed compatible –"
        ),
        Case(
            "an origin in place of *, with credentials, which no browser takes for *",
            .rest,
            cors {
                $0.allowOrigins = ["*"]
                $0.allowCredentials = true
            },
            to: cors {
                $0.allowOrigins = ["https://a"]
                $0.allowCredentials = true
            },
            "cors-origin-restricted breaking strengthens",
            "cors-origin-added compatible weakens"
        ),
        Case(
            "preflights that are open",
            .rest,
            {
                $0.authorizers["Login"] = Authorizer(kind: .iam)
                try cors {
                    $0.preflightAuth = .authorizer("Login")
                    $0.isPreflightKeyRequired = true
                }(&$0)
            },
            to: {
                $0.authorizers["Login"] = Authorizer(kind: .iam)
                try cors { _ in }(&$0)
            },
            "api-key-dropped compatible –",
            "auth-removed compatible –"
        ),

        Case(
            "the default of a cache",
            .rest,
            authorizer(.lambda) { _ in },
            to: authorizer(.lambda) { $0.cacheSeconds = 300 }
        ),
        Case(
            "the default of a cache",
            .http,
            authorizer(.lambda) { _ in },
            to: authorizer(.lambda) { $0.cacheSeconds = 0 }
        ),
        Case(
            "a cache",
            .http,
            authorizer(.lambda) { _ in },
            to: authorizer(.lambda) { $0.cacheSeconds = 300 },
            "authorizer-cache-lengthened compatible weakens"
        ),
        Case(
            "a cache",
            .rest,
            authorizer(.lambda) { _ in },
            to: authorizer(.lambda) { $0.cacheSeconds = 0 },
            "authorizer-cache-shortened risky strengthens"
        ),
        Case(
            "the default source of a token",
            .http,
            authorizer(.jwt) { _ in },
            to: authorizer(.jwt) { $0.identitySources = ["$request.header.Authorization"] }
        ),
        Case(
            "one more audience",
            .http,
            authorizer(.jwt) { $0.audiences = ["a"] },
            to: authorizer(.jwt) { $0.audiences = ["a", "b"] },
            "authorizer-source-changed compatible weakens"
        ),
        Case(
            "one user pool less",
            .rest,
            authorizer(.cognito) { $0.userPools = ["a", "b"] },
            to: authorizer(.cognito) { $0.userPools = ["a"] },
            "authorizer-source-changed breaking strengthens"
        ),
        Case(
            "one more source of an identity",
            .rest,
            sources(.lambda, "method.request.header.a"),
            to: sources(.lambda, "method.request.header.a", "method.request.header.b"),
            "authorizer-source-changed breaking strengthens"
        ),
        Case(
            "one source of an identity less",
            .rest,
            sources(.lambda, "method.request.header.a", "method.request.header.b"),
            to: sources(.lambda, "method.request.header.a"),
            "authorizer-source-changed compatible weakens"
        ),
        Case(
            "one source of an identity less, which the function is given",
            .http,
            sources(.lambda, "$request.header.a", "$context.routeKey"),
            to: sources(.lambda, "$request.header.a"),
            "authorizer-source-changed risky weakens"
        ),
        Case(
            "sources that nobody reads",
            .rest,
            authorizer(.lambda) {
                $0.cacheSeconds = 0
                $0.identitySources = ["method.request.header.a"]
            },
            to: authorizer(.lambda) { $0.cacheSeconds = 0 },
            "authorizer-source-changed compatible –"
        ),
        Case(
            "sources in another order",
            .http,
            sources(.lambda, "$request.header.a", "$request.header.b"),
            to: sources(.lambda, "$request.header.b", "$request.header.a"),
            "authorizer-source-changed risky review"
        ),
        Case(
            "another place of the token",
            .http,
            sources(.jwt),
            to: sources(.jwt, "$request.querystring.token"),
            "authorizer-source-changed breaking review"
        ),
        Case(
            "a validation expression",
            .rest,
            authorizer(.lambda) { $0.input = .token },
            to: authorizer(.lambda) {
                $0.input = .token
                $0.validationExpression = "a.*"
            },
            "authorizer-source-changed breaking strengthens"
        ),
        Case(
            "no validation expression",
            .rest,
            authorizer(.lambda) {
                $0.input = .token
                $0.validationExpression = "a.*"
            },
            to: authorizer(.lambda) { $0.input = .token },
            "authorizer-source-changed compatible weakens"
        ),
        Case(
            "another issuer",
            .http,
            authorizer(.jwt) { $0.issuer = "https://a" },
            to: authorizer(.jwt) { $0.issuer = "https://a/" },
            "authorizer-source-changed breaking review"
        ),

        Case(
            "another address",
            .http,
            target("https://a"),
            to: target("https://b"),
            "route-target-changed risky review"
        ),
        Case("no encryption", .http, target("https://a"), to: target("HTTP://a"), "route-target-changed risky weakens"),
        Case(
            "encryption",
            .http,
            target("http://a"),
            to: target("https://a"),
            "route-target-changed risky strengthens"
        ),

        Case("a base path", .http, paths("a"), to: paths("a", "b"), "mount-added compatible –"),
        Case("every base path", .http, paths("a"), to: paths(), "mount-added compatible –"),
        Case("no longer every base path", .http, paths(), to: paths("a"), "mount-removed breaking –"),
        Case("another base path", .http, paths("a"), to: paths("b"), "mount-changed breaking –"),

        Case(
            "another kind with its payload",
            .rest,
            { try $0.set(["GET /a": "none"]) },
            to: {
                $0.kind = .http
                $0.routes[try RouteKey("GET /a", kind: .http)] = Route(function: "Pets", payload: .v2)
            },
            "api-kind-changed breaking –"
        ),
        Case(
            "compression that ends",
            .rest,
            { $0.minimumCompressionBytes = 1 },
            to: { _ in },
            "compression-changed risky –"
        ),
        Case("compression", .rest, { _ in }, to: { $0.minimumCompressionBytes = 1 }, "compression-changed risky –"),
        Case(
            "compression of less",
            .rest,
            { $0.minimumCompressionBytes = 1 },
            to: { $0.minimumCompressionBytes = 9 },
            "compression-changed compatible –"
        ),
        Case("all types as base64", .rest, { _ in }, to: types("*/*"), "binary-type-added breaking –"),
        Case(
            "images beside all types",
            .rest,
            types("*/*"),
            to: types("*/*", "image/png"),
            "binary-type-added compatible –"
        ),
        Case(
            "an image in place of images",
            .rest,
            types("image/*"),
            to: types("image/png"),
            "binary-type-removed risky –",
            "binary-type-added compatible –"
        ),
        Case("a policy", .rest, { _ in }, to: { $0.policy = [:] }, "resource-policy-added breaking strengthens"),
        Case(
            "a policy beside IAM",
            .rest,
            { $0.authorizers["Staff"] = Authorizer(kind: .iam) },
            to: {
                $0.authorizers["Staff"] = Authorizer(kind: .iam)
                $0.policy = [:]
            },
            "resource-policy-added breaking review"
        ),
        Case(
            "a variable in an address",
            .http,
            {
                try target("https://${stageVariables.host}/a")(&$0)
                $0.stageVariables = ["host": "a", "hosts": "a"]
            },
            to: {
                try target("https://${stageVariables.host}/a")(&$0)
                $0.stageVariables = ["host": "b", "hosts": "b"]
            },
            "stage-variable-changed risky review",
            "stage-variable-changed risky –"
        ),
        Case(
            "a model that nothing is checked by",
            .rest,
            { $0.models = ["Pet": [:]] },
            to: { $0.models = ["Pet": ["type": "object"]] },
            "model-changed compatible –"
        ),
        Case(
            "a message of a guarded connection",
            .webSocket,
            messages("Login"),
            to: messages("Login", "send"),
            "route-added compatible –"
        ),
        Case(
            "a message of an open connection",
            .webSocket,
            messages("none"),
            to: messages("none", "send"),
            "route-added compatible weakens"
        ),
        Case(
            "every method, one by one",
            .http,
            { try $0.set(["ANY /a": "none", "GET /a": "none"]) },
            to: { api in
                for method in RouteMethod.allCases where method != .any {
                    try api.set(["\(method.rawValue) /a": "none"])
                }
            },
            "route-method-narrowed risky –",
            "route-method-narrowed risky –",
            "route-method-narrowed risky –",
            "route-method-narrowed risky –",
            "route-method-narrowed risky –",
            "route-method-narrowed risky –"
        ),
        Case(
            "the gateway's own timeout",
            .http,
            { try $0.set(["GET /a": "none"]) },
            to: {
                try $0.set(["GET /a": "none"])
                for key in $0.routes.keys { $0.routes[key]?.timeoutMilliseconds = 30_000 }
            }
        ),
    ]

    @Test(arguments: cases)
    func judges(_ example: Case) throws {
        let old = try Manifest.shop(example.kind, example.old)
        let new = try Manifest.shop(example.kind, example.new)
        #expect(changes(old, new).map(\.judgement) == example.judgements)
    }

    /// An API that comes or goes is one change, but for the routes of a new one that are open.
    @Test func anAPIIsOneChange() throws {
        var api = API(kind: .http, stage: "$default")
        api.authorizers["Login"] = Authorizer(kind: .iam)
        try api.set(["GET /a": "none", "GET /b": "Login", "DELETE /a": "none"])
        let empty = Manifest(functions: ["Pets": Manifest.function("pets")])
        var full = empty
        full.apis["Shop"] = api
        let added = changes(empty, full)
        let lines = ["api-added Shop", "open-route-added Shop GET /a", "open-route-added Shop DELETE /a"]
        #expect(added.map(\.line) == lines)
        #expect(added.map(\.security) == [nil, .weakens, .weakens])
        #expect(added.first?.after == .shown(["kind": "http", "routes": 3]))
        #expect(changes(full, empty).map(\.judgement) == ["api-removed breaking –"])
    }
}
