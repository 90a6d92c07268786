// The order of the plugins, and what is said of settings that are wrong.

import JSON
import Operations
import Testing

@testable import Proxy

@Suite("Plugins")
struct PluginOrderTests {
    private static func failure(_ settings: String) throws -> JSONShapeError? {
        let configuration = try ProxyConfiguration(parsing: Array(#"{"plugins":\#(settings)}"#.utf8))
        do throws(JSONShapeError) {
            _ = try PluginOrder.make(configuration.plugins, services: PluginServices(logs: LogSinks()))
            return nil
        } catch { return error }
    }

    @Test("The order is a promise")
    func order() {
        #expect(
            PluginOrder.types.map { $0.name } == [
                "requestID", "cors", "apiKeys", "methodARN", "resourcePolicy", "forwardAuth", "lambdaAuthorizer", "jwt",
                "cognito", "iam", "throttling", "compression", "validation", "metrics", "accessLog",
            ]
        )
    }

    @Test("Settings that are right", arguments: ["{}", #"{"metrics":{"enabled":false},"cors":{}}"#])
    func right(settings: String) throws { #expect(try Self.failure(settings) == nil) }

    @Test(
        "Settings that are wrong are named by their place",
        arguments: [
            (#"{"nonsense":{}}"#, "/plugins/nonsense", "nonsense"),
            (#"{"apiKeys":{"values":{"K":"short"}}}"#, "/plugins/apiKeys/values/K", "20 to 128 characters"),
            (#"{"throttling":{"accountBurst":-1}}"#, "/plugins/throttling/accountBurst", "out of range"),
            (#"{"jwt":{"issuers":{"i":{"issuer":"x"}}}}"#, "/plugins/jwt/issuers/i/issuer", "jwksURL"),
            (#"{"jwt":{"issuers":{"i":{"jwksURL":"ftp://x"}}}}"#, "/plugins/jwt/issuers/i/jwksURL", "ftp://x"),
            (
                #"{"jwt":{"issuers":{"i":{"jwksFile":"/nowhere/at/all"}}}}"#, "/plugins/jwt/issuers/i/jwksFile",
                "/nowhere/at/all"
            ),
            (
                #"{"cognito":{"userPools":{"i":{"jwksFile":"a","jwksURL":"b"}}}}"#,
                "/plugins/cognito/userPools/i/jwksFile", "exclude each other"
            ),
            (#"{"cors":{"origins":[]}}"#, "/plugins/cors/origins", "origins"),
            (#"{"metrics":{"enabled":"yes"}}"#, "/plugins/metrics/enabled", "expected true or false"),
            (#"{"metrics":true}"#, "/plugins/metrics", "expected an object"),
            (#"{"accessLog":{"destination":7}}"#, "/plugins/accessLog/destination", "expected a string"),
            (#"{"accessLog":{"format":"$context.nonsense"}}"#, "/plugins/accessLog/format", "$context.nonsense"),
            (
                #"{"accessLog":{"destination":"/nowhere/at/all.log"}}"#, "/plugins/accessLog/destination",
                "/nowhere/at/all.log"
            ),
            (#"{"accessLog":{"destination":"off","level":1}}"#, "/plugins/accessLog/level", "level"),
            (#"{"requestID":[]}"#, "/plugins/requestID", "expected an object"),
            ("7", "/plugins", "expected an object"),
        ]
    )
    func wrong(settings: String, pointer: String, words: String) throws {
        let failure = try #require(try Self.failure(settings))
        #expect(failure.pointer == pointer)
        #expect(failure.description.contains(words))
    }
}
