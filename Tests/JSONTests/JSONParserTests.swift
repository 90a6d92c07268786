// Strict JSON: what is refused, where, and that printing and parsing agree.

import JSON
import Testing

struct JSONParserTests {
    @Test(arguments: [
        "{\"a\":1,}", "[1,]", "{\"a\":1,\"a\":2}", "", "nul", "[1] 2", "\u{FEFF}{}", "{'a':1}", "[01]", "\"\\ud800\"",
        "[1]\0", "[1]\0]", "\0", "\"\0\"",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
    }

    @Test func namesThePlaceOfTheFault() throws {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse("{\n  \"a\": tru\n}") }
        #expect(error?.line == 2)
    }

    @Test func refusesZeroBytes() throws {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse("{\n  \"[\\\"\": \"\u{0}\"}") }
        #expect(error == JSONSyntaxError(message: "a zero byte stands here", line: 2, column: 11))
    }

    @Test(arguments: [3, 8, 9, 20])
    func findsRemovesAndReplacesMembers(count: Int) throws {
        let names = (0..<count).map { "n\($0)" }
        let text = "{" + names.map { "\"\($0)\": \"\($0)\"" }.joined(separator: ",") + "}"
        var object = try #require(try JSONParser.parse(text).object)
        #expect(object.keys == names)
        #expect(names.allSatisfy { object[$0]?.string == $0 })
        #expect(object["other"] == nil)
        object["n1"] = nil
        object["n2"] = 2
        object["other"] = 1
        #expect(object.keys == names.filter { $0 != "n1" } + ["other"])
        #expect(object["n1"] == nil)
        #expect(object["n2"]?.integer == 2)
        #expect(object["other"]?.integer == 1)
    }

    @Test func boundsDepth() throws {
        let deep = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(deep) }
        #expect(error == JSONSyntaxError(message: "nested deeper than 128 levels", line: 1, column: 129))
        _ = try JSONParser.parse(String(deep.dropFirst().dropLast()))
    }

    @Test func keepsOrderAndRoundTrips() throws {
        let text = """
            {
              "b": [
                1,
                -2.5,
                null
              ],
              "a": {},
              "ü": "line\\nquote\\"\\u0001 ☕"
            }

            """
        let value = try JSONParser.parse(text)
        #expect(value.object?.keys == ["b", "a", "ü"])
        #expect(value.canonicalText == text)
        #expect(try JSONParser.parse(value.compactText) == value)
    }

    @Test func pointsAtFaultsOfShape() throws {
        let reader = JSONReader(try JSONParser.parse(#"{"a/b":{"n":"x"}}"#))
        let error = #expect(throws: JSONShapeError.self) {
            _ = try reader.members().first?.value.object { (object) throws(JSONShapeError) in
                try object.required("n").integer(in: 0...1)
            }
        }
        #expect(error?.description == "at /a~1b/n: expected an integer, found a string")
        let unknown = #expect(throws: JSONShapeError.self) {
            try reader.object { (object) throws(JSONShapeError) in _ = object.optional("c") }
        }
        #expect(unknown?.description == "at /a~1b: unknown member 'a/b'; known here: 'c'")
    }
}
