// The keys of one issuer as they come and change.

internal import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The keys of one issuer, shared by all event loops. They are fetched when they are first needed, one fetch at a time.
///
/// - A key that is not among them makes them be fetched anew, but not more often than `retryTime`: the ids of keys are
///   in the hands of whoever makes tokens up.
/// - At half of their age they are fetched while the old ones serve. At their full age requests wait for new ones, and
///   where the issuer cannot be reached the old ones go on serving.
final class IssuerKeys: Sendable {
    /// What there is for the id of a key.
    enum Lookup {
        case key(SigningKey)
        case unknown
        /// The issuer has never been reached.
        case unavailable
        /// The keys are being fetched; then it is time to ask again.
        case loading(EventLoopFuture<Void>)
    }

    /// How keys age.
    struct Ages: Hashable, Sendable {
        /// How long keys are good without having been fetched again (developer guide: two hours).
        var lifetime = TimeAmount.hours(2)
        /// How long it takes at least from one fetch to the next.
        var retryTime = TimeAmount.seconds(10)
    }

    private struct State {
        var keys: SigningKeys?
        /// When the keys were fetched.
        var loaded = NIODeadline.uptimeNanoseconds(0)
        /// When it was last tried, successfully or not.
        var tried: NIODeadline?
        var isLoading = false
        var waiting: [EventLoopPromise<Void>] = []
    }

    private let source: KeySource
    private let ages: Ages
    private let fetcher: KeyFetcher
    private let logger: Logger
    private let clock: @Sendable () -> NIODeadline
    private let state = NIOLockedValueBox(State())

    init(
        _ source: KeySource,
        ages: Ages,
        fetcher: KeyFetcher,
        logger: Logger,
        clock: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        self.source = source
        self.ages = ages
        self.fetcher = fetcher
        self.logger = logger
        self.clock = clock
    }

    /// Looks up a key.
    ///
    /// - Parameters:
    ///   - id: the id that a token names.
    ///   - mayWait: whether keys may be fetched first; false where they just have been.
    ///   - eventLoop: where the future is to be.
    /// - Returns: the key, or why there is none yet.
    func key(_ id: String, mayWait: Bool, on eventLoop: any EventLoop) -> Lookup {
        let now = clock()
        let (lookup, begins): (Lookup, Bool) = state.withLockedValue { state in
            let known = state.keys?[id]
            let age = now - state.loaded
            let mayTry = !state.isLoading && state.tried.map { now - $0 >= ages.retryTime } ?? true
            if let known, age < ages.lifetime || !mayWait || !(mayTry || state.isLoading) {
                let begins = mayTry && age.nanoseconds >= ages.lifetime.nanoseconds / 2
                if begins { state.isLoading = true }
                return (.key(known), begins)
            }
            guard mayWait, mayTry || state.isLoading else {
                return (state.keys == nil ? .unavailable : .unknown, false)
            }
            let begins = !state.isLoading
            state.isLoading = true
            let promise = eventLoop.makePromise(of: Void.self)
            state.waiting.append(promise)
            return (.loading(promise.futureResult), begins)
        }
        if begins { load() }
        return lookup
    }

    private func load() {
        Task {
            do throws(KeyFetcher.Failure) { finish(.success(try await fetcher.keys(of: source))) } catch {
                finish(.failure(error))
            }
        }
    }

    private func finish(_ result: Result<SigningKeys, KeyFetcher.Failure>) {
        if case .failure(let failure) = result {
            logger.warning("an issuer's keys cannot be fetched", metadata: ["reason": "\(failure)"])
        }
        let now = clock()
        let waiting = state.withLockedValue { state in
            if case .success(let keys) = result {
                state.keys = keys
                state.loaded = now
            }
            state.tried = now
            state.isLoading = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for promise in waiting { promise.succeed() }
    }
}
