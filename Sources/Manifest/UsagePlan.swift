// API keys, and the plans that say what they are good for.

/// A key that clients show in `x-api-key`.
package struct APIKey: Hashable, Sendable {
    /// The key's name, where the template gives one.
    package var name: String?
    /// Whether it is good for anything.
    package var isEnabled = true
    /// The key itself, where the template gives it: always a secret.
    package var value: EnvironmentValue?

    package init() {}
}

/// What a group of keys is good for.
package struct UsagePlan: Hashable, Sendable {
    /// How many requests there may be in a time.
    package struct Quota: Hashable, Sendable {
        /// The time after which counting begins anew.
        package enum Period: String, CaseIterable, Hashable, Sendable {
            case day = "DAY"
            case week = "WEEK"
            case month = "MONTH"
        }

        package var requests: Int
        package var period: Period
        /// How many requests less there are in the first period.
        package var offset = 0

        package init(requests: Int, period: Period) {
            self.requests = requests
            self.period = period
        }
    }

    /// The APIs that it opens, by logical id, each with the limits of single routes.
    package var apis: [String: [String: Throttle]] = [:]
    /// The limit of each key's requests.
    package var throttle: Throttle?
    package var quota: Quota?
    /// The logical ids of its keys.
    package var keys: [String] = []

    package init() {}
}
