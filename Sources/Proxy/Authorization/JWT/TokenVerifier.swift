// Tokens on their way from bytes to what they say, and those that have been found good before.

internal import NIOConcurrencyHelpers
internal import NIOCore

/// Verifies tokens for all routes of a kind of authorizer, and remembers the good ones until they expire.
///
/// It lives as long as the process, so that keys and verified tokens outlive a manifest. A token is remembered together
/// with the rules that it was found good by: what another manifest demands of it is looked at anew.
final class TokenVerifier: Sendable {
    /// What has become of a token.
    enum Outcome {
        case accepted(AuthorizerContext)
        case refused(TokenFault)
        /// Keys are being fetched; then it is time to ask again.
        case waits(EventLoopFuture<Void>)
    }

    private struct CacheKey: Hashable {
        let rules: Int
        let token: [UInt8]
    }

    private struct Verified {
        /// Seconds since 1970.
        let expiry: Double
        let context: AuthorizerContext
    }

    private let cache: ExpiringCache<CacheKey, Verified>
    private let makeKeys: @Sendable (KeySource) -> IssuerKeys
    private let keys = NIOLockedValueBox<[KeySource: IssuerKeys]>([:])
    private let numbers = NIOLockedValueBox<[PreparedRules.Identity: Int]>([:])

    /// - Parameters:
    ///   - cacheEntries: how many verified tokens are remembered.
    ///   - makeKeys: makes the keys of a source.
    init(cacheEntries: Int, makeKeys: @escaping @Sendable (KeySource) -> IssuerKeys) {
        cache = ExpiringCache(capacity: cacheEntries)
        self.makeKeys = makeKeys
    }

    /// Makes rules ready.
    ///
    /// - Parameters:
    ///   - rules: what tokens must say.
    ///   - sources: where the keys of each issuer are.
    ///   - cacheSeconds: how long a verified token is remembered at most; 0 for not at all.
    /// - Returns: the rules, with the keys of their issuers.
    func prepare(_ rules: TokenRules, sources: [String: KeySource], cacheSeconds: Int) -> PreparedRules {
        let number = numbers.withLockedValue { numbers in
            let identity = PreparedRules.Identity(rules: rules, sources: sources)
            if let number = numbers[identity] { return number }
            numbers[identity] = numbers.count
            return numbers.count - 1
        }
        let keys = keys.withLockedValue { keys in
            sources.mapValues { source in
                if let known = keys[source] { return known }
                let made = makeKeys(source)
                keys[source] = made
                return made
            }
        }
        return PreparedRules(number: number, rules: rules, keys: keys, cacheSeconds: cacheSeconds)
    }

    /// Verifies a token.
    ///
    /// - Parameters:
    ///   - token: its bytes.
    ///   - rules: what it must say.
    ///   - now: the time of day.
    ///   - mayWait: whether keys may be fetched first; false where they just have been.
    ///   - eventLoop: the event loop of the exchange.
    /// - Returns: what has become of it.
    func verify(
        _ token: [UInt8],
        by rules: PreparedRules,
        now: WallTime,
        mayWait: Bool,
        on eventLoop: any EventLoop
    ) -> Outcome {
        let seconds = Double(now.milliseconds) / 1000
        let key = CacheKey(rules: rules.number, token: token)
        // The clock of the cache does not follow the time of day when that is set.
        if rules.cacheSeconds > 0, let known = cache.value(of: key), known.expiry > seconds {
            return .accepted(known.context)
        }
        do throws(TokenFault) {
            let token = try JSONWebToken(token)
            try rules.rules.checkIssuer(token.claims)
            guard let issuer = token.claims["iss"], let keys = rules.keys[issuer] else { throw .issuer }
            switch keys.key(token.keyID, mayWait: mayWait, on: eventLoop) {
            case .loading(let future): return .waits(future)
            case .unknown: throw .unknownKey
            case .unavailable: throw .keysUnavailable
            case .key(let signingKey):
                guard signingKey.hasSigned(token) else { throw .signature }
            }
            try rules.rules.check(token.claims, now: seconds)
            let context = rules.context(of: token.claims)
            if let expiry = token.claims.moment("exp"), rules.cacheSeconds > 0 {
                let rest = min(Double(rules.cacheSeconds), expiry - seconds)
                cache.insert(
                    Verified(expiry: expiry, context: context),
                    for: key,
                    until: .now() + .milliseconds(Int64(rest * 1000))
                )
            }
            return .accepted(context)
        } catch { return .refused(error) }
    }
}

/// Rules with the keys of their issuers.
struct PreparedRules: Sendable {
    /// What tells rules apart that tokens have been found good by.
    struct Identity: Hashable {
        let rules: TokenRules
        let sources: [String: KeySource]
    }

    fileprivate let number: Int
    fileprivate let rules: TokenRules
    fileprivate let keys: [String: IssuerKeys]
    fileprivate let cacheSeconds: Int

    /// What a good token says.
    fileprivate func context(of claims: TokenClaims) -> AuthorizerContext {
        switch rules.product {
        case .jwt: .jwt(claims, routeScopes: rules.scopes)
        case .cognito: .cognito(claims)
        }
    }

    /// The token in the value of a field or parameter, without the word `Bearer`; nil where there is none.
    static func token(_ value: [UInt8]?) -> [UInt8]? {
        guard var token = value?[...] else { return nil }
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        func trim() { while let last = token.last, isSpace(last) { token.removeLast() } }
        trim()
        token = token.drop(while: isSpace)
        let word = token.prefix { !isSpace($0) }
        if word.count == 6, word.map({ $0 | 0x20 }) == Array("bearer".utf8) {
            token = token.dropFirst(word.count).drop(while: isSpace)
        }
        return token.isEmpty ? nil : Array(token)
    }
}
