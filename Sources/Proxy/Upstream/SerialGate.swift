// One request at a time for an endpoint, over all event loops.

internal import NIOConcurrencyHelpers
internal import NIOCore

/// Lets one exchange at a time through to an endpoint that takes no more: the Runtime Interface Emulator answers a
/// second one with an error.
///
/// Who has been let through leaves once; who waits is let through in the order of arrival, on its own event loop.
final class SerialGate: Sendable {
    /// What becomes of who comes.
    typealias Turn = @Sendable () -> Void

    /// How many may wait; more are turned away.
    static let waitingLimit = 100

    private struct State {
        var isTaken = false
        var waiting: [(loop: any EventLoop, turn: Turn)] = []
        /// How many at the front have had their turn.
        var served = 0
    }

    private let state = NIOLockedValueBox(State())

    /// Asks to be let through.
    ///
    /// - Parameters:
    ///   - loop: where `turn` is called.
    ///   - turn: called once it is this one's turn; it must be followed by `leave()`.
    /// - Returns: false where too many wait already; `turn` is then not called.
    func enter(on loop: any EventLoop, _ turn: @escaping Turn) -> Bool {
        let isNext = state.withLockedValue { state -> Bool? in
            guard state.isTaken else {
                state.isTaken = true
                return true
            }
            guard state.waiting.count - state.served < Self.waitingLimit else { return nil }
            state.waiting.append((loop, turn))
            return false
        }
        guard let isNext else { return false }
        if isNext { loop.execute(turn) }
        return true
    }

    /// Makes room for the next.
    func leave() {
        let next = state.withLockedValue { state -> (loop: any EventLoop, turn: Turn)? in
            guard state.served < state.waiting.count else {
                state.isTaken = false
                return nil
            }
            defer {
                state.served += 1
                if state.served == state.waiting.count || state.served > Self.waitingLimit {
                    state.waiting.removeFirst(state.served)
                    state.served = 0
                }
            }
            return state.waiting[state.served]
        }
        guard let next else { return }
        next.loop.execute(next.turn)
    }
}
