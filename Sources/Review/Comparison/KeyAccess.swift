// Which API keys open which APIs, over all usage plans.

internal import Manifest

/// What keys are good for, before and after.
struct KeyAccess: Sendable {
    /// The keys that open an API, by its new id.
    private let old: [String: Set<String>]
    private let new: [String: Set<String>]
    /// The new ids of the APIs that have a route that needs a key.
    private let oldNeeds: Set<String>
    private let newNeeds: Set<String>
    private let oldAPIs: Set<String>

    init(_ old: Manifest, _ new: Manifest, _ renames: Renames) {
        self.old = Self.openings(old) { renames.api($0) }
        self.new = Self.openings(new) { $0 }
        oldAPIs = Set(old.apis.keys.map { renames.api($0) })
        oldNeeds = Set(old.apis.filter(\.value.needsKeys).keys.map { renames.api($0) })
        newNeeds = Set(new.apis.filter(\.value.needsKeys).keys)
    }

    /// Whether one of the keys opens one of the APIs that it did not open before, though it was needed.
    func isOpened(_ apis: some Sequence<String>, _ keys: some Sequence<String>) -> Bool {
        apis.contains { api in
            guard newNeeds.contains(api), oldNeeds.contains(api) || !oldAPIs.contains(api) else { return false }
            return keys.contains { new[api]?.contains($0) == true && old[api]?.contains($0) != true }
        }
    }

    /// Whether one of the keys opens one of the APIs no more, though it is needed.
    func isClosed(_ apis: some Sequence<String>, _ keys: some Sequence<String>) -> Bool {
        apis.contains { api in
            guard oldNeeds.contains(api), newNeeds.contains(api) else { return false }
            return keys.contains { old[api]?.contains($0) == true && new[api]?.contains($0) != true }
        }
    }

    private static func openings(_ manifest: Manifest, _ id: (String) -> String) -> [String: Set<String>] {
        var openings: [String: Set<String>] = [:]
        for plan in manifest.usagePlans.values {
            for api in plan.apis.keys { openings[id(api), default: []].formUnion(plan.keys) }
        }
        return openings
    }
}

extension API {
    fileprivate var needsKeys: Bool {
        cors?.isPreflightKeyRequired == true || routes.values.contains(where: \.isKeyRequired)
    }
}
