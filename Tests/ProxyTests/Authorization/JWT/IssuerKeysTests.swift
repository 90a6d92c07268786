// Keys as they come, change and stay away.

import Foundation
import JSON
import JWTKit
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import Proxy

@Suite("Keys of issuers")
struct IssuerKeysTests {
    /// An issuer whose clock and key set are a test's.
    private final class Scene: Sendable {
        let now = NIOLockedValueBox(NIODeadline.uptimeNanoseconds(1_000_000_000_000))
        /// What is at addresses; an address that is absent cannot be reached.
        let answers = NIOLockedValueBox<[String: String]>([:])
        let asked = NIOLockedValueBox<[String]>([])

        func pass(_ time: TimeAmount) { now.withLockedValue { $0 = $0 + time } }

        func fetcher() -> KeyFetcher {
            KeyFetcher { [answers, asked] address in
                asked.withLockedValue { $0.append(address) }
                guard let answer = answers.withLockedValue({ $0[address] }) else { throw TestFailure("down") }
                return Array(answer.utf8)
            }
        }

        func keys(_ source: KeySource = .url("u")) -> IssuerKeys {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            return IssuerKeys(source, ages: .init(), fetcher: fetcher(), logger: logger) { [now] in
                now.withLockedValue { $0 }
            }
        }
    }

