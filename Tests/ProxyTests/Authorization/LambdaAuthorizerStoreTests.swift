// What is kept of the answers of Lambda authorizers, and for how long.

import Manifest
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

@Suite("The answers of Lambda authorizers that are kept")
struct LambdaAuthorizerStoreTests {
    typealias Store = LambdaAuthorizerStore

    private static func result(_ json: String) throws -> LambdaAuthorizerResult {
        try LambdaAuthorizerResult(parsing: ByteBuffer(string: json), kind: .http, isSimple: true)
    }

    private static func identity(_ change: (inout Authorizer) -> Void = { _ in }, port: Int = 1) -> Store.Identity {
        var authorizer = Authorizer(kind: .lambda)
        authorizer.function = "F"
        change(&authorizer)
        return Store.Identity(
            apiID: "A",
            stage: "s",
            name: "L",
            authorizer: authorizer,
            endpoint: Endpoint(wire: .lambda, host: "h", port: port)
        )
    }

    @Test("A7, A14: an answer is kept for its time and no longer")
    func time() throws {
        let store = Store(capacity: 2)
        let key = Store.Key(authorizer: 0, identity: [[1]])
        let start = NIODeadline.uptimeNanoseconds(1_000)
        store.keep(try Self.result(#"{"isAuthorized":true}"#), for: key, seconds: 300, now: start)
        #expect(store.entry(of: key, now: start + .seconds(299)) != nil)
        #expect(store.entry(of: Store.Key(authorizer: 1, identity: [[1]]), now: start) == nil)
        #expect(store.entry(of: Store.Key(authorizer: 0, identity: [[1], []]), now: start) == nil)
        #expect(store.entry(of: key, now: start + .seconds(300)) == nil)
    }

    @Test("A7: clients cannot fill memory with identities: too long ones are not kept, and none are in a cache of 0")
    func bounds() throws {
        let result = try Self.result(#"{"isAuthorized":true}"#)
        let store = Store(capacity: 2)
        let long = Store.Key(authorizer: 0, identity: [Array(repeating: 1, count: 8193)])
        store.keep(result, for: long, seconds: 300)
        #expect(store.entry(of: long) == nil)
        let none = Store(capacity: 0)
        let key = Store.Key(authorizer: 0, identity: [[1]])
        none.keep(result, for: key, seconds: 300)
        #expect(none.entry(of: key) == nil)
    }

    @Test("A7: an authorizer keeps its answers over reloads until it is changed in any way")
    func numbers() {
        let store = Store(capacity: 2)
        let first = store.number(of: Self.identity())
        #expect(store.number(of: Self.identity()) == first)
        #expect(store.number(of: Self.identity { $0.function = "G" }) != first)
        #expect(store.number(of: Self.identity { $0.identitySources = ["x"] }) != first)
        #expect(store.number(of: Self.identity(port: 2)) != first)
        #expect(store.number(of: Self.identity()) == first)
    }

    @Test("A7: requests that wait for the same answer ask once")
    func sharing() throws {
        let store = Store(capacity: 2)
        let loop = EmbeddedEventLoop()
        let promise = loop.makePromise(of: LambdaAuthorizerReply.self)
        let questions = NIOLockedValueBox(0)
        let answers = NIOLockedValueBox(0)
        func ask(_ identity: UInt8) {
            store.sharing(Store.Key(authorizer: 0, identity: [[identity]]), on: loop) {
                questions.withLockedValue { $0 += 1 }
                return promise.futureResult
            }
            .whenSuccess { _ in answers.withLockedValue { $0 += 1 } }
        }
        ask(1)
        ask(1)
        ask(2)
        #expect(questions.withLockedValue { $0 } == 2)
        promise.succeed(LambdaAuthorizerReply(.refused(500), milliseconds: 1, kind: .rest, isSimple: false))
        #expect(answers.withLockedValue { $0 } == 3)
        ask(1)
        #expect(questions.withLockedValue { $0 } == 3)
    }

    @Test(
        "A5, A13: an authorizer that takes too long has failed; one that cannot be reached could not be asked",
        arguments: [
            (ExchangeStateMachine.Failure.timeout, "authorizer_timeout", 504),
            (.tooLarge, "authorizer_result_too_large", 500),
            (.connect, "authorizer_connect_failed", 500), (.closed, "authorizer_connection_failed", 500),
            (.malformed, "authorizer_connection_failed", 500),
        ]
    )
    func failures(failure: ExchangeStateMachine.Failure, detail: String, status: Int) {
        let reply = LambdaAuthorizerReply(.failed(failure), milliseconds: 7, kind: .rest, isSimple: false)
        switch reply.meaning {
        case .invalid(let text): #expect("\(text)" == detail && [.timeout, .tooLarge].contains(failure))
        case .unreachable(let text): #expect("\(text)" == detail && ![.timeout, .tooLarge].contains(failure))
        case .answer, .unauthorized: Issue.record("\(failure) is an answer")
        }
        #expect(reply.call.status == status)
        #expect(reply.call.milliseconds == 7)
        #expect(reply.call.error == detail)
    }

    @Test("A6: the API key that a REST authorizer names, and what logs and templates have of its answer")
    func properties() throws {
        let json =
            #"{"principalId":"me","policyDocument":\#(AuthorizerFixture.policy("Allow")),"usageIdentifierKey":"key-1","#
            + #""context":{"n":1,"z":null}}"#
        let result = try LambdaAuthorizerResult(parsing: ByteBuffer(string: json), kind: .rest, isSimple: false)
        let context = result.authorizerContext(milliseconds: 3)
        #expect(context.usageKey == "key-1")
        #expect(context.properties == ["principalId": "me", "n": "1"])
    }
}
