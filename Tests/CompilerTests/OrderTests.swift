// The order in which a template says things does not matter: every mapping of every golden is shuffled.

import Compiler
import Diagnostics
import Foundation
import JSON
import Manifest
import Support
import Testing

struct OrderTests {
    /// A tree of YAML as flow text: the members of its mappings in the order of the generator, its tags as they were.
    ///
    /// The text that `Fn::ToJsonString` makes has the order of its mapping, so that one stays.
    private static func text(_ node: YAMLNode, _ generator: inout SeededGenerator, isFixed: Bool = false) -> String {
        let tag = node.tag.map { $0 + " " } ?? ""
        switch node.content {
        case .scalar(let scalar):
            // Plain texts are kept plain, since `1.0` and `"1.0"` differ.
            let isSafe = scalar.text.utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                    || "._/-".utf8.contains(byte)
            }
            if scalar.isPlain, isSafe || scalar.text.isEmpty { return tag + (scalar.text.isEmpty ? "~" : scalar.text) }
            return tag + JSONValue.string(scalar.text).compactText
        case .sequence(let elements):
            return tag + "[" + elements.map { text($0, &generator, isFixed: isFixed) }.joined(separator: ", ") + "]"
        case .mapping(let entries):
            let members = (isFixed ? entries : entries.shuffled(using: &generator)).map { entry in
                let isFixed = isFixed || entry.key == "Fn::ToJsonString"
                let value = text(entry.value, &generator, isFixed: isFixed)
                return "? \(JSONValue.string(entry.key).compactText)\n: \(value)\n"
            }
            return tag + "{" + members.joined(separator: ", ") + "}"
        }
    }

    @Test(arguments: GoldenCase.all.filter { $0.has("routes.json") })
    func doesNotMatter(_ golden: GoldenCase) throws {
        var options = try golden.options()
        let expected = Compiler.compile(options)
        let bytes = try Array(Data(contentsOf: URL(filePath: options.template)))
        let root = try #require(parseYAML(bytes).node)
        for seed in 1...3 {
            var generator = SeededGenerator(seed: UInt64(seed))
            options.contents[options.template] = Array(Self.text(root, &generator).utf8)
            let compilation = Compiler.compile(options)
            #expect(compilation.manifest?.text == expected.manifest?.text, "seed \(seed)")
            #expect(compilation.secrets == expected.secrets, "seed \(seed)")
            let codes = compilation.diagnostics.map(\.code.name).sorted()
            #expect(codes == expected.diagnostics.map(\.code.name).sorted(), "seed \(seed)")
        }
    }

    /// Nothing that the compiler writes says where it ran.
    @Test func ofFoldersDoesNotMatter() throws {
        let golden = try #require(GoldenCase.all.first { $0.name == "apis/explicit" })
        var options = try golden.options()
        let bytes = try Array(Data(contentsOf: URL(filePath: options.template)))
        let expected = Compiler.compile(options)
        options.contents["elsewhere/template.yaml"] = bytes
        options.template = "elsewhere/template.yaml"
        let compilation = Compiler.compile(options)
        #expect(compilation.manifest?.functions.keys == expected.manifest?.functions.keys)
        #expect(compilation.diagnostics.map(\.message) == expected.diagnostics.map(\.message))
    }
}
