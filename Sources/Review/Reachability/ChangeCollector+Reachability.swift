// Which requests go to another route than before: what no comparison of the two texts shows.

internal import JSON
internal import Manifest
internal import Routing

extension ChangeCollector {
    /// Adds the requests that were answered before and are answered by another route now.
    mutating func compareReachability(_ old: Manifest, _ new: Manifest) {
        for (id, before) in old.apis.sortedByCodePoint {
            guard let after = new.apis[id] else { continue }
            // A route that goes by another key now has kept its requests.
            let paired = pairedRoutes[id] ?? []
            follow([(id, before)], [(id, after)], where: "'\(id)'") {
                !paired.contains(RoutePairing.Pair(old: $0.from.key, new: $0.to.key, relation: .same))
            }
            compareDefaultMessages(of: id, before, after)
        }
        // A renamed API has kept its requests, too. The order stays: of two routes alike that of the first API counts.
        let oldAPIs = old.mountedAPIs.map { (key: renames.api($0.key), value: $0.value) }
        let newAPIs = new.mountedAPIs
        guard oldAPIs.count > 1 || newAPIs.count > 1 else { return }
        // Within one API it has been said.
        follow(oldAPIs, newAPIs, where: "the APIs that share a port") { $0.from.api != $0.to.api }
    }

    private mutating func follow(
        _ before: [(key: String, value: API)],
        _ after: [(key: String, value: API)],
        where address: String,
        _ isNews: (MovedRequest) -> Bool
    ) {
        let (gone, come) = differing(before, after)
        guard !gone.isEmpty || !come.isEmpty, !before.isEmpty, !after.isEmpty else { return }
        // No other route takes a request that one of these takes, or took.
        let prefixes = LiteralPrefixes((gone + come).lazy.map(\.key))
        let apis = (before + after).map(\.value)
        let requests = MovedRequests(
            RoutingSide(before, below: prefixes),
            RoutingSide(after, below: prefixes),
            of: apis,
            removed: gone,
            added: come,
            skipsPreflights: apis.contains { $0.cors != nil }
        )
        for request in requests.all where isNews(request) { add(request) }
        remark(unfinished: requests.unfinished, address)
    }

    /// The routes that only one side has, but for the names of parameters, in their order.
    private func differing(
        _ before: [(key: String, value: API)],
        _ after: [(key: String, value: API)]
    ) -> (gone: [PlacedRoute], come: [PlacedRoute]) {
        var (gone, come): ([PlacedRoute], [PlacedRoute]) = ([], [])
        // By its new name an API may come before or behind others that have the same routes.
        let ids = before.map(\.key)
        let reranked = ids == ids.inCodePointOrder ? [] : Set(renames.apis.values)
        let (old, new) = (before.byID, after.byID)
        for (id, api) in before {
            let isWhole = reranked.contains(id) || new[id] == nil
            let missing = isWhole ? Array(api.routes.keys) : ownKeys[id]?.old ?? []
            gone += missing.map { PlacedRoute(api: id, kind: api.kind, key: $0) }
        }
        for (id, api) in after {
            let isWhole = reranked.contains(id) || old[id] == nil
            let missing = isWhole ? Array(api.routes.keys) : ownKeys[id]?.new ?? []
            come += missing.map { PlacedRoute(api: id, kind: api.kind, key: $0) }
        }
        func identities(_ routes: [PlacedRoute]) -> Set<RouteIdentity> { Set(routes.map { RouteIdentity($0) }) }
        let both =
            gone.isEmpty || come.isEmpty
            ? [] : identities(gone).intersection(identities(come)).filter { !reranked.contains($0.api) }
        func inOrder(_ routes: [PlacedRoute]) -> [PlacedRoute] {
            routes.filter { both.isEmpty || !both.contains(RouteIdentity($0)) }
                .sorted { $0.api == $1.api ? $0.key < $1.key : $0.api.precedes($1.api) }
        }
        return (inOrder(gone), inOrder(come))
    }

