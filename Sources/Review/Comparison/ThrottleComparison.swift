// What changed in limits of requests: of stages, routes, and plans.

internal import JSON
internal import Manifest

extension MemberRule {
    /// A limit of requests that may be absent.
    static func throttle(_ name: String, _ path: any KeyPath<Subject, Throttle?> & Sendable) -> Self {
        Self { old, new, changes in
            changes.within(name) { changes in
                changes.compareThrottle(old[keyPath: path], new[keyPath: path], in: changes.stageThrottle)
            }
        }
    }
}

extension ChangeCollector {
    /// Compares two limits, each of which may be absent.
    ///
    /// - Parameters:
    ///   - old: the limit before.
    ///   - new: the limit after.
    ///   - outer: the limits that hold where these say nothing, before and after.
    mutating func compareThrottle(
        _ old: Throttle?,
        _ new: Throttle?,
        in outer: (old: Throttle?, new: Throttle?) = (nil, nil)
    ) {
        compare("requestsPerSecond", \.requestsPerSecond, old, new, outer)
        compare("burst", \.burst, old, new, outer)
    }

    private mutating func compare<Value: ReviewedValue & Comparable & ExpressibleByIntegerLiteral>(
        _ name: String,
        _ path: KeyPath<Throttle, Value?>,
        _ old: Throttle?,
        _ new: Throttle?,
        _ outer: (old: Throttle?, new: Throttle?)
    ) {
        let (before, after) = (old?[keyPath: path], new?[keyPath: path])
        guard before != after else { return }
        let limits = (before ?? outer.old?[keyPath: path], after ?? outer.new?[keyPath: path])
        let rule: ChangeRule
        switch limits {
        case (let old?, let new?) where old != new: rule = old < new ? .throttleRaised : .throttleLowered
        default: rule = after == nil ? .throttleRemoved : .throttleAdded
        }
        // The limit of the stage, written out.
        let isSame = limits.0 == limits.1
        add(
            rule,
            name,
            before: before?.reviewed,
            after: after?.reviewed,
            impact: isSame ? .compatible : limits.1 == 0 ? .breaking : nil,
            security: isSame ? .some(nil) : .none
        )
    }

    /// Compares two quotas, each of which may be absent.
    mutating func compareQuota(_ old: UsagePlan.Quota?, _ new: UsagePlan.Quota?) {
        guard old != new else { return }
        let rule: ChangeRule
        switch (old, new) {
        case (let old?, let new?): rule = old.size < new.size ? .throttleRaised : .throttleLowered
        case (nil, _): rule = .throttleAdded
        case (_, nil): rule = .throttleRemoved
        }
        add(
            rule,
            "quota",
            before: old?.reviewed,
            after: new?.reviewed,
            impact: new?.requests == 0 && old?.requests != 0 ? .breaking : nil
        )
    }
}

extension UsagePlan.Quota {
    /// The requests of 4200 days; where they are as many, a longer period is more, since all of it may come at once.
    fileprivate var size: (Int, Int, Int) {
        let days =
            switch period {
            case .day: 1
            case .week: 7
            case .month: 30
            }
        return (requests * (4200 / days), days, -offset)
    }

    fileprivate var reviewed: JSONValue {
        var object: JSONObject = JSONObject([
            ("requests", .integer(Int64(requests))), ("period", .string(period.rawValue)),
        ])
        if offset != 0 { object["offset"] = .integer(Int64(offset)) }
        return .object(object)
    }
}
