// Schemas of draft 04: what they allow, what they say, and that nothing makes them slow.

import JSON
import Testing

@testable import Proxy

@Suite("JSON schemas")
struct JSONSchemaTests {
    private static func schema(_ text: String, _ others: [String: String] = [:]) throws -> JSONSchema {
        var models = try others.mapValues { try JSONParser.parse($0) }
        models["M"] = try JSONParser.parse(text)
        return try JSONSchema(model: "M", of: models)
    }

    /// What a validator of draft 04 that is not ours (Python's jsonschema) says of values: allowed, and not.
    static let oracle: [(schema: String, allowed: [String], refused: [String])] = [
        (
            #"{"type":"string"}"#,
            [#""a""#],
            [#"1"#, #"null"#, #"{}"#]
        ),
        (
            #"{"type":["integer","null"]}"#,
            [#"1"#, #"null"#],
            [#"1.5"#, #""1""#, #"true"#]
        ),
        (
            #"{"type":"number"}"#,
            [#"1"#, #"1.5"#],
            [#""1""#]
        ),
        (
            #"{"enum":[1,"a",{"b":[1.0]},null]}"#,
            [#"1"#, #"1.0"#, #""a""#, #"{"b":[1]}"#, #"null"#],
            [#""b""#, #"false"#]
        ),
        (
            #"{"minimum":1,"maximum":3}"#,
            [#"1"#, #"3"#, #"2.5"#, #""x""#],
            [#"0"#, #"3.1"#]
        ),
        (
            #"{"minimum":1,"exclusiveMinimum":true,"maximum":3,"exclusiveMaximum":true}"#,
            [#"1.1"#, #"2.999"#],
            [#"1"#, #"3"#]
        ),
        (
            #"{"multipleOf":0.01}"#,
            [#"0.3"#, #"1"#],
            [#"0.005"#]
        ),
        (
            #"{"multipleOf":7}"#,
            [#"49"#, #"0"#, #"-14"#],
            [#"50"#]
        ),
        (
            #"{"minLength":2,"maxLength":3}"#,
            [#""ab""#, #""éé""#, #""\ud83d\ude00\ud83d\ude00""#, #"1"#],
            [#""a""#, #""abcd""#]
        ),
        (
            #"{"pattern":"^[a-z]+$"}"#,
            [#""abc""#, #"7"#],
            [#""aBc""#, #""""#]
        ),
        (
            #"{"pattern":"b"}"#,
            [#""abc""#],
            [#""ac""#]
        ),
        (
            #"{"items":{"type":"integer"}}"#,
            [#"[]"#, #"[1,2]"#, #"{}"#],
            [#"[1,"a"]"#]
        ),
        (
            #"{"items":[{"type":"integer"},{"type":"string"}],"additionalItems":false}"#,
            [#"[1]"#, #"[1,"a"]"#],
            [#"[1,"a",2]"#, #"["a"]"#]
        ),
        (
            #"{"items":[{"type":"integer"}],"additionalItems":{"type":"boolean"}}"#,
            [#"[1,true]"#],
            [#"[1,1]"#]
        ),
        (
            #"{"minItems":1,"maxItems":2,"uniqueItems":true}"#,
            [#"[1]"#, #"[[1],[2]]"#],
            [#"[]"#, #"[1,1]"#, #"[1,1.0]"#, #"[1,2,3]"#, #"[{"a":1,"b":2},{"b":2,"a":1}]"#]
        ),
        (
            #"{"required":["a","b"]}"#,
            [#"{"a":1,"b":null}"#, #"[]"#],
            [#"{"a":1}"#, #"{}"#]
        ),
        (
            #"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#,
            [#"{}"#, #"{"a":"x"}"#],
            [#"{"a":1}"#, #"{"b":1}"#]
        ),
        (
            #"{"patternProperties":{"^x-":{"type":"integer"}},"additionalProperties":{"type":"string"}}"#,
            [#"{"x-a":1}"#, #"{"y":"b"}"#],
            [#"{"x-a":"b"}"#, #"{"y":1}"#]
        ),
        (
            #"{"minProperties":1,"maxProperties":2}"#,
            [#"{"a":1}"#],
            [#"{}"#, #"{"a":1,"b":2,"c":3}"#]
        ),
        (
            #"{"dependencies":{"a":["b"],"c":{"required":["d"]}}}"#,
            [#"{"a":1,"b":1}"#, #"{"c":1,"d":1}"#, #"{}"#],
            [#"{"a":1}"#, #"{"c":1}"#]
        ),
        (
            #"{"allOf":[{"type":"integer"},{"minimum":3}]}"#,
            [#"3"#],
            [#"2"#, #""a""#]
        ),
        (
            #"{"anyOf":[{"type":"string"},{"minimum":3}]}"#,
            [#""a""#, #"3"#],
            [#"2"#]
        ),
        (
            #"{"oneOf":[{"multipleOf":2},{"multipleOf":3}]}"#,
            [#"2"#, #"3"#],
            [#"6"#, #"5"#]
        ),
        (
            #"{"not":{"type":"object"}}"#,
            [#"1"#],
            [#"{}"#]
        ),
        (
            ##"{"$ref":"#/definitions/a/b","definitions":{"a/b":{},"a":{"b":{"type":"integer"}}}}"##,
            [#"1"#],
            [#""a""#]
        ),
        (
            ##"{"properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##,
            [#"{"next":{"next":{}}}"#],
            [#"{"next":{"nxt":{}}}"#]
        ),
        (
            ##"{"properties":{"a":{"$ref":"#/definitions/n","minimum":5}},"definitions":{"n":{"type":"integer"}}}"##,
            [#"{"a":1}"#],
            [#"{"a":"x"}"#]
        ),
        (
            #"{"title":"t","description":"d","default":1,"format":"date-time","nullable":true}"#,
            [#""no date""#, #"1"#],
            []
        ),
    ]

    @Test("6.1: values that draft 04 allows, and values that it does not", arguments: oracle)
    func verdicts(schema: String, allowed: [String], refused: [String]) throws {
        let schema = try Self.schema(schema)
        for text in allowed { #expect(schema.faults(of: try JSONParser.parse(text)) == [], "\(text)") }
        for text in refused { #expect(schema.faults(of: try JSONParser.parse(text)) != [], "\(text)") }
    }

    @Test(
        "6.1: a schema refers to other models",
        arguments: [
            "#/models/Pet", "#/definitions/Pet", "https://apigateway.amazonaws.com/restapis/a1b2c3/models/Pet",
        ]
    )
    func references(reference: String) throws {
        let schema = try Self.schema(
            #"{"items":{"$ref":"\#(reference)"}}"#,
            ["Pet": ##"{"required":["name"],"properties":{"next":{"$ref":"#/models/M"}}}"##]
        )
        #expect(schema.faults(of: [["name": "x", "next": [["name": "y"]]]]) == [])
        #expect(schema.faults(of: [["name": "x", "next": [["nam": "y"]]]]).count == 1)
    }

    @Test("A definition of the model's own comes before a model of that name")
    func ownDefinitions() throws {
        let schema = try Self.schema(
            ##"{"$ref":"#/models/A","definitions":{"A":{"type":"string"}}}"##,
            ["A": #"{"type":"integer"}"#]
        )
        #expect(schema.faults(of: "x") == [])
        #expect(schema.faults(of: 1) != [])
    }

    @Test(
        "6.1: faults have the words of API Gateway's validator",
        arguments: [
            (#"{"required":["b","a"]}"#, "{}", #"object has missing required properties (["a","b"])"#),
            (
                #"{"type":"number"}"#, #""x""#,
                #"instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])"#
            ),
            (#"{"enum":["a","b"]}"#, #""c""#, #"instance value ("c") not found in enum (possible values: ["a","b"])"#),
            (
                #"{"additionalProperties":false}"#, #"{"z":1,"y":2}"#,
                #"object instance has properties which are not allowed by the schema: ["y","z"]"#
            ),
            (#"{"minimum":3}"#, "2", "numeric instance is lower than the required minimum (minimum: 3, found: 2)"),
            (#"{"maxLength":1}"#, #""ab""#, #"string "ab" is too long (length: 2, maximum allowed: 1)"#),
            (#"{"pattern":"^a"}"#, #""b""#, #"ECMA 262 regex "^a" does not match input string "b""#),
            (#"{"uniqueItems":true}"#, "[1,1]", "array must not contain duplicate elements"),
            (#"{"oneOf":[{},{}]}"#, "1", "instance failed to match exactly one schema (matched 2 out of 2)"),
        ]
    )
    func words(schema: String, value: String, fault: String) throws {
        let value = try JSONParser.parse(value)
        #expect(try Self.schema(schema).faults(of: value) == [fault])
    }

    @Test(
        "A schema that is none, or that cannot be checked, is refused",
        arguments: [
            "[]", #"{"type":"text"}"#, #"{"type":7}"#, #"{"required":true}"#, #"{"required":[1]}"#,
            #"{"properties":[]}"#, #"{"properties":{"a":1}}"#, #"{"pattern":"("}"#, #"{"pattern":"(a)\\1"}"#,
            #"{"minLength":-1}"#, #"{"minimum":"1"}"#, #"{"exclusiveMinimum":"x"}"#, #"{"multipleOf":0}"#,
            #"{"enum":1}"#, #"{"allOf":{}}"#, #"{"not":[]}"#, #"{"items":1}"#, #"{"uniqueItems":1}"#,
            ##"{"$ref":"#/models/None"}"##, ##"{"$ref":"http://example.com/schema"}"##,
            ##"{"$ref":"#/definitions/x"}"##,
        ]
    )
    func refused(schema: String) {
        #expect(throws: JSONSchema.Failure.self) { try Self.schema(schema) }
    }

    @Test(
        "References that lead in circles end, and allow nothing",
        arguments: [
            ##"{"$ref":"#"}"##, ##"{"allOf":[{"$ref":"#"}]}"##, ##"{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}"##,
            ##"{"not":{"$ref":"#"}}"##, ##"{"oneOf":[{"not":{"$ref":"#"}},{"$ref":"#"}]}"##,
        ]
    )
    func circles(schema: String) throws {
        #expect(try Self.schema(schema).faults(of: 1) == ["the instance takes too long to be validated"])
    }

    @Test("Schemas that try every branch at each level do not outlast their steps, and allow nothing")
    func explosion() throws {
        let branches = Array(repeating: ##"{"properties":{"a":{"$ref":"#"}},"required":["b"]}"##, count: 8)
        let schema = try Self.schema("{\"anyOf\":[\(branches.joined(separator: ","))]}")
        var value: JSONValue = [:]
        for _ in 0..<60 { value = ["a": value, "b": 1] }
        #expect(schema.faults(of: value) != [])
    }

    @Test(
        "What compares whole values within each other does not outlast its steps, and allows nothing",
        arguments: [
            ##"{"uniqueItems":true,"items":{"$ref":"#"}}"##,
            ##"{"not":{"enum":[[1]]},"items":{"$ref":"#"}}"##,
        ]
    )
    func nestedComparisons(schema: String) throws {
        let schema = try Self.schema(schema)
        var value = JSONValue.array((0..<100_000).map { .integer($0) })
        for _ in 0..<250 { value = .array([value]) }
        #expect(schema.faults(of: value) == ["the instance takes too long to be validated"])
    }

    @Test("Long texts meet patterns in bounded time, and are not allowed where it is over")
    func patterns() throws {
        let schema = try Self.schema(#"{"not":{"pattern":"(?=a*x)b"}}"#)
        #expect(schema.faults(of: .string(String(repeating: "a", count: 200_000))) != [])
    }

    @Test("A fault shows little of what the client has sent")
    func length() throws {
        let schema = try Self.schema(#"{"maxLength":1,"enum":["a"]}"#)
        let faults = schema.faults(of: .string(String(repeating: "\u{1}", count: 1_000_000)))
        #expect(faults.count == 2)
        #expect(faults.allSatisfy { $0.utf8.count < 2000 })
    }
}