    private mutating func add(_ request: MovedRequest) {
        let (from, to) = (request.from.placed(in: renames.oldAPI(request.from.api)), request.to)
        let judgement = MoveJudgement(from, in: old.manifest, to, in: new.manifest, renames)
        move(to: .route(to.key, api: to.api), from: .route(from.key, api: from.api))
        let (before, after) = summaries(from, to)
        add(
            RouteOrder.precedes(to, from) ? .routeCaptured : .routeReleased,
            before: before,
            after: after,
            impact: judgement.impact,
            security: judgement.security,
            example: ExampleRequest(request.method, request.path, to: to.kind)
        )
    }

    /// Messages of a WebSocket API that have lost their route, or got one, while there is `$default`.
    private mutating func compareDefaultMessages(of id: String, _ before: API, _ after: API) {
        guard before.kind == .webSocket, after.kind == .webSocket else { return }
        for key in before.routes.keys where key.isOrdinaryMessage && after.routes[key] == nil {
            guard after.routes[.fallback] != nil else { break }
            addMessage(id, key, .fallback, .routeReleased)
        }
        for key in after.routes.keys where key.isOrdinaryMessage && before.routes[key] == nil {
            guard before.routes[.fallback] != nil else { break }
            addMessage(id, .fallback, key, .routeCaptured)
        }
    }

    private mutating func addMessage(_ id: String, _ oldKey: RouteKey, _ newKey: RouteKey, _ rule: ChangeRule) {
        let from = PlacedRoute(api: id, kind: .webSocket, key: oldKey)
        let to = PlacedRoute(api: id, kind: .webSocket, key: newKey)
        let judgement = MoveJudgement(from, in: old.manifest, to, in: new.manifest, renames)
        move(to: .route(newKey, api: id), from: .route(oldKey, api: id))
        let (before, after) = summaries(from, to)
        add(rule, before: before, after: after, impact: judgement.impact, security: judgement.security)
    }

    private mutating func remark(unfinished routes: [PlacedRoute], _ address: String) {
        guard !routes.isEmpty else { return }
        isUnfinished = true
        let names = routes.prefix(3).map { "'\($0.key)'" }.joined(separator: ", ")
        let more = routes.count > 3 ? " and \(routes.count - 3) more" : ""
        remarks.append("not every request of \(address) was followed: \(names)\(more) meet too many other routes")
    }
}

/// A route without the names of its parameters.
private struct RouteIdentity: Hashable {
    let api: String
    let key: RouteKey

    init(_ route: PlacedRoute) {
        api = route.api
        key = route.key.nameless
    }
}

extension RouteKey {
    /// Whether it is a message that falls to `$default` where it has no route.
    fileprivate var isOrdinaryMessage: Bool {
        if case .message(let name) = self { name != "$connect" && name != "$disconnect" } else { false }
    }
}

extension RouteOrder {
    /// Whether one route takes the requests that both could; of two alike that of the API that is first by id does.
    fileprivate static func precedes(_ left: PlacedRoute, _ right: PlacedRoute) -> Bool {
        if precedes(left.key, right.key) { return true }
        return !precedes(right.key, left.key) && left.api.precedes(right.api)
    }
}

extension ChangeCollector {
    /// What is shown of two routes, beside their keys; nothing where that is the same.
    private func summaries(_ from: PlacedRoute, _ to: PlacedRoute) -> (before: JSONValue?, after: JSONValue?) {
        let namesAPI = from.api != to.api
        let before = from.summary(in: old.manifest, namesAPI: namesAPI)
        let after = to.summary(in: new.manifest, namesAPI: namesAPI)
        return before == after ? (nil, nil) : (before, after)
    }
}

extension PlacedRoute {
    /// The same route in the API of another id.
    fileprivate func placed(in api: String) -> PlacedRoute { PlacedRoute(api: api, kind: kind, key: key) }

    fileprivate func summary(in manifest: Manifest, namesAPI: Bool) -> JSONValue {
        let members = route(in: manifest)?.summary.object?.members.map { ($0.key, $0.value) } ?? []
        return .object(JSONObject((namesAPI ? [("api", .string(api))] : []) + members))
    }
}

extension [(key: String, value: API)] {
    fileprivate var byID: [String: API] { Dictionary(uniqueKeysWithValues: map { ($0.key, $0.value) }) }
}