    /// Looks a key up as a request does: once, and once more where it had to wait.
    private static func look(_ id: String, in keys: IssuerKeys) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        var lookup = keys.key(id, mayWait: true, on: loop)
        var prefix = ""
        if case .loading(let future) = lookup {
            try await future.get()
            lookup = keys.key(id, mayWait: false, on: loop)
            prefix = "waited, "
        }
        switch lookup {
        case .key: return "\(prefix)key"
        case .unknown: return "\(prefix)unknown"
        case .unavailable: return "\(prefix)unavailable"
        case .loading: return "\(prefix)loading"
        }
    }

    @Test("5.3: keys are kept, and an unknown kid fetches them anew, but not for every request")
    func rotation() async throws {
        let scene = Scene()
        scene.answers.withLockedValue { $0["u"] = TestIssuer.keySet((try? TestIssuer.first.jwk()) ?? "") }
        let keys = scene.keys()
        #expect(try await Self.look("first", in: keys) == "waited, key")
        #expect(try await Self.look("first", in: keys) == "key")
        // Ids that nobody has are answered from what is known until it is time.
        for _ in 0..<5 { #expect(try await Self.look("second", in: keys) == "unknown") }
        #expect(scene.asked.withLockedValue(\.count) == 1)
        scene.pass(.seconds(10))
        scene.answers.withLockedValue { $0["u"] = TestIssuer.keySet((try? TestIssuer.second.jwk()) ?? "") }
        #expect(try await Self.look("second", in: keys) == "waited, key")
        #expect(try await Self.look("first", in: keys) == "unknown")
        #expect(scene.asked.withLockedValue(\.count) == 2)
    }

    @Test("5.3: keys are fetched again after two hours at the latest, and serve on where the issuer is down")
    func ages() async throws {
        let scene = Scene()
        scene.answers.withLockedValue { $0["u"] = TestIssuer.keySet((try? TestIssuer.first.jwk()) ?? "") }
        let keys = scene.keys()
        #expect(try await Self.look("first", in: keys) == "waited, key")
        scene.answers.withLockedValue { $0 = [:] }
        scene.pass(.hours(2))
        #expect(try await Self.look("first", in: keys) == "waited, key")
        #expect(scene.asked.withLockedValue(\.count) == 2)
        #expect(try await Self.look("first", in: keys) == "key")
        scene.pass(.seconds(10))
        scene.answers.withLockedValue { $0["u"] = TestIssuer.keySet((try? TestIssuer.second.jwk()) ?? "") }
        #expect(try await Self.look("first", in: keys) == "waited, unknown")
    }

    @Test("5.3: an issuer that has never been reached lets nobody in, and is not asked for every request")
    func unavailable() async throws {
        let scene = Scene()
        let keys = scene.keys()
        #expect(try await Self.look("first", in: keys) == "waited, unavailable")
        #expect(try await Self.look("first", in: keys) == "unavailable")
        #expect(scene.asked.withLockedValue(\.count) == 1)
    }

    @Test("5.3: requests that come together cause one fetch")
    func oneFetch() async throws {
        let scene = Scene()
        scene.answers.withLockedValue { $0["u"] = TestIssuer.keySet((try? TestIssuer.first.jwk()) ?? "") }
        let keys = scene.keys()
        let found = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await Self.look("first", in: keys) } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(found.isSubset(of: ["waited, key", "key"]))
        #expect(scene.asked.withLockedValue(\.count) == 1)
    }

    private static let metadata = "https://i.test/.well-known/openid-configuration"

    static let discoveries: [(metadata: String, found: String)] = [
        (#"{"issuer":"https://i.test","jwks_uri":"https://keys.test/k"}"#, "waited, key"),
        (#"{"issuer":"https://other.test","jwks_uri":"https://keys.test/k"}"#, "waited, unavailable"),
        (#"{"issuer":"https://i.test/","jwks_uri":"https://keys.test/k"}"#, "waited, unavailable"),
        (#"{"jwks_uri":"https://keys.test/k"}"#, "waited, unavailable"),
        (#"{"issuer":"https://i.test","jwks_uri":"http://keys.test/k"}"#, "waited, unavailable"),
        (#"{"issuer":"https://i.test","jwks_uri":"file:///etc/passwd"}"#, "waited, unavailable"),
        (#"{"issuer":"https://i.test","jwks_uri":7}"#, "waited, unavailable"),
        (#"{"issuer":"https://i.test"}"#, "waited, unavailable"), ("no json", "waited, unavailable"),
    ]

    @Test("5.3: keys are where the issuer's metadata says, if it is that issuer's", arguments: discoveries)
    func discovery(metadata: String, found: String) async throws {
        let scene = Scene()
        let set = TestIssuer.keySet(try TestIssuer.first.jwk())
        scene.answers.withLockedValue {
            $0 = [Self.metadata: metadata, "https://keys.test/k": set, "http://keys.test/k": set]
        }
        #expect(try await Self.look("first", in: scene.keys(.discovery(issuer: "https://i.test"))) == found)
    }

    @Test("5.3: only keys for RSA signatures are taken")
    func keySets() async throws {
        let first = TestIssuer.first
        let set = TestIssuer.keySet(
            try first.jwk(),
            try first.jwk(#","use":"enc""#, keyID: "enc"),
            try first.jwk("", keyID: "any"),
            try first.jwk(#","alg":"PS256""#, keyID: "pss"),
            try first.jwk(#","key_ops":["sign"]"#, keyID: "sign"),
            #"{"kty":"oct","kid":"oct","k":"AAAA"}"#,
            #"{"kty":"RSA","kid":"short","n":"AQAB","e":"AQAB"}"#,
            #"{"kty":"RSA","kid":"bad","n":"***","e":"AQAB"}"#,
            #"{"kid":"x"}"#,
            "7",
            "null",
            #"{"kty":"RSA","kid":"huge","n":"\#(String(repeating: "A", count: 3000))","e":"AQAB"}"#,
            try TestIssuer.second.jwk(keyID: "first")
        )
        let keys = try await SigningKeys(parsing: Array(set.utf8))
        let known = ["first", "enc", "any", "pss", "sign", "oct", "short", "bad", "x", "huge"].filter {
            keys[$0] != nil
        }
        #expect(known == ["first", "any"])
        // A key for RS256 only has not signed with another algorithm, and of two keys of one id the first counts.
        let good = try await JSONWebToken(Array(first.token("{}").utf8))
        #expect(keys["first"]?.hasSigned(good) == true)
        let header = #"{"alg":"RS512","kid":"first"}"#
        let other = try await JSONWebToken(Array(first.token("{}", header: header, digest: .sha512).utf8))
        #expect(keys["first"]?.hasSigned(other) == false)
        #expect(keys["any"]?.hasSigned(other) == true)
        let confused = try await JSONWebToken(Array(first.token("{}", header: header).utf8))
        #expect(keys["any"]?.hasSigned(confused) == false)
        for text in ["", "[]", "{}", #"{"keys":{}}"#, "nonsense"] {
            await #expect(throws: SigningKeys.Failure.self) { _ = try await SigningKeys(parsing: Array(text.utf8)) }
        }
    }
}
