// The small readers and writers of text: names, ids, times, base64, percent-encoding and the check of JSON.

import JSON
import Manifest
import NIOCore
import Testing

@testable import Host

struct TextTests {
    @Test(arguments: [
        "{}", "[]", "0", "-0.5e+10", "\"\"", "null", " { \"a\" : [ 1 , { \"b\" : [ ] } , false ] } \n",
        #""\u00e9\n\/\"""#, "\"ü☃😀\"", "[[[]]]", "1E5",
    ])
    func texts(json: String) {
        #expect(Array(json.utf8).withUnsafeBytes(JSONCheck.isJSON))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "-", "1e", "+1", "tru",
        "nulll", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "[1}", "{\"a\":1]", "1 2", "{} x", "'a'", "NaN",
        "\u{FEFF}{}",
    ])
    func noTexts(text: String) {
        #expect(!Array(text.utf8).withUnsafeBytes(JSONCheck.isJSON))
    }

    @Test(
        arguments: [[0x80], [0xC0, 0x80], [0xE2, 0x98], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF]]
            as [[UInt8]]
    )
    func malformedUTF8(bytes: [UInt8]) {
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(!quoted.withUnsafeBytes(JSONCheck.isJSON))
    }

    @Test func depthIsBounded() {
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(Array(deepest.utf8).withUnsafeBytes(JSONCheck.isJSON))
        #expect(!Array("[\(deepest)]".utf8).withUnsafeBytes(JSONCheck.isJSON))
    }

    @Test func everyPrefixOfATextIsNone() {
        let text = Array(#"{"a": [1.5e-3, "x\u0041", null, {"b": true}]}"#.utf8)
        for count in 0..<text.count {
            #expect(!text.prefix(count).withUnsafeBytes(JSONCheck.isJSON), "\(count)")
        }
    }

    @Test func base64() {
        #expect(Base64.decode("aGk=") == Array("hi".utf8))
        #expect(Base64.decode("aGkh") == Array("hi!".utf8))
        #expect(Base64.decode("aA==") == Array("h".utf8))
        #expect(Base64.decode("") == [])
        for text in ["a", "aGk", "a===", "aG=k", "aG-_", "====", "aGk=aGk="] { #expect(Base64.decode(text) == nil) }
    }

    @Test func percentEncoding() {
        #expect(PercentEncoding.decode("a%3Ab%c3%bc") == "a:bü")
        for text in ["%", "%1", "%zz", "%ff"] { #expect(PercentEncoding.decode(text[...]) == nil) }
    }

    @Test func requestIdentifiers() throws {
        let pattern = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        let identifiers = (0..<100).map { _ in RequestIdentifier.make() }
        #expect(try identifiers.allSatisfy { try pattern.wholeMatch(in: $0) != nil })
        #expect(Set(identifiers).count == 100)
        let trace = try Regex("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0")
        #expect(try trace.wholeMatch(in: RequestIdentifier.makeTrace()) != nil)
    }

    @Test func timestamps() {
        #expect(Timestamp(milliseconds: 0).text == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 1_709_210_096_007).text == "2024-02-29T12:34:56.007Z")
    }

    @Test(arguments: [
        ("f", "f", nil), ("f:1", "f", "1"), ("f:$LATEST", "f", "$LATEST"), ("1234:function:f", "f", nil),
        ("1234:function:f:live", "f", "live"), ("arn:aws:lambda:eu-west-1:1234:function:f:2", "f", "2"),
        ("Stack/f", "Stack/f", nil),
    ])
    func functionReferences(text: String, name: String, qualifier: String?) throws {
        let reference = try #require(FunctionReference(text))
        #expect(reference.name == name)
        #expect(reference.qualifier == qualifier)
    }

    @Test(arguments: ["", ":", "f:", "f:1:2", "arn:aws:s3:::bucket", "arn:aws:lambda:r:a:layer:l", "arn:aws:lambda"])
    func noFunctionReferences(text: String) {
        #expect(FunctionReference(text) == nil)
    }

    @Test func runtimeKinds() {
        #expect(RuntimeKind("python3.12") == .python(version: "3.12"))
        #expect(RuntimeKind("nodejs20.x") == .node(version: "20"))
        #expect(RuntimeKind("ruby3.3") == .ruby(version: "3.3"))
        #expect(RuntimeKind("java8.al2") == .java(version: "8"))
        #expect(RuntimeKind("java21") == .java(version: "21"))
        #expect(RuntimeKind("dotnet8") == .dotnet(version: "8"))
        #expect(RuntimeKind("provided") == .provided)
        #expect(RuntimeKind("provided.al2023") == .provided)
        for text in [
            "python", "python2.7", "python3.", "python3.x", "nodejs", "nodejs.x", "nodejs4.3", "go1.x", "ruby3", "java",
            "java1.8", "dotnetcore3.1",
            "python3.99999", "provided2", "",
        ] {
            #expect(RuntimeKind(text) == nil, "\(text)")
        }
    }

    @Test func codePaths() {
        for (code, path) in [
            ("src/a", "/r/s/src/a"), (".", "/r/s"), ("./a/", "/r/s/a"), ("../a", "/r/a"), ("/a", "/a"),
        ] {
            var function = Function()
            function.code = code
            let definition = FunctionDefinition(id: "F", function: function, secrets: [:], codeRoot: "/r/s")
            #expect(definition.codeDirectory == path)
        }
    }

    @Test func credentialsComeInPairs() {
        let half = HostIdentity(environment: ["AWS_ACCESS_KEY_ID": "real", "AWS_REGION": "eu-west-1"])
        let whole = HostIdentity(environment: ["AWS_ACCESS_KEY_ID": "real", "AWS_SECRET_ACCESS_KEY": "key"])
        let definition = FunctionDefinition(id: "F", function: Function(), secrets: [:], codeRoot: "/")
        func environment(_ identity: HostIdentity) -> [String: String] {
            identity.environment(
                of: definition,
                optDirectory: nil,
                temporaryDirectory: nil,
                runtimeAPI: "h:1",
                runtimeDirectory: "/d",
                logStream: "s"
            )
        }
        #expect(environment(half)["AWS_ACCESS_KEY_ID"] == "defaultkey")
        #expect(environment(half)["AWS_DEFAULT_REGION"] == "eu-west-1")
        #expect(environment(whole)["AWS_ACCESS_KEY_ID"] == "real")
        #expect(environment(whole)["AWS_SECRET_ACCESS_KEY"] == "key")
    }
}
