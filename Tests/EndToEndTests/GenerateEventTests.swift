// `samovar generate-event`: what API Gateway would send, without a gateway.

import Foundation
import JSON
import Subprocess
import Support
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(2)))
struct GenerateEventTests {
    private static let template = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Shop:
            Type: AWS::Serverless::Api
            Properties:
              StageName: live
              Variables: {currency: EUR}
              Auth:
                Authorizers:
                  Guard: {FunctionArn: !GetAtt Guard.Arn, Identity: {Header: X-Pass}}
          Guard:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Runtime: python3.12, CodeUri: .}
          Cart:
            Type: AWS::Serverless::Function
            Properties:
              Handler: cart.handler
              Runtime: python3.12
              CodeUri: .
              Events:
                Get:
                  Type: Api
                  Properties: {RestApiId: !Ref Shop, Method: get, Path: "/carts/{id}", Auth: {Authorizer: Guard}}
        """

    /// An event without what is different each time.
    private static func masked(_ text: String) -> String {
        let names =
            "requestId|extendedRequestId|requestTime|requestTimeEpoch|time|timeEpoch|X-Amzn-Trace-Id|x-amzn-trace-id"
        let masks = (try? Regex("\"(\(names))\": (\"[^\"]*\"|[0-9]+|\\[[^\\]]*\\])")).map { pattern in
            text.replacing(pattern) { "\"\($0.output[1].substring ?? "")\": \"…\"" }
        }
        return masks ?? text
    }

    @Test(
        "Events of every kind are as they were recorded",
        arguments: ["aws-proxy", "http-api-proxy", "authorizer", "request-authorizer", "http-api-authorizer"]
    )
    func kinds(_ kind: String) async throws {
        let folder = try ExampleCopy(isEmpty: true)
        let arguments = [
            "generate-event", "apigateway", kind, "--resource", "/pets/{id}", "--path", "/pets/a%20b", "--query",
            "q=ä&",
            "-H", "X-Client: test", "--region", "eu-west-1", "--stage", "beta",
        ]
        let ending = try await Program.samovar(arguments, in: folder.path)
        #expect(ending.status == .exited(0), "\(ending.errors)")
        #expect(ending.errors == "")
        let difference = try Golden.difference(
            Self.masked(ending.output),
            at: "Tests/EndToEndTests/Golden/\(kind).json"
        )
        #expect(difference == nil, "\(difference ?? "")")
    }

    @Test func takesTheRouteOfATemplate() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.template, to: "template.yaml")
        let ending = try await Program.samovar(["generate-event", "route", "GET", "/carts/7?x=1"], in: folder.path)
        #expect(ending.status == .exited(0), "\(ending.errors)")
        #expect(ending.errors.hasSuffix("Note: 'Cart' gets this for 'GET /carts/{id}'\n"))
        let event = try JSONParser.parse(ending.output)
        #expect(event["resource"] == "/carts/{id}")
        #expect(event["pathParameters"] == ["id": "7"])
        #expect(event["stageVariables"] == ["currency": "EUR"])
        #expect(event["requestContext"]?["stage"] == "live")
        #expect(event["requestContext"]?["authorizer"] == nil)

        let guarded = ["generate-event", "route", "GET", "/carts/7", "--authorizer"]
        let asked = try await Program.samovar(guarded + ["-H", "X-Pass: open"], in: folder.path)
        let token = try JSONParser.parse(asked.output)["authorizationToken"]
        #expect(token == "open")
        #expect(asked.errors.hasSuffix("Note: 'Guard' gets this for 'GET /carts/{id}'\n"))
        let refused = try await Program.samovar(guarded, in: folder.path)
        #expect(refused.status == .exited(1) && refused.output == "")
        #expect(refused.errors.hasSuffix("is answered by the gateway with 401: authorizer_identity_missing\n"))
        let missing = try await Program.samovar(["generate-event", "route", "PUT", "/carts/7"], in: folder.path)
        #expect(missing.errors.hasSuffix("Error: no route takes 'PUT /carts/7'\n"))
    }

    @Test func goesIntoInvoke() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.template, to: "template.yaml")
        try folder.write("def handler(event, context): return event['pathParameters']['id']\n", to: "cart.py")
        let event = try await Program.samovar(["generate-event", "route", "GET", "/carts/7"], in: folder.path)
        let result = try await run(
            .path(Program.path("samovar")),
            arguments: ["invoke", "Cart", "--event", "-"],
            workingDirectory: FilePath(folder.path),
            input: .string(event.output),
            output: .string(limit: 1 << 16),
            error: .discarded
        )
        #expect(result.standardOutput == "\"7\"\n")
    }

    @Test(arguments: [
        ["nix"], ["aws-proxy", "--resource", "pets"], ["aws-proxy", "-H", "x"], ["aws-proxy", "-q", "x"],
    ])
    func refusesWrongUse(_ arguments: [String]) async throws {
        let folder = try ExampleCopy(isEmpty: true)
        let ending = try await Program.samovar(["generate-event", "apigateway"] + arguments, in: folder.path)
        #expect(ending.status == .exited(64) || ending.status == .exited(1))
        #expect(ending.output == "" && ending.errors.hasPrefix("Error: "))
    }
}
