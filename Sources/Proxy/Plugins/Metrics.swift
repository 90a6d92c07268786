// Counters and histograms, one set for each event loop, added up when somebody asks.

internal import NIOConcurrencyHelpers

/// The place of one route's counters in every event loop's set.
struct MetricsSlot: Hashable, Sendable {
    fileprivate let index: Int
}

/// The labels of all slots. A route keeps its slot over reloads, so its counters go on.
final class MetricsRegistry: Sendable {
    /// What a slot counts.
    struct Label: Hashable, Sendable {
        let api: String
        /// The route key, never a path as it was sent: the number of labels stays that of the routes.
        let route: String
    }

    private let labels = NIOLockedValueBox<(slots: [Label: MetricsSlot], order: [Label])>(([:], []))

    /// The slot of a label; a new one the first time.
    func slot(api: String, route: String) -> MetricsSlot {
        labels.withLockedValue { labels in
            let label = Label(api: api, route: route)
            if let slot = labels.slots[label] { return slot }
            let slot = MetricsSlot(index: labels.order.count)
            labels.slots[label] = slot
            labels.order.append(label)
            return slot
        }
    }

    /// All labels in the order of their slots.
    var all: [Label] { labels.withLockedValue { $0.order } }
}

/// What one slot counts.
struct RouteMetrics: Sendable {
    /// The upper ends of the histogram's buckets, in nanoseconds.
    static let bucketLimits: [UInt64] = [
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000,
        1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000, 30_000_000_000,
    ]

    /// Responses by the first digit of their status, at 1 to 5; at 0 exchanges without a response.
    var byClass = [UInt64](repeating: 0, count: 6)
    /// Exchanges by duration; the last bucket is for those above the last limit.
    var buckets = [UInt64](repeating: 0, count: bucketLimits.count + 1)
    var nanoseconds: UInt64 = 0
    var responseBytes: UInt64 = 0

    mutating func add(_ other: RouteMetrics) {
        for index in byClass.indices { byClass[index] += other.byClass[index] }
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        nanoseconds += other.nanoseconds
        responseBytes += other.responseBytes
    }
}

/// The counters of one event loop. Confined to it.
struct LoopMetrics: Sendable {
    private(set) var routes: [RouteMetrics] = []
    /// Responses of the gateway's own by their reason.
    private(set) var localReplies: [String: UInt64] = [:]
    /// Connections of clients that are open, and that were ever accepted.
    var openConnections = 0
    var acceptedConnections: UInt64 = 0
    /// Bytes on connections that were no request.
    var malformedRequests: UInt64 = 0
    /// Connections to endpoints that were opened, and that failed to.
    var upstreamConnections: UInt64 = 0
    var upstreamFailures: UInt64 = 0
    var retries: UInt64 = 0

    /// Counts a finished exchange.
    mutating func record(
        _ slot: MetricsSlot,
        status: Int,
        nanoseconds: UInt64,
        responseBytes: Int,
        detail: StaticString?
    ) {
        while routes.count <= slot.index { routes.append(RouteMetrics()) }
        var bucket = 0
        while bucket < RouteMetrics.bucketLimits.count, nanoseconds > RouteMetrics.bucketLimits[bucket] { bucket += 1 }
        routes[slot.index].byClass[min(5, status / 100)] += 1
        routes[slot.index].buckets[bucket] += 1
        routes[slot.index].nanoseconds &+= nanoseconds
        routes[slot.index].responseBytes &+= UInt64(responseBytes)
        if let detail { localReplies["\(detail)", default: 0] += 1 }
    }

    /// Adds another loop's counters to these.
    mutating func add(_ other: LoopMetrics) {
        while routes.count < other.routes.count { routes.append(RouteMetrics()) }
        for (index, metrics) in other.routes.enumerated() { routes[index].add(metrics) }
        localReplies.merge(other.localReplies) { $0 + $1 }
        openConnections += other.openConnections
        acceptedConnections += other.acceptedConnections
        malformedRequests += other.malformedRequests
        upstreamConnections += other.upstreamConnections
        upstreamFailures += other.upstreamFailures
        retries += other.retries
    }
}
