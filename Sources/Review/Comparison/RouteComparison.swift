// What changed in the routes of an API, those included that go by another key now.

internal import JSON
internal import Manifest

extension ChangeCollector {
    /// Compares the routes of an API.
    mutating func compareRoutes(_ api: APIPair) {
        guard api.old.routes != api.new.routes else { return }
        var gone: [RouteKey] = []
        for (key, before) in api.old.routes {
            guard let after = api.new.routes[key] else {
                gone.append(key)
                continue
            }
            if before != after { compare(before, after, as: RoutePairing.Pair(key), api) }
        }
        let come = api.new.routes.keys.filter { !api.old.routes.keys.contains($0) }
        ownKeys[api.newID] = (gone, come)
        let pairing = RoutePairing(gone, come)
        for pair in pairing.pairs {
            guard let before = api.old.routes[pair.old], let after = api.new.routes[pair.new] else { continue }
            pairedRoutes[api.newID, default: []].insert(pair)
            compare(before, after, as: pair, api)
        }
        for key in pairing.removed {
            guard let before = api.old.routes[key] else { continue }
            move(to: .route(key, api: api.oldID))
            add(.routeRemoved, before: before.summary)
        }
        for key in pairing.added {
            guard let after = api.new.routes[key] else { continue }
            move(to: .route(key, api: api.newID))
            add(.routeAdded, after: after.summary, security: api.new.isOpen(key, after) ? .weakens : nil)
        }
    }

    private mutating func compare(_ before: Route, _ after: Route, as pair: RoutePairing.Pair, _ api: APIPair) {
        move(to: .route(pair.new, api: api.newID), from: .route(pair.old, api: api.oldID))
        let first = count
        compareKeys(pair, api)
        compareTargets(before, after, api)
        compareGuards(before, after, api)
        MemberRule.compare(before, after, by: Route.memberRules, into: &self)
        compareTimeouts(before, after, api)
        if after.isKeyRequired { needKey(since: first) }
    }

    /// Says how the keys of a pair differ; the place and the old place show them.
    private mutating func compareKeys(_ pair: RoutePairing.Pair, _ api: APIPair) {
        guard pair.relation != .same, case .path(_, let old) = pair.old, case .path(_, let new) = pair.new else {
            return
        }
        switch pair.relation {
        case .method:
            // All seven, one by one, are the same requests; functions see another key of the route.
            let isNarrowed = pair.old.method == .any
            let isSame = isNarrowed ? api.new.hasEveryMethod(of: new) : api.old.hasEveryMethod(of: old)
            add(
                isNarrowed ? .routeMethodNarrowed : .routeMethodWidened,
                impact: isSame ? .risky : nil,
                security: isSame ? .some(nil) : .none
            )
        case .greed: add(new.isGreedy ? .pathParameterGreedy : .pathParameterSingle)
        case .same, .renamed: break
        }
        if old.parameterNames != new.parameterNames { add(.pathParameterRenamed) }
    }

    private mutating func compareTimeouts(_ old: Route, _ new: Route, _ api: APIPair) {
        let before = old.timeoutMilliseconds ?? api.old.kind.timeoutMilliseconds
        let after = new.timeoutMilliseconds ?? api.new.kind.timeoutMilliseconds
        guard before != after, old.timeoutMilliseconds != new.timeoutMilliseconds else { return }
        let rule: ChangeRule = after > before ? .timeoutLengthened : .timeoutShortened
        add(rule, "timeoutMilliseconds", before: before.reviewed, after: after.reviewed)
    }
}

extension API {
    /// Whether everyone may call a route. Messages come over connections, which only `$connect` guards (developer guide,
    /// "Control and manage access to WebSocket APIs").
    func isOpen(_ key: RouteKey, _ route: Route) -> Bool {
        guard route.auth == .none else { return false }
        guard kind == .webSocket, let connect = routes[.message("$connect")] else { return true }
        return connect.auth == .none
    }

    /// Whether a path has routes of all seven methods.
    fileprivate func hasEveryMethod(of path: PathPattern) -> Bool {
        RouteMethod.allCases.allSatisfy { $0 == .any || routes[.path($0, path)] != nil }
    }
}

extension PathPattern {
    fileprivate var isGreedy: Bool {
        if case .greedy? = segments.last { true } else { false }
    }
}

extension APIKind {
    /// How long a gateway of the kind waits for an answer, in milliseconds (developer guide, "Quotas"); a function URL
    /// as long as a function may take.
    fileprivate var timeoutMilliseconds: Int {
        switch self {
        case .rest, .webSocket: 29_000
        case .http: 30_000
        case .functionURL: 900_000
        }
    }
}

extension Route {
    /// What is shown of a route that came or went.
    var summary: JSONValue {
        var object = JSONObject()
        switch target {
        case .function(let name, _): object["function"] = .string(name)
        case .integration(let integration): object["integration"] = .string(integration.summary)
        }
        object["auth"] = .string(auth.text)
        if isKeyRequired { object["apiKeyRequired"] = true }
        return .object(object)
    }

    /// How the members of a route are compared, but for what answers it, who may call it and how long it takes.
    static let memberRules: [MemberRule<Route>] = [
        .members("requestParameters", \.requestParameters, .routeMappingChanged),
        .members("responseParameters", \.responseParametersByPath, .routeMappingChanged),
        .flag("streamed", \.isStreamed, on: .streamingChanged, off: .streamingChanged),
        .flag("apiKeyRequired", \.isKeyRequired, on: .apiKeyRequired, off: .apiKeyDropped),
        .custom { old, new, changes in
            let (before, after) = (old.validation ?? RequestValidation(), new.validation ?? RequestValidation())
            changes.within("validation") {
                MemberRule.compare(before, after, by: RequestValidation.memberRules, into: &$0)
            }
        },
        .throttle("throttle", \.throttle),
        .value("operationName", \.operationName, .operationNameChanged),
    ]
}

extension Route {
    /// By status and name: `200/overwrite:header.x-version`.
    private var responseParametersByPath: [String: String] {
        var byPath: [String: String] = [:]
        for (status, parameters) in responseParameters {
            for (name, value) in parameters { byPath["\(status)/\(name)"] = value }
        }
        return byPath
    }
}

extension RequestValidation {
    fileprivate static let memberRules: [MemberRule<RequestValidation>] = [
        .set("requiredParameters", \.requiredParameters, added: .validationAdded, removed: .validationRemoved),
        .members("models", \.models, added: .validationAdded, removed: .validationRemoved, changed: .validationChanged),
    ]
}
