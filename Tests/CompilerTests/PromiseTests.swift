// What the compiler promises of every text: of the fuzzer's seeds, of goldens, and of what is made to hurt it.

import CompilerProperties
import Foundation
import Support
import Testing

struct PromiseTests {
    private static let seeds: [URL] = {
        let folder = Golden.root.appending(path: "Fuzzing/Seeds")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    @Test func findsSeeds() { #expect(Self.seeds.count >= 4) }

    @Test(arguments: seeds)
    func areKeptForSeeds(_ seed: URL) throws {
        let bytes = try Array(Data(contentsOf: seed))
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        #expect(CompilerProperties.violation(template: parts[0], environment: parts.count > 1 ? parts[1] : nil) == nil)
    }

    @Test(arguments: GoldenCase.all)
    func areKeptForGoldens(_ golden: GoldenCase) throws {
        #expect(CompilerProperties.violation(try golden.options()) == nil)
    }

    /// A function with one route and some properties.
    private static func function(_ properties: String) -> String {
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Runtime: python3.13, CodeUri: s/, \(properties)}
        """
    }

    /// An expression put within itself again and again.
    private static func nested(_ count: Int, around start: String, _ wrap: (String) -> String) -> String {
        (0..<count).reduce(start) { text, _ in wrap(text) }
    }

    private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
        (0..<count).map { line($0) + "\n" }.joined()
    }

    /// Texts that grow without bound, or take forever, where nothing counts what they cost.
    static let attacks: [(name: String, text: String)] = [
        ("brackets", String(repeating: "[", count: 50_000)),
        ("keys without end", String(repeating: "? ", count: 20_000)),
        ("dashes", String(repeating: "- ", count: 20_000)),
        ("aliases of aliases", "a0: &a0 [x]\n" + lines(40) { "a\($0 + 1): &a\($0 + 1) [*a\($0), *a\($0), *a\($0)]" }),
        ("merges of merges", "a0: &a0 {k0: 1}\n" + lines(500) { "a\($0 + 1): &a\($0 + 1) {<<: *a\($0), k\($0): 1}" }),
        ("anchors", lines(5000) { "k\($0): &a\($0) x" }),
        ("tags", lines(5000) { "k\($0): !Foo\($0) x" }),
        ("directives", lines(5000) { "%TAG !\($0)! x" }),
        ("documents", lines(5000) { _ in "---" }),
        ("one key again and again", "{" + String(repeating: "a: b, ", count: 5000) + "}"),
        ("unknown types", "Resources:\n" + lines(2000) { "  R\($0): {Type: AWS::Serverless::Functoin}" }),
        ("unknown properties", function((0..<3000).map { "Handlr\($0): 1" }.joined(separator: ", "))),
        (
            "joins of joins",
            function(
                "Environment: {Variables: {V: \(nested(9, around: "!Ref AWS::Region") { "!Join [\($0.utf8.count < 9 ? $0 : "x"), [\($0), \($0), \($0)]]" })}}"
            )
        ),
        (
            "substitutions of substitutions",
            function(
                "Environment: {Variables: {V: \(nested(12, around: "xxxxxxxxxx") { "!Sub [\"${A}${A}${A}${A}\", {A: \($0)}]" })}}"
            )
        ),
        (
            "a web of conditions",
            "Conditions:\n  C0: !Equals [a, a]\n"
                + lines(500) { "  C\($0 + 1): !Or [!Condition C\($0), !Not [!Condition C\($0)], !Condition C\($0)]" }
                + function("").replacing("    Type", with: "    Condition: C500\n    Type")
        ),
        (
            "a ring of conditions",
            "Conditions:\n" + lines(500) { "  C\($0): !Not [!Condition C\(($0 + 1) % 500)]" }
                + function("").replacing("    Type", with: "    Condition: C0\n    Type")
        ),
        (
            "names of names",
            "Resources:\n"
                + lines(300) {
                    "  F\($0): {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub \"${F\($0 + 1)}${F\($0 + 1)}\"}}"
                }
        ),
        (
            "loops in loops",
            "{\"Transform\": \"AWS::LanguageExtensions\", \"Resources\": "
                + (0..<7).reversed().reduce("{\"R${X0}${X6}\": {\"Type\": \"AWS::SNS::Topic\"}}") { inner, level in
                    "{\"Fn::ForEach::L\(level)\": [\"X\(level)\", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], \(inner)]}"
                } + "}"
        ),
        (
            "a pattern that backtracks",
            "Parameters: {P: {Type: String, Default: \(String(repeating: "a", count: 60))!, AllowedPattern: (a+)+$}}\n"
                + function("")
        ),
        (
            "a pattern of patterns",
            "Parameters: {P: {Type: String, Default: x, AllowedPattern: '\(nested(4, around: "a") { "(\($0)){1,1000}" })'}}\n"
                + function("")
        ),
        (
            "a tree without a root",
            "Resources:\n  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
                + lines(500) {
                    "  R\($0): {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, "
                        + "ParentId: !Ref R\(($0 + 1) % 500), PathPart: p}}"
                }
                + "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref R0, "
                + "HttpMethod: GET, AuthorizationType: NONE, Integration: {Type: MOCK}}}\n"
        ),
        (
            "a deep tree",
            "Resources:\n  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}\n"
                + "  R0: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, "
                + "ParentId: !GetAtt A.RootResourceId, PathPart: p}}\n"
                + lines(800) {
                    "  R\($0 + 1): {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref A, "
                        + "ParentId: !Ref R\($0), PathPart: p}}"
                }
                + "  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref A, ResourceId: !Ref R800, "
                + "HttpMethod: GET, AuthorizationType: NONE, Integration: {Type: MOCK}}}\n"
        ),
        (
            "references in a ring",
            "Resources: {A: {Type: AWS::Serverless::Api, Properties: {StageName: s, DefinitionBody: {swagger: '2.0', paths: {"
                + (0..<300).map { "/p\($0): {$ref: \"#/paths/~1p\(($0 + 1) % 300)\"}" }.joined(separator: ", ")
                + "}}}}}"
        ),
        (
            "a long path",
            function(
                "Events: {E: {Type: HttpApi, Properties: {Method: GET, Path: \(String(repeating: "/a", count: 20_000))}}}"
            )
        ),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: attacks.indices)
    func areKeptUnderAttack(_ index: Int) {
        let attack = Self.attacks[index]
        #expect(CompilerProperties.violation(template: Array(attack.text.utf8)) == nil, "\(attack.name)")
    }

    /// The encodings and ends of lines that editors write.
    @Test(arguments: ["\u{FEFF}", "", "\r\n", "\r", "\0", "\u{2028}", "\u{85}", "\u{1B}[31m"])
    func areKeptForEveryEnd(_ end: String) {
        let text = Self.function("Events: {E: {Type: Api, Properties: {Path: /a, Method: get}}}")
        #expect(CompilerProperties.violation(template: Array((end + text).utf8)) == nil)
        #expect(CompilerProperties.violation(template: Array(text.replacing("\n", with: end).utf8)) == nil)
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(CompilerProperties.violation(template: [0xFF, 0xFE] + wide) == nil)
        #expect(CompilerProperties.violation(template: Array(text.utf8) + [0xC3, 0x28]) == nil)
    }
}
