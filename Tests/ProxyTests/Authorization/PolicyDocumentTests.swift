// What policies say of requests.

import JSON
import Testing

@testable import Proxy

@Suite("Policies")
struct PolicyDocumentTests {
    static let resource = "arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/1"

    static func decision(
        _ statements: String,
        version: String = "2012-10-17",
        kind: PolicyDocument.Kind = .identity,
        resource: String = resource,
        action: String = "execute-api:Invoke",
        principal: String? = nil,
        keys: [String: [String]] = [:]
    ) throws -> PolicyDecision {
        let text = #"{"Version":"\#(version)","Statement":\#(statements)}"#
        let document = try PolicyDocument(try JSONParser.parse(text.utf8), kind: kind)
        let request = PolicyRequest(
            action: action,
            resource: resource,
            principal: principal.flatMap { PolicyPrincipal(arn: $0) },
            keys: keys
        )
        return document.decision(for: request)
    }

    static func allows(resource pattern: String, _ resource: String = resource) throws -> Bool {
        try decision(
            #"{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"\#(pattern)"}"#,
            kind: .identity,
            resource: resource
        ) == .allow
    }

    @Test(
        "5.7: resources match whole, with * over slashes and ? for one character, and case counts",
        arguments: [
            ("*", true), ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/1", true),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets", false),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/", false),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/12", false),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/?", true),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/pets/??", false),
            ("arn:aws:execute-api:*:*:*/Prod/GET/*", true), ("arn:aws:execute-api:*/1", true),
            ("arn:aws:execute-api:*:*:api/*/POST/*", false), ("*/GET/*/*", true), ("*1*", true), ("*?", true),
            ("arn:aws:execute-api:us-east-1:123456789012:api/prod/GET/pets/1", false),
            ("arn:aws:execute-api:us-east-1:123456789012:api/Prod/get/pets/1", false),
            ("", false), ("**********", true), ("*a*b*c*d*e*f*g*h", false),
            ("execute-api:/Prod/GET/pets/*", true), ("execute-api:/*", true), ("execute-api:/*/GET/*", true),
            ("execute-api:*", true), ("execute-api:/GET/pets/1", false), ("execute-api:/dev/GET/pets/1", false),
            ("execute-api:Prod/GET/pets/1", false),
        ] as [(String, Bool)]
    )
    func resources(pattern: String, matches: Bool) throws {
        #expect(try Self.allows(resource: pattern) == matches)
    }

    @Test("5.7: the short form begins at the stage, wherever else its text may stand")
    func shortForm() throws {
        let hidden = "arn:aws:execute-api:us-east-1:123456789012:api/dev/GET/x/Prod/GET/pets/1"
        #expect(try Self.allows(resource: "execute-api:/Prod/GET/pets/1", hidden) == false)
    }

    @Test("5.7: ? is one character, however many bytes it has")
    func characters() throws {
        let resource = "arn:aws:execute-api:us-east-1:123456789012:api/Prod/GET/é☕"
        #expect(try Self.allows(resource: "*/GET/??", resource))
        #expect(try !Self.allows(resource: "*/GET/???", resource))
        #expect(try !Self.allows(resource: "*/GET/?", resource))
    }

    @Test("5.7: many wildcards on a long path cost no more than the product of their lengths")
    func pathologicalPattern() throws {
        let pattern = String(repeating: "*a", count: 800) + "b"
        #expect(try !Self.allows(resource: pattern, String(repeating: "a", count: 8000)))
    }

    @Test(
        "5.7: actions without regard to case, also with wildcards, as lists and negated",
        arguments: [
            (#""Action":"execute-api:Invoke""#, true), (#""Action":"EXECUTE-API:invoke""#, true),
            (#""Action":"execute-api:*""#, true), (#""Action":"*""#, true), (#""Action":"execute-api:Inv?ke""#, true),
            (#""Action":"execute-api:InvalidateCache""#, false), (#""Action":"lambda:*""#, false),
            (#""Action":["lambda:Invoke","execute-api:invoke"]"#, true), (#""Action":[]"#, false),
            (#""NotAction":"execute-api:ManageConnections""#, true), (#""NotAction":["execute-api:*"]"#, false),
            (#""NotAction":null,"Action":"*""#, true),
        ] as [(String, Bool)]
    )
    func actions(element: String, matches: Bool) throws {
        let decision = try Self.decision(#"[{"Effect":"Allow",\#(element),"Resource":"*"}]"#)
        #expect(decision == (matches ? .allow : .implicitDeny))
    }

    @Test(
        "5.7: an explicit Deny comes before Allow, in whatever order, and nothing is an implicit one",
        arguments: [
            (["Allow"], PolicyDecision.allow), (["Deny"], .explicitDeny), (["Allow", "Deny"], .explicitDeny),
            (["Deny", "Allow"], .explicitDeny), ([], .implicitDeny), (["Allow", "Allow"], .allow),
        ]
    )
    func effects(effects: [String], decision: PolicyDecision) throws {
        let statements = effects.map { #"{"Effect":"\#($0)","Action":"*","Resource":"*"}"# }.joined(separator: ",")
        #expect(try Self.decision("[\(statements)]") == decision)
    }

    @Test("5.7: NotResource is everything else")
    func notResource() throws {
        func decision(_ pattern: String) throws -> PolicyDecision {
            try Self.decision(#"{"Effect":"Deny","Action":"*","NotResource":["\#(pattern)","x"]}"#)
        }
        #expect(try decision("*/Prod/GET/*") == .implicitDeny)
        #expect(try decision("*/Prod/POST/*") == .explicitDeny)
    }

    @Test(
        "5.7: principals of resource policies",
        arguments: [
            (#""Principal":"*""#, nil, true), (#""Principal":{"AWS":"*"}"#, nil, true),
            (#""Principal":{"AWS":["123456789012"]}"#, nil, false),
            (#""Principal":{"AWS":"123456789012"}"#, "arn:aws:iam::123456789012:user/alice", true),
            (#""Principal":{"AWS":"arn:aws:iam::123456789012:root"}"#, "arn:aws:iam::123456789012:user/alice", true),
            (#""Principal":{"AWS":"arn:aws:iam::999956789012:root"}"#, "arn:aws:iam::123456789012:user/alice", false),
            (
                #""Principal":{"AWS":"arn:aws:iam::123456789012:user/alice"}"#,
                "arn:aws:iam::123456789012:user/alice", true
            ),
            (
                #""Principal":{"AWS":"arn:aws:iam::123456789012:user/*"}"#,
                "arn:aws:iam::123456789012:user/alice", false
            ),
            (
                #""Principal":{"AWS":"arn:aws:iam::123456789012:role/Admin"}"#,
                "arn:aws:sts::123456789012:assumed-role/Admin/me", true
            ),
            (
                #""Principal":{"AWS":"arn:aws:sts::123456789012:assumed-role/Admin/you"}"#,
                "arn:aws:sts::123456789012:assumed-role/Admin/me", false
            ),
            (#""Principal":{"Service":"apigateway.amazonaws.com"}"#, nil, false),
            (#""NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/bob"}"#, nil, true),
            (
                #""NotPrincipal":{"AWS":"arn:aws:iam::123456789012:user/bob"}"#,
                "arn:aws:iam::123456789012:user/bob", false
            ),
        ] as [(String, String?, Bool)]
    )
    func principals(element: String, caller: String?, matches: Bool) throws {
        let decision = try Self.decision(
            #"{"Effect":"Allow",\#(element),"Action":"*","Resource":"*"}"#,
            kind: .resource,
            principal: caller
        )
        #expect(decision == (matches ? .allow : .implicitDeny))
    }

    @Test(
        "5.7: variables of the version 2012-10-17, whose values are no patterns",
        arguments: [
            ("*/GET/pets/${aws:username}", "1", "2012-10-17", true),
            ("*/GET/pets/${aws:UserName}", "1", "2012-10-17", true),
            ("*/GET/pets/${aws:username}", "1", "2008-10-17", false),
            ("*/GET/pets/${aws:username}", "*", "2012-10-17", false),
            ("*/GET/pets/${aws:username}", nil, "2012-10-17", false),
            ("*/GET/pets/${aws:username, '1'}", nil, "2012-10-17", true),
            ("*/GET/pets/${aws:username, '1'}", "2", "2012-10-17", false),
            ("*/GET/pets/${*}", "*", "2012-10-17", false), ("*/GET/pets/${aws:username", "1", "2012-10-17", false),
            ("*/${aws:username}${?}", "pets/", "2012-10-17", false), ("${}*", "1", "2012-10-17", false),
        ] as [(String, String?, String, Bool)]
    )
    func variables(pattern: String, name: String?, version: String, matches: Bool) throws {
        let decision = try Self.decision(
            #"{"Effect":"Allow","Action":"*","Resource":"\#(pattern)"}"#,
            version: version,
            keys: name.map { ["aws:username": [$0]] } ?? [:]
        )
        #expect((decision == .allow) == matches)
    }

    @Test(
        "5.7: tables A and B of what two policies say together",
        arguments: [
            (.allow, .allow, .allow, .allow), (.allow, .implicitDeny, .allow, .implicitDeny),
            (.allow, .explicitDeny, .explicitDeny, .explicitDeny), (.implicitDeny, .allow, .allow, .implicitDeny),
            (.implicitDeny, .implicitDeny, .implicitDeny, .implicitDeny),
            (.implicitDeny, .explicitDeny, .explicitDeny, .explicitDeny),
            (.explicitDeny, .allow, .explicitDeny, .explicitDeny),
            (.explicitDeny, .implicitDeny, .explicitDeny, .explicitDeny),
            (.explicitDeny, .explicitDeny, .explicitDeny, .explicitDeny),
            (.allow, nil, .allow, .implicitDeny), (.implicitDeny, nil, .implicitDeny, .implicitDeny),
        ] as [(PolicyDecision, PolicyDecision?, PolicyDecision, PolicyDecision)]
    )
    func tables(
        caller: PolicyDecision,
        resource: PolicyDecision?,
        sameAccount: PolicyDecision,
        crossAccount: PolicyDecision
    ) {
        #expect(PolicyDecision.combined(caller, resource: resource) == sameAccount)
        #expect(PolicyDecision.combined(caller, resource: resource, crossesAccounts: true) == crossAccount)
    }

    @Test(
        "5.7: what is no policy is an error and never half of one",
        arguments: [
            #"[]"#, #"{}"#, #""text""#, #"null"#, #"{"Statement":1}"#, #"{"Statement":[1]}"#,
            #"{"Version":"2020-01-01","Statement":[]}"#, #"{"Statement":[],"Statements":[]}"#,
            #"{"Statement":{"Action":"*","Resource":"*"}}"#,
            #"{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}"#,
            #"{"Statement":{"Effect":"Allow","Resource":"*"}}"#, #"{"Statement":{"Effect":"Allow","Action":"*"}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}}"#,
            #"{"Statement":{"Effect":"Allow","Action":1,"Resource":"*"}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","condition":{}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":"x"}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Equals":{"a":"x"}}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a":[]}}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NullIfExists":{"a":true}}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"a":"10.0.0.0/33"}}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"me"}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":{}}}"#,
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":{"User":"me"}}}"#,
        ]
    )
    func faults(text: String) throws {
        let value = try JSONParser.parse(text.utf8)
        #expect(throws: PolicyError.self) { try PolicyDocument(value) }
    }

    @Test("3.5: a resource policy has 8192 bytes at most and says whom it is about, and documents are bounded")
    func bounds() throws {
        func resource(_ count: Int) -> String {
            #"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":["# + #""x","#.repeated(count)
                + #""x"]}}"#
        }
        let small = try JSONParser.parse(resource(2000).utf8)
        #expect(throws: Never.self) { try PolicyDocument(small, kind: .resource) }
        let large = try JSONParser.parse(resource(2030).utf8)
        #expect(throws: Never.self) { try PolicyDocument(large) }
        #expect(throws: PolicyError.self) { try PolicyDocument(large, kind: .resource) }
        let many = try JSONParser.parse(resource(9000).utf8)
        #expect(throws: PolicyError.self) { try PolicyDocument(many) }
        let statement = #"{"Effect":"Allow","Action":"*","Resource":"*"}"#
        let statements = try JSONParser.parse(
            (#"{"Statement":["# + "\(statement),".repeated(600) + statement + "]}").utf8
        )
        #expect(throws: PolicyError.self) { try PolicyDocument(statements) }
        let long = try JSONParser.parse(
            #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"\#("x".repeated(3000))"}}"#.utf8
        )
        #expect(throws: PolicyError.self) { try PolicyDocument(long) }
        let open = try JSONParser.parse(#"{"Statement":\#(statement)}"#.utf8)
        let error = #expect(throws: PolicyError.self) { try PolicyDocument(open, kind: .resource) }
        #expect(error?.description == "statement 1: 'Principal' is missing")
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
