// The buckets and counters of a process, by what they are for.

internal import Manifest
internal import NIOConcurrencyHelpers
internal import NIOCore

/// Every bucket and counter that there is. It outlives manifests: a reload does not fill a bucket.
final class UsageState: Sendable {
    /// What a bucket is for.
    enum Bucket: Hashable {
        case account
        case route(api: String, stage: String, route: String)
        /// The requests of a key of a usage plan.
        case client(plan: String, key: String)
        /// Those for one route, which the plan has a limit of its own for.
        case method(plan: String, key: String, api: String, route: String)
    }

    private struct Quota: Hashable {
        let plan: String
        let key: String
    }

    private struct State {
        var buckets: [Bucket: TokenBucket] = [:]
        var counters: [Quota: QuotaCounter] = [:]
        weak var directory: ManifestDirectory?
        var clients: [String: [String: ClientLimits]] = [:]
    }

    private let state = NIOLockedValueBox(State())

    /// The bucket of something.
    func bucket(_ name: Bucket) -> TokenBucket {
        state.withLockedValue { Self.bucket(name, in: &$0) }
    }

    private static func bucket(_ name: Bucket, in state: inout State) -> TokenBucket {
        if let known = state.buckets[name] { return known }
        let made = TokenBucket()
        state.buckets[name] = made
        return made
    }

    /// What limits each key of an API, by the key's id; keys without any limit are not there.
    func clients(_ table: APIKeyTable, of apiID: String, in directory: ManifestDirectory) -> [String: ClientLimits] {
        state.withLockedValue { state in
            if state.directory !== directory {
                state.directory = directory
                state.clients = [:]
            }
            if let known = state.clients[apiID] { return known }
            var clients: [String: ClientLimits] = [:]
            for (key, (planID, plan)) in table.plans {
                let methods = plan.apis[apiID] ?? [:]
                guard plan.throttle != nil || plan.quota != nil || !methods.isEmpty else { continue }
                var limits = ClientLimits()
                for (route, throttle) in methods {
                    let name = Bucket.method(plan: planID, key: key, api: apiID, route: route)
                    limits.methods[route] = LimitedBucket(throttle, Self.bucket(name, in: &state))
                }
                if let throttle = plan.throttle {
                    let name = Bucket.client(plan: planID, key: key)
                    limits.client = LimitedBucket(throttle, Self.bucket(name, in: &state))
                }
                if let quota = plan.quota {
                    let name = Quota(plan: planID, key: key)
                    let counter = state.counters[name] ?? QuotaCounter()
                    state.counters[name] = counter
                    limits.quota = (quota, counter)
                }
                clients[key] = limits
            }
            state.clients[apiID] = clients
            return clients
        }
    }
}

/// A bucket with its limit.
struct LimitedBucket: Sendable {
    let limit: RequestLimit
    let bucket: TokenBucket

    init(_ throttle: Throttle, _ bucket: TokenBucket) {
        limit = RequestLimit(throttle)
        self.bucket = bucket
    }

    /// Takes a token, if there is one. It is asked for now: authorizers may have taken their time since the request came.
    func take() -> Bool { bucket.take(limit, now: .now()) }
}

/// What limits the requests of one key.
struct ClientLimits: Sendable {
    /// By route, as the manifest spells routes.
    var methods: [String: LimitedBucket] = [:]
    var client: LimitedBucket?
    var quota: (quota: UsagePlan.Quota, counter: QuotaCounter)?
}
