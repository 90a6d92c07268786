// What is said of routes that are closed because their authorizers cannot be honoured.

import Manifest
import Operations
import Testing

@testable import Proxy

@Suite("Routes that their authorizers close")
struct ClosedRouteTests {
    @Test(
        "A route that a token authorizer closes is named with the reason",
        arguments: [
            (APIKind.http, #""kind":"jwt","issuer":"nowhere","audiences":["a"]"#, "'nowhere' is no address"),
            (
                .http,
                #""kind":"jwt","issuer":"https://a.test","audiences":["a"],"identitySources":["$context.stage"]"#,
                "names no issuer, or no single field"
            ),
            (.rest, #""kind":"cognito","userPools":["Pool"]"#, "the user pool 'Pool'"),
            (
                .rest,
                """
                "kind":"cognito","userPools":["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"],
                "validationExpression":"(a"
                """,
                "the validation expression of its authorizer cannot be used"
            ),
        ]
    )
    func reason(kind: APIKind, authorizer: String, reason: String) throws {
        let builder = GenerationBuilder(
            configuration: ProxyConfiguration(),
            plugins: try PluginOrder.make(nil, services: PluginServices(logs: LogSinks())),
            metrics: MetricsRegistry(),
            endpoints: EndpointRegistry()
        )
        let api = """
            {"A":{"kind":"\(kind.rawValue)","stage":"s","authorizers":{"Login":{\(authorizer)}},
            "routes":{"GET /a":{"function":"F","auth":"Login"},"GET /b":{"function":"F","auth":"none"}}}}
            """
        let manifest = try Manifest(parsing: Array(TestGateway.manifest(api).utf8))
        let warnings = try builder.build(manifest).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("'GET /a' of 'A' answers 501: ") == true)
        #expect(warnings.first?.contains(reason) == true, "\(warnings)")
    }
}
