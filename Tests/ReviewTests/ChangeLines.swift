// Changes as lines of a test: `rule identity < old identity`, and what a test wants to know beside it.

import Manifest
import Review

/// Compares two manifests.
func changes(_ old: Manifest, _ new: Manifest) -> [Change] {
    ManifestDiff.compare(
        ManifestRevision(name: "before.json", manifest: old),
        ManifestRevision(name: "after.json", manifest: new),
        fingerprint: ChangeGolden.fingerprint
    ).changes
}

extension Change {
    /// `route-added Shop GET /pets`, the old identity after `<` where it is another.
    var line: String {
        func words(_ place: ChangePlace) -> String {
            if case .api(let id) = place { return id }
            return [place.api, place.identity].compactMap { $0 }.joined(separator: " ")
        }
        return "\(rule.id) \(words(place))" + (oldPlace.map { " < \(words($0))" } ?? "")
    }

    /// `auth-removed compatible weakens`.
    var judgement: String { "\(rule.id) \(impact.rawValue) \(security?.rawValue ?? "–")" }
}

extension Manifest {
    /// The manifest of one API `Shop` with the function `Pets`.
    static func shop(_ kind: APIKind = .http, _ change: (inout API) throws -> Void) rethrows -> Manifest {
        var api = API(kind: kind, stage: "$default")
        try change(&api)
        return Manifest(apis: ["Shop": api], functions: ["Pets": function("pets")])
    }

    static func function(_ code: String) -> Function {
        var function = Function()
        function.code = code
        return function
    }
}

extension API {
    /// Sets routes, each a key and the name of what guards it.
    mutating func set(_ routes: [String: String], function: String = "Pets") throws {
        for (key, auth) in routes {
            self.routes[try RouteKey(key, kind: kind)] = Route(function: function, payload: .v1, auth: RouteAuth(auth))
        }
    }
}
