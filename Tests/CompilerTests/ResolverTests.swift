// The functions of CloudFormation: expressions in, values or diagnostics out.

import Compiler
import Diagnostics
import Foundation
import Manifest
import Testing

struct ResolverTests {
    private func variables(_ value: String, sections: String = "", region: String = "us-east-1") throws -> (
        Manifest?, [String]
    ) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "template.yaml").path(percentEncoded: false)
        let text = """
            Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
            \(sections)
            Resources:
              Alias: {Type: AWS::Lambda::Alias, Properties: {Name: blue, FunctionName: !Ref F}}
              Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !GetAtt F.Arn}}
              F:
                Type: AWS::Serverless::Function
                Properties:
                  AutoPublishAlias: live
                  Runtime: python3.12
                  Handler: a.b
                  Environment: {Variables: {V: \(value)}}
                  Events: {E: {Type: HttpApi}}
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        let compilation = Compiler.compile(CompilerOptions(template: path, region: region))
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
            ("!Select [1, !GetAZs '']", "us-east-1b"),
            ("!Join [' ', !GetAZs eu-west-1]", "eu-west-1a eu-west-1b eu-west-1c"),
            ("!GetAZs [a]", nil),
            ("!Join [' ', !Cidr [10.1.2.3/16, 3, 8]]", "10.1.0.0/24 10.1.1.0/24 10.1.2.0/24"),
            ("!Select [255, !Cidr [10.0.0.0/16, 256, '8']]", "10.0.255.0/24"),
            ("!Select [1, !Cidr ['2001:db8::/56', 2, 64]]", "2001:db8:0:1::/64"),
            ("!Select [1, !Cidr ['::/0', 2, 120]]", "100::/8"),
            ("!Select [0, !Cidr [10.0.0.0/28, 17, 0]]", nil),
            ("!Select [0, !Cidr [10.0.0.0/28, 1, 5]]", nil),
            ("!Select [0, !Cidr [10.0.0/28, 1, 2]]", nil),
            ("!Select [0, !Cidr [10.0.0.0/33, 1, 2]]", nil),
            ("!Select [0, !Cidr [10.0.0.0/16, 257, 2]]", nil),
            ("{'Fn::Length': !Split [',', 'a,b,c']}", "3"),
            ("{'Fn::Length': a}", nil),
            (
                "{'Fn::ToJsonString': {a: [1, '1', yes, 1.5, !Ref AWS::Region], b: !Ref AWS::NoValue}}",
                #"{"a":[1,"1",true,1.5,"us-east-1"]}"#
            ),
            ("{'Fn::ToJsonString': a}", nil),
            ("!Ref F.Alias", "arn:aws:lambda:us-east-1:123456789012:function:F:live"),
            ("!Sub '${F.Version}'", "arn:aws:lambda:us-east-1:123456789012:function:F:$LATEST"),
            ("!Ref Alias", "arn:aws:lambda:us-east-1:123456789012:function:F:blue"),
            ("!Ref Version", "arn:aws:lambda:us-east-1:123456789012:function:F:$LATEST"),
            ("!Sub '${AWS::Partition} ${AWS::URLSuffix}'", "aws amazonaws.com"),
            ("!If [Absent, a, b]", nil),
            ("!Ref Absent", nil),
            ("!Absent a", nil),
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
            // Nothing that routes depend on: the variable is declared, and warnings say why it is empty.
            #expect(manifest?.functions["F"]?.environment["V"] == .text(""))
            #expect(codes.count == 2)
            #expect(codes.contains("environment-unknown"))
        }
    }

    @Test func noticesConditionsThatDependOnThemselves() throws {
        let sections = "Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}"
        let (manifest, codes) = try variables("!If [A, x, y]", sections: sections)
        #expect(manifest?.functions["F"]?.environment["V"] == .text(""))
        #expect(codes == ["condition-cycle", "environment-unknown"])
    }

    @Test(arguments: [
        ("cn-north-1", "arn:aws-cn:lambda:cn-north-1:123456789012:function:F amazonaws.com.cn"),
        ("us-gov-west-1", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:F amazonaws.com"),
    ])
    func knowsThePartition(_ region: String, _ expected: String) throws {
        let (manifest, _) = try variables("!Sub '${F.Arn} ${AWS::URLSuffix}'", region: region)
        #expect(manifest?.functions["F"]?.environment["V"] == .text(expected))
    }

    @Test func splitsIntoSoManyPieces() throws {
        let text = String(repeating: "a", count: 100_001)
        let (manifest, codes) = try variables("!Select [0, !Split [a, \(text)]]")
        #expect(manifest?.functions["F"]?.environment["V"] == .text(""))
        #expect(codes == ["environment-unknown", "function-argument"])
    }

    @Test(arguments: [0, 1, 200])
    func findsTheSecretAmongReferences(_ count: Int) throws {
        let others = String(repeating: "{{resolve:ssm:/a}}", count: count)
        let (manifest, _) = try variables("'\(others){{resolve:secretsmanager:b}}'")
        guard case .secret? = manifest?.functions["F"]?.environment["V"] else {
            Issue.record("the value is not kept apart")
            return
        }
    }

    /// Mappings that ask for themselves, and texts made of themselves, end with an error and not with the memory.
    @Test(arguments: [
        "!FindInMap [M, a, l0]", ResolverTests.growing(10),
    ])
    func isBounded(_ value: String) throws {
        let lists = (0..<40).map { level in
            "l\(level): [!FindInMap [M, a, l\(level + 1)], !FindInMap [M, a, l\(level + 1)]]"
        }
        let sections = "Mappings: {M: {a: {\(lists.joined(separator: ", ")), l40: [x]}}}"
        let (manifest, codes) = try variables(value, sections: sections)
        #expect(manifest == nil)
        #expect(codes.contains("evaluation-limit"))
    }

    /// One text with very many names in it is not taken apart.
    @Test func takesNoMoreNamesThanItShould() throws {
        let names = String(repeating: "${AWS::Region}", count: 60_000)
        let (manifest, codes) = try variables("!Sub '\(names)'")
        #expect(manifest?.functions["F"]?.environment["V"] == .text(""))
        #expect(codes.contains("function-argument"))
    }

    private static func growing(_ levels: Int) -> String {
        if levels == 0 { return "xxxxxxxx" }
        return "!Sub ['\(String(repeating: "${a}", count: 16))', {a: \(growing(levels - 1))}]"
    }
}
