// The requests that wait for an environment: those whose callers wait, and events.

/// Two queues that take turns.
struct WaitingInvocations {
    private(set) var synchronous = InvocationQueue()
    private(set) var events = InvocationQueue()
    private var isEventsTurn = false

    var count: Int { synchronous.count + events.count }
    var isEmpty: Bool { synchronous.isEmpty && events.isEmpty }

    mutating func append(_ invocation: Invocation) {
        switch invocation.kind {
        case .synchronous: synchronous.append(invocation)
        case .asynchronous: events.append(invocation)
        }
    }

    /// Takes the next request out.
    ///
    /// - Parameter allowsEvent: whether an event may run now.
    /// - Returns: nil where none may run.
    mutating func popFirst(allowsEvent: Bool) -> Invocation? {
        if allowsEvent && !events.isEmpty && (isEventsTurn || synchronous.isEmpty) {
            isEventsTurn = false
            return events.popFirst()
        }
        isEventsTurn = true
        return synchronous.popFirst()
    }

    /// Takes a request out whose caller waits; returns whether it was there.
    mutating func remove(_ invocation: Invocation) -> Bool { synchronous.remove(invocation) }

    /// Takes all events out.
    mutating func removeEvents() -> InvocationQueue {
        defer { events = InvocationQueue() }
        return events
    }
}
