// Resource policies and the ARN of methods, through sockets.

import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Resource policies")
struct ResourcePolicyTests {
    private static func policy(_ statements: String) -> String {
        #""policy":{"Version":"2012-10-17","Statement":[\#(statements)]},"#
    }

    private static func statement(_ effect: String, _ resource: String, _ more: String = "") -> String {
        #"{"Effect":"\#(effect)","Principal":"*","Action":"execute-api:Invoke","Resource":"\#(resource)"\#(more)}"#
    }

    private static func apis(_ statements: String, _ routes: [String] = ["GET /a", "ANY /b/{p+}", "GET /"]) -> String {
        #"{"A":\#(TestGateway.api(.rest, routes, more: policy(statements)))}"#
    }

    private static let arn = "arn:aws:execute-api:us-east-1:********9012:\(EventTemplate.stableID("A"))/Prod"

    @Test("5.7: without an authorizer the policy has to allow the request, and the refusal says who, what and where")
    func implicitDeny() async throws {
        try await TestGateway.serve(Self.apis(Self.statement("Allow", "execute-api:/Prod/GET/a"))) {
            gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 200)
            let response = try await gateway.send("POST", "/b/c")
            #expect(response.status == 403)
            #expect(response["x-amzn-errortype"] == "AccessDeniedException")
            #expect(
                response.body
                    == #"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: "#
                    + #"\#(Self.arn)/POST/b/c"}"#
            )
            #expect(gateway.endpoint.requests.count == 1)
        }
    }

    @Test("5.7: an explicit deny says so")
    func explicitDeny() async throws {
        let statements =
            Self.statement("Allow", "execute-api:/*") + "," + Self.statement("Deny", "execute-api:/*/GET/a")
        try await TestGateway.serve(Self.apis(statements)) { gateway async throws in
            #expect(try await gateway.send("GET", "/b/c").status == 200)
            let response = try await gateway.send("GET", "/a")
            #expect(response.status == 403)
            #expect(
                response.body
                    == #"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: "#
                    + #"\#(Self.arn)/GET/a with an explicit deny"}"#
            )
        }
    }

    @Test(
        "A3: the ARN has the real method and path, and no slashes that do not count",
        arguments: [
            ("GET", "/", "/GET/"), ("DELETE", "/b/c/d", "/DELETE/b/c/d"), ("GET", "/b/c/", "/GET/b/c"),
            ("GET", "//b/c", "/GET/b/c"), ("GET", "/b//c", "/GET/b//c"), ("GET", "/b/%61?x=1", "/GET/b/%61"),
            ("GET", "/Prod/b/c", "/GET/b/c"),
        ]
    )
    func methodARN(method: String, target: String, arn: String) async throws {
        try await TestGateway.serve(Self.apis(Self.statement("Deny", "*"))) { gateway async throws in
            let response = try await gateway.send(method, target)
            #expect(response.body.contains("\(Self.arn)\(arn) with an explicit deny"), "\(response.body)")
        }
    }

    @Test("5.7: the address of the client, and keys of the configuration")
    func conditions() async throws {
        let statements =
            Self.statement("Allow", "*") + ","
            + Self.statement("Deny", "*/a", #","Condition":{"NotIpAddress":{"aws:SourceIp":["127.0.0.0/8"]}}"#) + ","
            + Self.statement("Deny", "*/b/*", #","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#)
        try await TestGateway.serve(Self.apis(statements)) { gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 200)
            #expect(try await gateway.send("GET", "/b/c").status == 403)
        }
        try await TestGateway.serve(
            Self.apis(statements),
            configure: { $0.conditionKeys = ["aws:sourcevpc": ["vpc-1"], "aws:sourceip": ["8.8.8.8"]] },
            { gateway async throws in
                #expect(try await gateway.send("GET", "/a").status == 403)
                #expect(try await gateway.send("GET", "/b/c").status == 200)
            }
        )
    }

    @Test(
        "5.7: what a policy can ask of a request",
        arguments: [
            ("aws:UserAgent", "me"), ("aws:Referer", "https://a.test/"), ("aws:SecureTransport", "false"),
            ("aws:RequestedRegion", "us-east-1"), ("aws:CurrentTime", "20*Z"), ("aws:EpochTime", "1*"),
        ]
    )
    func keys(key: String, value: String) async throws {
        let condition = #","Condition":{"StringLike":{"\#(key)":"\#(value)"}}"#
        try await TestGateway.serve(Self.apis(Self.statement("Allow", "*", condition))) { gateway async throws in
            let fields = ["User-Agent: me", "Referer: https://a.test/"]
            #expect(try await gateway.send("GET", "/a", fields).status == 200)
        }
    }

    @Test(
        "5.7: a policy is read with the manifest, and a faulty one closes every route of its API",
        arguments: [
            #"{"Effect":"Allow","Action":"*","Resource":"*"}"#, #"{"Effect":"Permit"}"#,
            statement("Allow", "*", #","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}}"#),
            statement("Allow", String(repeating: "x", count: 9000)),
        ]
    )
    func faultyPolicy(statement: String) async throws {
        try await TestGateway.serve(Self.apis(statement)) { gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 501)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("5.7: only REST APIs have resource policies; a route of another one stays closed")
    func otherKinds() async throws {
        let apis = #"{"A":\#(TestGateway.api(.http, ["GET /a"], more: Self.policy(Self.statement("Allow", "*"))))}"#
        try await TestGateway.serve(apis) { gateway async throws in
            #expect(try await gateway.send("GET", "/a").status == 501)
        }
    }

    @Test("R1.14: an ARN of more than 1600 bytes is 414 where there is something to authorise")
    func longARN() async throws {
        let prefix = "arn:aws:execute-api:us-east-1:123456789012:0123456789/Prod/GET/b/".utf8.count
        let longest = "/b/" + String(repeating: "x", count: 1600 - prefix)
        try await TestGateway.serve(Self.apis(Self.statement("Allow", "*"))) { gateway async throws in
            #expect(try await gateway.send("GET", longest).status == 200)
            let response = try await gateway.send("GET", longest + "x")
            #expect(response.status == 414)
            #expect(response.body == #"{"message":"Request URI too long"}"#)
            // The query is no part of the ARN.
            #expect(try await gateway.send("GET", "\(longest)?x=1").status == 200)
        }
        try await TestGateway.serve(#"{"A":\#(TestGateway.api(.rest, ["GET /b/{p+}"]))}"#) { gateway async throws in
            #expect(try await gateway.send("GET", longest + "x").status == 200)
        }
    }
}
