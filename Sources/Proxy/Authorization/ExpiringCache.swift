// What is kept for a while so that it need not be asked again.

internal import NIOConcurrencyHelpers
internal import NIOCore

/// Values with a time to live, shared by all event loops. It holds so many and no more: who is over the limit pushes
/// out the oldest, so that clients cannot fill memory with keys of their own making.
final class ExpiringCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let expiry: NIODeadline
        /// Tells the entry that stands in the queue from a later one of the same key.
        let number: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// The keys in the order in which they came, with those that have been replaced since.
        var queue: [(key: Key, number: UInt64)] = []
        /// Where the queue begins; what stands before is done with.
        var first = 0
        var count: UInt64 = 0
    }

    private let capacity: Int
    private let state = NIOLockedValueBox(State())

    /// - Parameter capacity: how many values it holds at most.
    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// The value of a key; nil where there is none, or its time is over.
    func value(of key: Key, now: NIODeadline = .now()) -> Value? {
        state.withLockedValue { state in
            guard let entry = state.entries[key] else { return nil }
            guard entry.expiry > now else {
                state.entries[key] = nil
                return nil
            }
            return entry.value
        }
    }

    /// Keeps a value until its time is over.
    func insert(_ value: Value, for key: Key, until expiry: NIODeadline) {
        state.withLockedValue { state in
            state.count += 1
            state.entries[key] = Entry(value: value, expiry: expiry, number: state.count)
            state.queue.append((key, state.count))
            while state.entries.count > capacity || state.queue.count - state.first > 2 * capacity {
                let oldest = state.queue[state.first]
                state.first += 1
                if state.entries[oldest.key]?.number == oldest.number { state.entries[oldest.key] = nil }
            }
            if state.first > capacity {
                state.queue.removeFirst(state.first)
                state.first = 0
            }
        }
    }

    /// Forgets everything.
    func removeAll() { state.withLockedValue { $0 = State() } }
}
