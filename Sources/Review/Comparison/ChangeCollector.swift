// Changes while they are found: where the comparison stands, and how values are shown.

internal import JSON
internal import Manifest

/// Collects changes at a place that moves through both manifests.
struct ChangeCollector {
    let old: ManifestRevision
    let new: ManifestRevision
    /// Which names of the old manifest are others in the new one.
    let renames: Renames
    /// The routes that go by another key now, by the new ids of their APIs.
    var pairedRoutes: [String: Set<RoutePairing.Pair>] = [:]
    /// The keys of routes that only one side of an API has, by its new id; none for one whose routes are the same.
    var ownKeys: [String: (old: [RouteKey], new: [RouteKey])] = [:]
    /// How values are shown.
    let mask: ValueMask
    private var changes: [Change] = []
    /// How many changes there are so far.
    var count: Int { changes.count }
    /// What is to be said beside them.
    var remarks: [String] = []
    /// Whether there may be more changes than were looked for.
    var isUnfinished = false
    /// What is being compared.
    private var place = ChangePlace.api("")
    private var oldPlace: ChangePlace?
    /// The names before a member's own: `cors`.
    private var prefix: [String] = []

    init(_ old: ManifestRevision, _ new: ManifestRevision, fingerprint: @escaping (String) -> String) {
        self.old = old
        self.new = new
        renames = Renames(old.manifest, new.manifest)
        mask = ValueMask([old.secrets, new.secrets], fingerprint: fingerprint)
    }

    /// The changes in the order of the manifest; at one place, in the order in which they were found.
    var sorted: [Change] {
        let places = changes.map { (new: $0.place, old: $0.oldPlace ?? $0.place) }
        // Changes are large, so their numbers are sorted.
        return places.indices.sorted { left, right in
            if places[left].new != places[right].new { return places[left].new < places[right].new }
            // Two routes that became one are compared in no order.
            if places[left].old != places[right].old { return places[left].old < places[right].old }
            return left < right
        }.map { changes[$0] }
    }

    /// Goes to a place.
    ///
    /// - Parameters:
    ///   - place: what is compared from now on.
    ///   - oldPlace: where it stood in the old manifest; nil for the same place.
    mutating func move(to place: ChangePlace, from oldPlace: ChangePlace? = nil) {
        self.place = place
        self.oldPlace = oldPlace
        prefix = []
    }

    /// Compares what stands below a member.
    mutating func within(_ name: String, _ body: (inout Self) -> Void) {
        prefix.append(name)
        body(&self)
        prefix.removeLast()
    }

    /// The limits of the stages of a route; nil for every other place.
    var stageThrottle: (old: Throttle?, new: Throttle?) {
        guard case .route(_, let api) = place else { return (nil, nil) }
        let oldAPI = oldPlace?.api ?? api
        return (old.manifest.apis[oldAPI]?.throttle, new.manifest.apis[api]?.throttle)
    }

    /// Adds a change of a member of the place.
    ///
    /// - Parameters:
    ///   - rule: what it is.
    ///   - member: the name of the member; empty for the place as a whole.
    ///   - before: the value before; nil where there was none.
    ///   - after: the value after; nil where there is none.
    ///   - impact: another judgement than the rule's.
    ///   - security: another judgement than the rule's.
    ///   - example: a request that meets the change.
    mutating func add(
        _ rule: ChangeRule,
        _ member: String = "",
        before: JSONValue? = nil,
        after: JSONValue? = nil,
        impact: Impact? = nil,
        security: SecurityEffect?? = .none,
        example: ExampleRequest? = nil
    ) {
        let path = path(of: member)
        let (before, after) = (before.map { mask.shown($0, at: path) }, after.map { mask.shown($0, at: path) })
        add(rule, member, shown: before, after, impact: impact, security: security, example: example)
    }

    /// The same for values that are shown as they are, or not at all.
    mutating func add(
        _ rule: ChangeRule,
        _ member: String,
        shown before: ChangeValue?,
        _ after: ChangeValue?,
        impact: Impact? = nil,
        security: SecurityEffect?? = .none,
        example: ExampleRequest? = nil
    ) {
        changes.append(
            Change(
                rule,
                impact: impact,
                security: security,
                at: place,
                from: oldPlace,
                member: path(of: member).joined(separator: "/"),
                before: before,
                after: after,
                example: example
            )
        )
    }

    private func path(of member: String) -> [String] { member.isEmpty ? prefix : prefix + [member] }

    /// Says of the changes since there were so many that the route needs an API key.
    mutating func needKey(since first: Int) {
        for index in first..<count { changes[index].needsKey = true }
    }
}
