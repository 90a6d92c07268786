// Which requests go to another route than before: what no comparison of the two texts shows.

internal import JSON
internal import Manifest
internal import Routing

extension ChangeCollector {
    /// Adds the requests that were answered before and are answered by another route now.
    mutating func compareReachability(_ old: Manifest, _ new: Manifest) {
        for (id, before) in old.apis.sortedByCodePoint {
            guard let after = new.apis[id] else { continue }
            follow([(id, before)], [(id, after)], where: "'\(id)'") { _ in true }
            compareDefaultMessages(of: id, before, after)
        }
        let (oldAPIs, newAPIs) = (old.mountedAPIs, new.mountedAPIs)
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
        let (gone, come) = (Self.routes(of: before, missingIn: after), Self.routes(of: after, missingIn: before))
        guard !gone.isEmpty || !come.isEmpty, !before.isEmpty, !after.isEmpty else { return }
        let (old, new) = (RoutingSide(before), RoutingSide(after))
        let requests = MovedRequests(
            old,
            new,
            removed: gone,
            added: come,
            skipsPreflights: (before + after).contains { $0.value.cors != nil }
        )
        for request in requests.all where isNews(request) { add(request) }
        remark(unfinished: requests.unfinished, address)
    }

    /// The routes of some APIs that the others do not have, but for the names of parameters, in their order.
    private static func routes(
        of apis: [(key: String, value: API)],
        missingIn others: [(key: String, value: API)]
    ) -> [PlacedRoute] {
        let others = Dictionary(uniqueKeysWithValues: others.map { ($0.key, $0.value) })
        return apis.flatMap { id, api -> [PlacedRoute] in
            let other = others[id]?.routes ?? [:]
            let missing = api.routes.filter { other[$0.key] == nil }
            guard !missing.isEmpty else { return [] }
            let shapes = Set(other.keys.lazy.filter { api.routes[$0] == nil }.map(\.shape))
            return missing.filter { !shapes.contains($0.key.shape) }
                .sorted { $0.key < $1.key }
                .map { PlacedRoute(api: id, kind: api.kind, key: $0.key, route: $0.value) }
        }
    }

    private mutating func add(_ request: MovedRequest) {
        let (from, to) = (request.from, request.to)
        let judgement = MoveJudgement(from, in: old.manifest, to, in: new.manifest)
        move(to: .route(to.key, api: to.api), from: .route(from.key, api: from.api))
        let (before, after) = PlacedRoute.summaries(from, to)
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
        for (key, route) in before.routes where key.isOrdinaryMessage && after.routes[key] == nil {
            guard let fallback = after.routes[.fallback] else { break }
            addMessage(id, key, route, .fallback, fallback, .routeReleased)
        }
        for (key, route) in after.routes where key.isOrdinaryMessage && before.routes[key] == nil {
            guard let fallback = before.routes[.fallback] else { break }
            addMessage(id, .fallback, fallback, key, route, .routeCaptured)
        }
    }

    private mutating func addMessage(
        _ id: String,
        _ oldKey: RouteKey,
        _ oldRoute: Route,
        _ newKey: RouteKey,
        _ newRoute: Route,
        _ rule: ChangeRule
    ) {
        let from = PlacedRoute(api: id, kind: .webSocket, key: oldKey, route: oldRoute)
        let to = PlacedRoute(api: id, kind: .webSocket, key: newKey, route: newRoute)
        let judgement = MoveJudgement(from, in: old.manifest, to, in: new.manifest)
        move(to: .route(newKey, api: id), from: .route(oldKey, api: id))
        let (before, after) = PlacedRoute.summaries(from, to)
        add(rule, before: before, after: after, impact: judgement.impact, security: judgement.security)
    }

    private mutating func remark(unfinished routes: [PlacedRoute], _ address: String) {
        guard !routes.isEmpty else { return }
        let names = routes.prefix(3).map { "'\($0.key)'" }.joined(separator: ", ")
        let more = routes.count > 3 ? " and \(routes.count - 3) more" : ""
        remarks.append("not every request of \(address) was followed: \(names)\(more) meet too many other routes")
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

extension PlacedRoute {
    /// What is shown of two routes, beside their keys; nothing where that is the same.
    fileprivate static func summaries(_ from: Self, _ to: Self) -> (before: JSONValue?, after: JSONValue?) {
        let namesAPI = from.api != to.api
        let (before, after) = (from.summary(namesAPI: namesAPI), to.summary(namesAPI: namesAPI))
        return before == after ? (nil, nil) : (before, after)
    }

    private func summary(namesAPI: Bool) -> JSONValue {
        var object = JSONObject()
        if namesAPI { object["api"] = .string(api) }
        if let function = route.function { object["function"] = .string(function) }
        object["auth"] = .string(route.auth.text)
        return .object(object)
    }
}
