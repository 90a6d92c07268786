// The open connections of a listener, so that a drain can reach them.

/// Confined to the event loop of the listener.
final class ConnectionRegistry {
    private var handlers: [ObjectIdentifier: ExchangeHandler] = [:]
    private var onEmpty: (() -> Void)?
    private let maximumCount: Int
    var isEmpty: Bool { handlers.isEmpty }
    /// Whether answers close their connections.
    private(set) var isDraining = false

    /// - Parameter maximumCount: how many connections may be open at a time.
    init(maximumCount: Int) { self.maximumCount = maximumCount }

    /// Whether there is no room for one more connection.
    var isFull: Bool { handlers.count >= maximumCount }

    func insert(_ handler: ExchangeHandler) { handlers[ObjectIdentifier(handler)] = handler }

    func remove(_ handler: ExchangeHandler) {
        handlers[ObjectIdentifier(handler)] = nil
        guard handlers.isEmpty, let onEmpty else { return }
        self.onEmpty = nil
        onEmpty()
    }

    /// Calls back once no connection is open any more.
    func whenEmpty(_ callback: @escaping () -> Void) {
        if handlers.isEmpty { callback() } else { onEmpty = callback }
    }

    /// Closes idle connections now and the others after their answers.
    func drain() {
        isDraining = true
        for handler in handlers.values { handler.closeIfIdle() }
    }

    /// Closes all connections.
    func close() {
        isDraining = true
        for handler in handlers.values { handler.close() }
    }
}
