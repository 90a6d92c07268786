// The functions of CloudFormation: expressions in, values or diagnostics out.

import Compiler
import Diagnostics
import Foundation
import Manifest
import Testing

struct ResolverTests {
    private func variables(_ value: String, sections: String = "") throws -> (Manifest?, [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "template.yaml").path(percentEncoded: false)
        let text = """
            Transform: AWS::Serverless-2016-10-31
            \(sections)
            Resources:
              F:
                Type: AWS::Serverless::Function
                Properties:
                  Runtime: python3.12
                  Handler: a.b
                  Environment: {Variables: {V: \(value)}}
                  Events: {E: {Type: HttpApi}}
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        let compilation = Compiler.compile(CompilerOptions(template: path))
        return (compilation.manifest, compilation.diagnostics.map(\.code.name))
    }

    @Test(
        arguments: [
            ("!Sub '${!a}${AWS::Region}$b{c}'", "${a}us-east-1$b{c}"),
            ("!Sub ['${a}', {a: !Sub '${b}', b: no}]", nil),
            ("!Sub ['${F}', {F: own}]", "own"),
            ("!Join ['', [a, !Ref AWS::NoValue, b]]", "ab"),
            ("!Select [1, [a, !Join [',', [b, c]]]]", "b,c"),
            ("!Select ['2', !Split ['--', 'a--b--']]", ""),
            ("!Split ['', abc]", nil),
            ("{'Fn::Join': ['-', {'Fn::Split': ['.', 'a.b']}]}", "a-b"),
            ("!If [Yes, !If [No, a, b], c]", "b"),
            ("!If [Loop, a, b]", nil),
            ("!FindInMap [M, !Ref AWS::Region, k]", "v"),
            ("!FindInMap [M, missing, k]", nil),
            ("!FindInMap [M, missing, k, {DefaultValue: d}]", "d"),
            ("!GetAtt F.Arn", "arn:aws:lambda:us-east-1:123456789012:function:F"),
            ("!Ref ServerlessHttpApi", "ServerlessHttpApi"),
            ("012", "012"),
            ("1.50", "1.50"),
            ("yes", "yes"),
        ] as [(String, String?)]
    )
    func evaluates(_ value: String, _ expected: String?) throws {
        let sections = """
            Mappings: {M: {us-east-1: {k: v}}}
            Conditions:
              Yes: !Or [!Equals [a, b], !Not [!Condition No]]
              No: !And [!Condition Yes2, !Equals [a, b]]
              Yes2: !Equals [1, '1']
            """
        let (manifest, codes) = try variables(value, sections: sections)
        if let expected {
            #expect(manifest?.functions["F"]?.environment["V"] == .text(expected))
            #expect(codes.isEmpty)
        } else {
            #expect(manifest == nil)
            #expect(!codes.isEmpty)
        }
    }

    @Test func noticesConditionsThatDependOnThemselves() throws {
        let sections = "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}"
        let (manifest, codes) = try variables("!If [A, x, y]", sections: sections)
        #expect(manifest == nil)
        #expect(codes == ["condition-cycle"])
    }
}
