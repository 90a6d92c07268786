// Manifests by chance, the same for the same seed: every kind of API, target and authorizer, and names that hurt.

import JSON
import Manifest
import Support

/// Makes manifests for the tests of lists, documents and pages of routes.
enum RouteManifest {
    static let hostileName = "<script>alert('x')</script>|`*[a](//b)\"&amp;\u{1B}[31m\u{202E}@you ${1}$&"

    /// A manifest that its own reader takes.
    static func random(seed: UInt64) -> Manifest {
        var chance = SeededGenerator(seed: seed)
        var manifest = Manifest()
        for name in ["F", "Shop/Orders", hostileName] { manifest.functions[name] = Function() }
        for (id, kind) in [
            ("RestApi", .rest), ("Shop/HttpApi", .http), ("Socket", .webSocket), ("Url", .functionURL),
            (hostileName, .rest),
        ] as [(String, APIKind)] where Int.random(in: 0..<3, using: &chance) > 0 {
            manifest.apis[id] = api(kind, functions: manifest.functions.keys.sorted(), using: &chance)
        }
        return manifest
    }

    private static func api(_ kind: APIKind, functions: [String], using chance: inout SeededGenerator) -> API {
        var api = API(kind: kind, stage: ["$default", "Prod"].randomElement(using: &chance) ?? "Prod")
        api.authorizers = authorizers
        api.models = ["Pet": ["type": "object", "required": ["name"]], hostileName: ["type": "string"]]
        if Bool.random(using: &chance) {
            var domain = Domain()
            domain.basePaths = ["v1", "a b"]
            api.domains["api.example.com"] = domain
        }
        var taken: Set<String> = []
        for _ in 0..<Int.random(in: 1..<12, using: &chance) {
            let key = key(kind, using: &chance)
            var shape = key.pathText
            if case .path(let method, let pattern) = key { shape = "\(method.rawValue) \(pattern.shape)" }
            guard taken.insert(shape).inserted else { continue }
            api.routes[key] = route(kind, functions: functions, using: &chance)
        }
        return api
    }

    private static func key(_ kind: APIKind, using chance: inout SeededGenerator) -> RouteKey {
        switch kind {
        case .functionURL: return .fallback
        case .webSocket: return .message(["$connect", "=1+1", hostileName].randomElement(using: &chance) ?? "send")
        case .http where Int.random(in: 0..<6, using: &chance) == 0: return .fallback
        case .http, .rest: break
        }
        var path = ""
        for depth in 0..<Int.random(in: 0..<4, using: &chance) {
            let choices = [
                "pets", "a-b", "<i>", "'\"&", "\u{E9}", "{id\(depth)}", "{other\(depth)}", "{rest\(depth)+}",
            ]
            let segment = choices.randomElement(using: &chance) ?? "pets"
            path += "/\(segment)"
            if segment.hasSuffix("+}") { break }
        }
        let method = RouteMethod.allCases.randomElement(using: &chance) ?? .get
        guard let pattern = try? PathPattern(path.isEmpty ? "/" : path) else { return .fallback }
        return .path(method, pattern)
    }

    private static func route(_ kind: APIKind, functions: [String], using chance: inout SeededGenerator) -> Route {
        let function = functions.randomElement(using: &chance) ?? "F"
        var route = Route(function: function, payload: kind.defaultPayload)
        if kind == .rest, Int.random(in: 0..<4, using: &chance) == 0 {
            var integration = Integration(kind: Integration.Kind.allCases.randomElement(using: &chance) ?? .mock)
            integration.url = integration.kind == .aws ? nil : "https://example.com/<x>"
            integration.service = integration.kind == .aws ? "SQS-SendMessage" : nil
            integration.responses["default"] = Integration.Response(statusCode: "204")
            route.target = .integration(integration)
        }
        if Bool.random(using: &chance), let name = authorizers.keys.sorted().randomElement(using: &chance) {
            route.auth = .authorizer(name)
            if Bool.random(using: &chance) { route.scopes = ["read", "write:<all>"] }
        }
        guard kind == .rest else { return route }
        route.isKeyRequired = Int.random(in: 0..<4, using: &chance) == 0
        if Bool.random(using: &chance) {
            var validation = RequestValidation()
            validation.requiredParameters = [
                "method.request.header.X-Tenant", "method.request.querystring.page", "method.request.path.id",
            ]
            validation.models = ["application/json": "Pet", "text/plain": hostileName]
            route.validation = validation
        }
        if Int.random(in: 0..<3, using: &chance) == 0 { route.operationName = "listPets" }
        return route
    }

    private static let authorizers: [String: Authorizer] = {
        var authorizers: [String: Authorizer] = [:]
        for kind in Authorizer.Kind.allCases {
            var authorizer = Authorizer(kind: kind)
            if kind == .lambda { authorizer.function = "F" }
            authorizers["\(kind.rawValue) plain"] = authorizer
            authorizer.issuer = "https://issuer.example.com/pool"
            authorizer.identitySources = ["method.request.header.X-Token", "$request.querystring.t", "$context.path"]
            authorizers["\(kind.rawValue).elsewhere"] = authorizer
        }
        authorizers[hostileName] = Authorizer(kind: .jwt)
        return authorizers
    }()
}
