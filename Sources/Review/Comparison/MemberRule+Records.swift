// How members are compared that hold objects by name.

internal import JSON

extension MemberRule {
    /// Objects by name: a change for each that came or went, and those of the members of the others.
    static func records<Record: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, [String: Record]> & Sendable,
        added: ChangeRule,
        removed: ChangeRule,
        by table: [MemberRule<Record>]
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            guard before != after else { return }
            changes.within(name) { changes in
                for key in Set(before.keys).union(after.keys).inCodePointOrder {
                    switch (before[key], after[key]) {
                    case (let before?, let after?):
                        changes.within(key) { MemberRule<Record>.compare(before, after, by: table, into: &$0) }
                    case (nil, let after?): changes.add(added, key, after: after.reviewed)
                    case (let before?, nil): changes.add(removed, key, before: before.reviewed)
                    case (nil, nil): break
                    }
                }
            }
        }
    }

    /// Values by name, with one rule for all that may happen to one.
    static func members<Value: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, [String: Value]> & Sendable,
        _ rule: ChangeRule
    ) -> Self { members(name, path, added: rule, removed: rule, changed: rule) }
}

extension JSONObject {
    /// Sets a member to texts by name, in order; none is no member.
    mutating func setReviewed(_ name: String, _ texts: [String: String]) {
        guard !texts.isEmpty else { return }
        let sorted = texts.sorted { $0.key.precedes($1.key) }
        self[name] = .object(JSONObject(sorted.map { ($0.key, $0.value.reviewed) }))
    }
}
