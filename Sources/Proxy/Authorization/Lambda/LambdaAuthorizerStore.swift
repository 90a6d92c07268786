// What Lambda authorizers have said, and what they are being asked: what all routes of an authorizer share.

internal import Manifest
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The answers of all Lambda authorizers of the process. It outlives manifests: an authorizer that is the same in the
/// next one keeps its answers, and one that has been changed in any way begins anew.
final class LambdaAuthorizerStore: Sendable {
    /// An authorizer as it is declared.
    struct Identity: Hashable, Sendable {
        let apiID: String
        let stage: String
        let name: String
        let authorizer: Authorizer
        /// Where its function is: the answers of another one would be other answers.
        let endpoint: Endpoint
    }

    /// What an answer is kept under (developer guide, "Configure a Lambda authorizer": the values of all sources).
    struct Key: Hashable, Sendable {
        /// The number of the authorizer.
        let authorizer: Int
        let identity: [[UInt8]]
    }

    /// A question that is under way on an event loop.
    private struct Question: Hashable {
        let key: Key
        let loop: ObjectIdentifier
    }

    /// An answer that is kept.
    struct Entry: Sendable {
        let result: LambdaAuthorizerResult
        let context: AuthorizerContext
    }

    /// The longest identity that an answer is kept for, in bytes: a head may have 32 KiB, and clients choose it.
    private static let identityLimit = 8 * 1024

    private let cache: ExpiringCache<Key, Entry>?
    private let numbers = NIOLockedValueBox<[Identity: Int]>([:])
    private let questions = NIOLockedValueBox<[Question: EventLoopFuture<LambdaAuthorizerReply>]>([:])

    /// - Parameter capacity: how many answers are kept; 0 for none.
    init(capacity: Int) { cache = capacity == 0 ? nil : ExpiringCache(capacity: capacity) }

    /// The number that an authorizer has in keys.
    func number(of identity: Identity) -> Int {
        numbers.withLockedValue { numbers in
            if let number = numbers[identity] { return number }
            numbers[identity] = numbers.count
            return numbers.count - 1
        }
    }

    /// The answer that is kept for a key; nil where there is none, or its time is over.
    func entry(of key: Key, now: NIODeadline = .now()) -> Entry? { cache?.value(of: key, now: now) }

    /// Keeps an answer.
    ///
    /// - Parameters:
    ///   - result: the answer.
    ///   - key: what it is found under.
    ///   - seconds: how long from now on.
    ///   - now: the time.
    func keep(_ result: LambdaAuthorizerResult, for key: Key, seconds: Int, now: NIODeadline = .now()) {
        guard let cache, key.identity.reduce(0, { $0 + $1.count }) <= Self.identityLimit else { return }
        let entry = Entry(result: result, context: result.authorizerContext(milliseconds: 0))
        cache.insert(entry, for: key, until: now + .seconds(Int64(seconds)))
    }

    /// Asks once for all requests of an event loop that wait for the same answer.
    ///
    /// - Parameters:
    ///   - key: what is asked for.
    ///   - loop: the event loop, which this must be called on.
    ///   - ask: asks.
    /// - Returns: the reply, on the event loop.
    func sharing(
        _ key: Key,
        on loop: any EventLoop,
        ask: () -> EventLoopFuture<LambdaAuthorizerReply>
    ) -> EventLoopFuture<LambdaAuthorizerReply> {
        guard cache != nil else { return ask() }
        let question = Question(key: key, loop: ObjectIdentifier(loop))
        if let asked = questions.withLockedValue({ $0[question] }) { return asked }
        let reply = ask()
        questions.withLockedValue { $0[question] = reply }
        return reply.always { [self] _ in questions.withLockedValue { $0[question] = nil } }
    }
}
