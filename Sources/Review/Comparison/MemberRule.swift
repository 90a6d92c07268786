// How members of the manifest's types are compared: rows that name a member, its key path and its rules.

internal import JSON
internal import Manifest

/// How one member of a type is compared: the row of a table.
struct MemberRule<Subject>: Sendable {
    let compare: @Sendable (Subject, Subject, inout ChangeCollector) -> Void

    /// Compares two subjects by a table, member by member.
    static func compare(_ old: Subject, _ new: Subject, by table: [Self], into changes: inout ChangeCollector)
    where Subject: Equatable {
        guard old != new else { return }
        for row in table { row.compare(old, new, &changes) }
    }
}

/// What a review shows of a value.
protocol ReviewedValue: Equatable, SendableMetatype {
    var reviewed: JSONValue { get }
}

extension String: ReviewedValue {
    var reviewed: JSONValue { .string(self) }
}

extension Int: ReviewedValue {
    var reviewed: JSONValue { .integer(Int64(self)) }
}

extension Double: ReviewedValue {
    var reviewed: JSONValue { Int64(exactly: self).map { .integer($0) } ?? .real(self) }
}

extension Bool: ReviewedValue {
    var reviewed: JSONValue { .boolean(self) }
}

extension JSONValue: ReviewedValue {
    /// A document such as a policy, the members of its objects by code point: their order says nothing.
    var reviewed: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.reviewed))
        case .object(let object):
            .object(JSONObject(object.members.sorted { $0.key.precedes($1.key) }.map { ($0.key, $0.value.reviewed) }))
        default: self
        }
    }
}

extension Array: ReviewedValue where Element: ReviewedValue {
    var reviewed: JSONValue { .array(map(\.reviewed)) }
}

extension [String] {
    /// A list whose order has no meaning, in that of code points, each element once.
    var reviewedSet: JSONValue { Set(self).inCodePointOrder.reviewed }
}

extension MemberRule {
    /// A member that is always there.
    static func value<Value: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, Value> & Sendable,
        _ rule: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            if before != after { changes.add(rule, name, before: before.reviewed, after: after.reviewed) }
        }
    }

    /// A member that may be absent.
    static func value<Value: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, Value?> & Sendable,
        added: ChangeRule,
        removed: ChangeRule,
        changed: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            switch (old[keyPath: path], new[keyPath: path]) {
            case (let before?, let after?):
                if before != after { changes.add(changed, name, before: before.reviewed, after: after.reviewed) }
            case (nil, let after?): changes.add(added, name, after: after.reviewed)
            case (let before?, nil): changes.add(removed, name, before: before.reviewed)
            case (nil, nil): break
            }
        }
    }

    /// A member that may be absent, with one rule for all that may happen to it.
    static func value<Value: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, Value?> & Sendable,
        _ rule: ChangeRule
    ) -> Self { value(name, path, added: rule, removed: rule, changed: rule) }

    /// A number that is more or less than before.
    static func number<Value: ReviewedValue & Comparable>(
        _ name: String,
        _ path: any KeyPath<Subject, Value> & Sendable,
        raised: ChangeRule,
        lowered: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            guard before != after else { return }
            changes.add(after > before ? raised : lowered, name, before: before.reviewed, after: after.reviewed)
        }
    }

    /// A member that is on or off.
    static func flag(
        _ name: String,
        _ path: any KeyPath<Subject, Bool> & Sendable,
        on: ChangeRule,
        off: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            guard before != after else { return }
            changes.add(after ? on : off, name, before: before.reviewed, after: after.reviewed)
        }
    }

    /// A list whose order has no meaning: a change for each element.
    static func set(
        _ name: String,
        _ path: any KeyPath<Subject, [String]> & Sendable,
        added: ChangeRule,
        removed: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (Set(old[keyPath: path]), Set(new[keyPath: path]))
            for element in before.subtracting(after).inCodePointOrder {
                changes.add(removed, name, before: element.reviewed)
            }
            for element in after.subtracting(before).inCodePointOrder {
                changes.add(added, name, after: element.reviewed)
            }
        }
    }

    /// Values by name: a change for each.
    static func members<Value: ReviewedValue>(
        _ name: String,
        _ path: any KeyPath<Subject, [String: Value]> & Sendable,
        added: ChangeRule,
        removed: ChangeRule,
        changed: ChangeRule
    ) -> Self {
        Self { old, new, changes in
            let (before, after) = (old[keyPath: path], new[keyPath: path])
            guard before != after else { return }
            changes.within(name) { changes in
                for key in Set(before.keys).union(after.keys).inCodePointOrder {
                    switch (before[key], after[key]) {
                    case (let before?, let after?):
                        if before != after { changes.add(changed, key, before: before.reviewed, after: after.reviewed) }
                    case (nil, let after?): changes.add(added, key, after: after.reviewed)
                    case (let before?, nil): changes.add(removed, key, before: before.reviewed)
                    case (nil, nil): break
                    }
                }
            }
        }
    }

    /// A member that needs more than a row.
    static func custom(_ compare: @escaping @Sendable (Subject, Subject, inout ChangeCollector) -> Void) -> Self {
        Self(compare: compare)
    }
}
