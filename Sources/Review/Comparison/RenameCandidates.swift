// Names that stand on one side only, and how those that mean the same are paired.

/// The names of a kind of thing that only one of two manifests has.
struct RenameCandidates {
    /// The old names without a partner, in order.
    private(set) var old: [String]
    /// The new names without a partner, in order.
    private(set) var new: [String]
    /// The new names by the old ones that they are partners of.
    private(set) var pairs: [String: String] = [:]

    init(_ old: some Collection<String>, _ new: some Collection<String>) {
        let (before, after) = (Set(old), Set(new))
        self.old = before.subtracting(after).inCodePointOrder
        self.new = after.subtracting(before).inCodePointOrder
    }

    /// Whether there is nothing to pair.
    var isEmpty: Bool { old.isEmpty || new.isEmpty }

    /// Pairs the names of equal keys, in order, where there are as many old ones of a key as new ones: so both
    /// directions of a comparison pair the same.
    ///
    /// - Parameters:
    ///   - oldKey: what must be the same, of an old name.
    ///   - newKey: the same of a new name.
    mutating func pair<Key: Hashable>(_ oldKey: (String) -> Key, _ newKey: (String) -> Key) {
        guard !isEmpty else { return }
        let before = Dictionary(grouping: old, by: oldKey)
        let after = Dictionary(grouping: new, by: newKey)
        var partners: Set<String> = []
        for (key, names) in before {
            guard let others = after[key], others.count == names.count else { continue }
            for (name, other) in zip(names, others) {
                pairs[name] = other
                partners.insert(other)
            }
        }
        old.removeAll { pairs[$0] != nil }
        new.removeAll { partners.contains($0) }
    }
}
