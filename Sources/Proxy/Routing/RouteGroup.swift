// The APIs that share an address.

internal import Manifest

/// One API or several at one host or below one prefix.
///
/// The most specific route of them all wins, and of equals the API that is first by id. A request that no route takes
/// belongs to the API whose stage it names, else to the first REST API, else to the first API.
struct RouteGroup: Sendable {
    private let apis: [ServedAPI]
    private let stagePrefix: RoutingSettings.StagePrefix

    init(_ apis: [ServedAPI], stagePrefix: RoutingSettings.StagePrefix) {
        self.apis = apis
        self.stagePrefix = stagePrefix
    }

    /// The API and route that take a request.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - start: where the path begins behind the prefix of a mount.
    /// - Returns: nil where the group is empty.
    func select(_ request: inout RouteRequest, from start: Int) -> RouteSelection? {
        // A preflight asks for another method's route; its own need not exist in an HTTP API.
        if let asked = request.preflight, let best = best(&request, asking: asked, from: start) {
            return best.api.select(&request, method: request.method, from: best.routedStart) ?? best.removeRoute()
        }
        if let best = best(&request, asking: nil, from: start) { return best }
        return unmatched(request, from: start)
    }

    /// The most specific route that takes the path. The stage comes first: where the path begins with the name of one,
    /// what is behind it is looked for before the whole (developer guide, "Working with routes for HTTP APIs").
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - method: the method; the request's own where nil.
    ///   - start: where the path begins that is looked at.
    /// - Returns: nil where no route takes it.
    private func best(_ request: inout RouteRequest, asking method: RequestMethod?, from start: Int) -> RouteSelection?
    {
        var best: RouteSelection?
        if stagePrefix != .ignore {
            for api in apis {
                guard let end = api.end(ofStageIn: request.path, from: start) else { continue }
                Self.improve(&best, by: api, &request, method, from: end)
            }
            if let best { return best }
        }
        for api in apis where stagePrefix != .require || !api.hasNamedStage {
            Self.improve(&best, by: api, &request, method, from: start)
        }
        return best
    }

    private static func improve(
        _ best: inout RouteSelection?,
        by api: ServedAPI,
        _ request: inout RouteRequest,
        _ method: RequestMethod?,
        from start: Int
    ) {
        let method = method ?? request.method(for: api.kind)
        guard let candidate = api.select(&request, method: method, from: start), let rank = candidate.route?.rank else {
            return
        }
        if let current = best?.route?.rank, current <= rank { return }
        best = candidate
    }

    private func unmatched(_ request: RouteRequest, from start: Int) -> RouteSelection? {
        guard let first = apis.first(where: { $0.kind == .rest }) ?? apis.first else { return nil }
        if stagePrefix != .ignore {
            for api in apis {
                guard let end = api.end(ofStageIn: request.path, from: start) else { continue }
                return selection(api, from: end)
            }
        }
        let selection = selection(first, from: start)
        // Where there is an API without a stage's name, the stage is not what is missing.
        if stagePrefix == .require, apis.allSatisfy(\.hasNamedStage) { selection.refusal = .stageMissing }
        return selection
    }

    private func selection(_ api: ServedAPI, from start: Int) -> RouteSelection {
        let selection = RouteSelection(api: api)
        selection.routedStart = start
        selection.shownStart = start
        return selection
    }
}
