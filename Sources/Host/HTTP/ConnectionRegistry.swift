// The open connections of a listener, so that a drain can reach them.

/// Confined to the event loop of the listener.
final class ConnectionRegistry {
    private var handlers: [ObjectIdentifier: BufferedHTTPHandler] = [:]
    /// Whether answers close their connections.
    private(set) var isDraining = false

    func insert(_ handler: BufferedHTTPHandler) { handlers[ObjectIdentifier(handler)] = handler }

    func remove(_ handler: BufferedHTTPHandler) { handlers[ObjectIdentifier(handler)] = nil }

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
