// The conditions of policies.

import JSON
import Testing

@testable import Proxy

@Suite("Conditions of policies")
struct PolicyConditionTests {
    private static func holds(_ condition: String, _ keys: [String: [String]]) throws -> Bool {
        try PolicyDocumentTests.decision(
            #"{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(condition)}"#,
            keys: keys
        ) == .allow
    }

    @Test(
        "5.7: each operator on one value",
        arguments: [
            (#"{"StringEquals":{"k":"a"}}"#, "a", true), (#"{"StringEquals":{"k":"a"}}"#, "A", false),
            (#"{"StringEquals":{"k":"*"}}"#, "a", false), (#"{"StringEquals":{"k":["a","b"]}}"#, "b", true),
            (#"{"StringNotEquals":{"k":"a"}}"#, "b", true), (#"{"StringNotEquals":{"k":["a","b"]}}"#, "b", false),
            (#"{"StringEqualsIgnoreCase":{"k":"aB"}}"#, "Ab", true),
            (#"{"StringNotEqualsIgnoreCase":{"k":"aB"}}"#, "Ab", false),
            (#"{"StringLike":{"k":"a*c"}}"#, "abbc", true), (#"{"StringLike":{"k":"a?c"}}"#, "abbc", false),
            (#"{"StringNotLike":{"k":"a*"}}"#, "b", true), (#"{"StringNotLike":{"k":"a*"}}"#, "ab", false),
            (#"{"NumericEquals":{"k":10}}"#, "1e1", true), (#"{"NumericEquals":{"k":"10"}}"#, "x", false),
            (#"{"NumericNotEquals":{"k":10}}"#, "11", true), (#"{"NumericLessThan":{"k":10}}"#, "10", false),
            (#"{"NumericLessThan":{"k":10}}"#, "9.5", true), (#"{"NumericLessThanEquals":{"k":10}}"#, "10", true),
            (#"{"NumericGreaterThan":{"k":10}}"#, "10", false), (#"{"NumericGreaterThan":{"k":-1}}"#, "0", true),
            (#"{"NumericGreaterThanEquals":{"k":10}}"#, "10.0", true), (#"{"NumericEquals":{"k":1}}"#, "nan", false),
            (#"{"DateEquals":{"k":"2026-11-21T15:00:00Z"}}"#, "1795273200", true),
            (#"{"DateNotEquals":{"k":"2026-11-21"}}"#, "2026-11-21T00:00:00Z", false),
            (#"{"DateLessThan":{"k":"2026-11-21T16:00:00+01:00"}}"#, "2026-11-21T14:59:59.5Z", true),
            (#"{"DateLessThanEquals":{"k":"2026-11"}}"#, "2026-11-01", true),
            (#"{"DateGreaterThan":{"k":"2024-02-29"}}"#, "2024-02-28T23:59Z", false),
            (#"{"DateGreaterThanEquals":{"k":"2026"}}"#, "2026-01-01T00:00:00.000Z", true),
            (#"{"DateGreaterThan":{"k":"2026"}}"#, "soon", false),
            (#"{"Bool":{"k":"true"}}"#, "TRUE", true), (#"{"Bool":{"k":false}}"#, "true", false),
            (#"{"Bool":{"k":true}}"#, "1", false), (#"{"BinaryEquals":{"k":"QUJD"}}"#, "QUJD", true),
            (#"{"BinaryEquals":{"k":"QUJD"}}"#, "qUJD", false),
            (#"{"IpAddress":{"k":"203.0.113.0/24"}}"#, "203.0.113.255", true),
            (#"{"IpAddress":{"k":"203.0.113.0/24"}}"#, "203.0.114.1", false),
            (#"{"IpAddress":{"k":"203.0.113.0/25"}}"#, "203.0.113.128", false),
            (#"{"IpAddress":{"k":"203.0.113.9"}}"#, "203.0.113.9", true),
            (#"{"IpAddress":{"k":"0.0.0.0/0"}}"#, "8.8.8.8", true), (#"{"IpAddress":{"k":"0.0.0.0/0"}}"#, "::1", false),
            (#"{"IpAddress":{"k":"203.0.113.0/24"}}"#, "::ffff:203.0.113.7", true),
            (#"{"IpAddress":{"k":"2001:db8::/33"}}"#, "2001:db8:7fff::1", true),
            (#"{"IpAddress":{"k":"2001:db8::/33"}}"#, "2001:db8:8000::1", false),
            (#"{"IpAddress":{"k":["10.0.0.0/8","2001:DB8:0::/32"]}}"#, "2001:db8::1", true),
            (#"{"NotIpAddress":{"k":["10.0.0.0/8"]}}"#, "10.1.2.3", false),
            (#"{"NotIpAddress":{"k":["10.0.0.0/8"]}}"#, "11.1.2.3", true),
            (#"{"NotIpAddress":{"k":["10.0.0.0/8"]}}"#, "no address", true),
            (#"{"ArnLike":{"k":"arn:aws:iam::*:role/A*"}}"#, "arn:aws:iam::123456789012:role/Admin", true),
            (#"{"ArnEquals":{"k":"arn:aws:iam::*:role/Admin"}}"#, "arn:aws:iam::1:role/Admin", true),
            (#"{"ArnLike":{"k":"arn:*:role/A"}}"#, "arn:aws:iam::1:role/A", false),
            (#"{"ArnLike":{"k":"arn:aws:*:*:role/A"}}"#, "arn:aws:iam::1:role/A", false),
            (#"{"ArnNotLike":{"k":"arn:aws:iam::1:*"}}"#, "arn:aws:iam::1:role/A", false),
            (#"{"ArnNotEquals":{"k":"arn:aws:iam::1:user/A"}}"#, "arn:aws:iam::1:role/A", true),
            (#"{"Null":{"k":"false"}}"#, "a", true), (#"{"Null":{"k":true}}"#, "a", false),
        ] as [(String, String, Bool)]
    )
    func operators(condition: String, value: String, holds: Bool) throws {
        #expect(try Self.holds(condition, ["k": [value]]) == holds)
    }

    @Test(
        "5.7: a key that the request lacks",
        arguments: [
            (#"{"StringEquals":{"k":"a"}}"#, false), (#"{"StringEqualsIfExists":{"k":"a"}}"#, true),
            (#"{"StringNotEquals":{"k":"a"}}"#, true), (#"{"NotIpAddress":{"k":"10.0.0.0/8"}}"#, true),
            (#"{"IpAddressIfExists":{"k":"10.0.0.0/8"}}"#, true), (#"{"NumericLessThan":{"k":1}}"#, false),
            (#"{"BoolIfExists":{"k":"true"}}"#, true), (#"{"Null":{"k":"true"}}"#, true),
            (#"{"Null":{"k":"false"}}"#, false), (#"{"ForAllValues:StringEquals":{"k":"a"}}"#, true),
            (#"{"ForAnyValue:StringEquals":{"k":"a"}}"#, false),
            (#"{"ForAnyValue:StringNotEquals":{"k":"a"}}"#, false),
            (#"{"ForAnyValue:StringEqualsIfExists":{"k":"a"}}"#, true),
        ] as [(String, Bool)]
    )
    func absence(condition: String, holds: Bool) throws {
        #expect(try Self.holds(condition, [:]) == holds)
        #expect(try Self.holds(condition, ["k": []]) == holds)
    }

    @Test(
        "5.7: keys of several values",
        arguments: [
            (#"{"ForAllValues:StringEquals":{"k":["a","b","c"]}}"#, true),
            (#"{"ForAllValues:StringEquals":{"k":["a"]}}"#, false),
            (#"{"ForAnyValue:StringEquals":{"k":["b","x"]}}"#, true),
            (#"{"ForAnyValue:StringEquals":{"k":["x"]}}"#, false),
            (#"{"ForAllValues:StringNotEquals":{"k":["x"]}}"#, true),
            (#"{"ForAllValues:StringNotEquals":{"k":["b"]}}"#, false),
            (#"{"ForAnyValue:StringNotEquals":{"k":["b"]}}"#, true),
            (#"{"ForAnyValue:StringNotEquals":{"k":["a","b"]}}"#, false),
            (#"{"ForAnyValue:StringLike":{"k":"b*"}}"#, true),
            (#"{"StringEquals":{"k":"b"}}"#, true), (#"{"StringNotEquals":{"k":"b"}}"#, false),
        ] as [(String, Bool)]
    )
    func sets(condition: String, holds: Bool) throws {
        #expect(try Self.holds(condition, ["k": ["a", "b"]]) == holds)
    }

    @Test("5.7: all operators and all keys of a condition have to hold; names of keys have no case")
    func conjunction() throws {
        let condition = #"{"StringEquals":{"A":"1","b":"2"},"Bool":{"c":"true"}}"#
        #expect(try Self.holds(condition, ["a": ["1"], "b": ["2"], "c": ["true"]]))
        #expect(try !Self.holds(condition, ["a": ["1"], "b": ["3"], "c": ["true"]]))
        #expect(try !Self.holds(condition, ["a": ["1"], "b": ["2"], "c": ["false"]]))
        #expect(try !Self.holds(condition, ["a": ["1"], "c": ["true"]]))
    }

    @Test("5.7: variables in conditions")
    func variables() throws {
        let condition = #"{"StringEquals":{"aws:Referer":"https://${aws:username}.test"}}"#
        #expect(try Self.holds(condition, ["aws:referer": ["https://al.test"], "aws:username": ["al"]]))
        #expect(try !Self.holds(condition, ["aws:referer": ["https://bo.test"], "aws:username": ["al"]]))
        #expect(try !Self.holds(condition, ["aws:referer": ["https://.test"]]))
    }

    @Test(
        "5.7: what no operator can compare is an error",
        arguments: [
            #"{"NumericEquals":{"k":"x"}}"#, #"{"NumericEquals":{"k":"0x10"}}"#, #"{"NumericEquals":{"k":"inf"}}"#,
            #"{"DateEquals":{"k":"2026-13-01"}}"#, #"{"DateEquals":{"k":"2026-11-21 15:00"}}"#,
            #"{"DateEquals":{"k":"2026-11-21T15:00"}}"#, #"{"Bool":{"k":"yes"}}"#, #"{"IpAddress":{"k":"10.0.0"}}"#,
            #"{"IpAddress":{"k":"10.0.0.0/-1"}}"#, #"{"IpAddress":{"k":"10.0.0.0/"}}"#,
            #"{"IpAddress":{"k":"::/129"}}"#,
            #"{"Null":{"k":["true","false"]}}"#, #"{"ForAllValues:Null":{"k":"true"}}"#, #"{"Every:Bool":{"k":true}}"#,
            #"{"StringEquals":{"k":{"a":1}}}"#, #"{"ForAnyValue:":{"k":"1"}}"#, #"{"IfExists":{"k":"1"}}"#,
        ]
    )
    func faults(condition: String) throws {
        #expect(throws: PolicyError.self) { try Self.holds(condition, [:]) }
    }

    @Test("5.7: what conditions can ask of a caller")
    func principals() throws {
        let user = try #require(PolicyPrincipal(arn: "arn:aws:iam::123456789012:user/team/alice", userID: "AIDAX"))
        #expect(user.values(ofKey: "aws:username") == ["alice"])
        #expect(user.values(ofKey: "aws:principaltype") == ["User"])
        #expect(user.values(ofKey: "aws:userid") == ["AIDAX"])
        let role = try #require(
            PolicyPrincipal(arn: "arn:aws:sts::123456789012:assumed-role/Admin/me", organizationID: "o-1")
        )
        #expect(role.values(ofKey: "aws:principalarn") == ["arn:aws:iam::123456789012:role/Admin"])
        #expect(role.values(ofKey: "aws:principalaccount") == ["123456789012"])
        #expect(role.values(ofKey: "aws:username") == nil)
        #expect(role.values(ofKey: "aws:principalorgid") == ["o-1"])
        #expect(role.userID.hasSuffix(":me"))
        for text in [
            "", "arn:aws:iam::12345678901:user/a", "arn:aws:s3::123456789012:user/a", "arn:aws:iam::123456789012:",
        ] {
            #expect(PolicyPrincipal(arn: text) == nil)
        }
    }
}
