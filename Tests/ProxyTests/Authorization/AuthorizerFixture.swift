// A gateway whose endpoint plays both the Lambda authorizer and the function behind it.

import JSON
import Manifest
import Testing

@testable import Proxy

/// What the tests of Lambda authorizers share.
enum AuthorizerFixture {
    /// An API whose routes all have the authorizer `Login`. Further members of the authorizer stand each after a comma,
    /// further ones of the API each before one.
    static func api(
        _ kind: APIKind,
        _ routes: [String],
        _ authorizer: String = "",
        stage: String? = nil,
        more: String = "",
        route: String = ""
    ) -> String {
        let member = #""authorizers":{"Login":{"kind":"lambda","function":"Authorizer"\#(authorizer)}},"#
        return TestGateway.api(kind, routes, stage: stage, more: more + member, route: route)
            .replacing(#""auth":"none""#, with: #""auth":"Login""#)
    }

    /// A policy with one statement of `execute-api:Invoke`.
    static func policy(_ effect: String, _ resource: String = "*") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"\#(effect)","#
            + #""Resource":"\#(resource)"}]}"#
    }

    /// The answer of an authorizer that has a policy, and further members, each after a comma.
    static func answer(_ effect: String, _ resource: String = "*", _ more: String = "") -> String {
        #"{"principalId":"me","policyDocument":\#(policy(effect, resource))\#(more)}"#
    }

    /// A function that fails.
    static func failure(_ message: String) -> EndpointReply {
        .response(200, #"{"errorMessage":"\#(message)"}"#.utf8, fields: ["X-Amz-Function-Error: Unhandled"])
    }

    /// Serves an API whose authorizer answers by a script.
    static func serve(
        _ api: String,
        authorizer: @escaping TestEndpoint.Script,
        configure: (inout ProxyConfiguration) -> Void = { _ in },
        test body: (TestGateway) async throws -> Void
    ) async throws {
        try await TestGateway.serve(
            #"{"A":\#(api)}"#,
            configure: configure,
            script: { request in
                request.isForAuthorizer ? authorizer(request) : .result(#"{"statusCode":200,"body":"in"}"#)
            },
            body
        )
    }
}

extension EndpointRequest {
    var isForAuthorizer: Bool { requestLine.contains("/functions/Authorizer/") }
}

extension TestGateway {
    /// How often the authorizer has been asked.
    var questionCount: Int { endpoint.requests.count(where: \.isForAuthorizer) }
    /// How often the function behind it has been invoked.
    var invocationCount: Int { endpoint.requests.count { !$0.isForAuthorizer } }

    /// The event of the newest question to the authorizer.
    func question() throws -> JSONValue {
        guard let request = endpoint.requests.last(where: \.isForAuthorizer) else {
            throw TestFailure("the authorizer was not asked")
        }
        return try JSONParser.parse(request.content)
    }
}
