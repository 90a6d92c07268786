// docs/review.md: ten revisions of a template, and what is printed of each.

import Foundation
import Subprocess
import Support
import Testing

struct WalkthroughTests {
    private static let document = "docs/review.md"

    private static let folder = Golden.root.appending(path: "Tests/EndToEndTests/Golden/review")

    /// What a block of the document must hold, by what stands on its fence.
    private func blocks() async throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        let tree = try await WorkingTree(isEmpty: true)
        var blocks: [String: String] = [:]
        for (index, name) in names.enumerated() {
            let text = try String(contentsOf: Self.folder.appending(path: "\(name)/template.yaml"), encoding: .utf8)
            try tree.copy.write(text, to: "template.yaml")
            try await tree.commit(name)
            guard index > 0 else { continue }
            let lines = try await tree.git("diff", "-U1", "HEAD~1", "--", "template.yaml").split(separator: "\n")
            blocks["diff \(name)"] = lines.dropFirst(4).map { $0 == " " ? "\n" : "\($0)\n" }.joined()
            let ending = try await tree.program("samovar", ["diff", "HEAD~1:template.yaml", "template.yaml"])
            #expect(ending.status == .exited(0), "\(name): \(ending.errors)")
            blocks["text \(name)"] = "$ samovar diff HEAD~1:template.yaml template.yaml\n" + ending.output
        }
        return blocks
    }

    /// The document with what its blocks must hold, and the fences that it has.
    private func filled(_ text: String, _ blocks: [String: String]) -> (text: String, fences: [String]) {
        var result = ""
        var fences: [String] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if isInside, line != "```" { continue }
            isInside = false
            result += "\(line)\n"
            if line.hasPrefix("```"), let block = blocks[String(line.dropFirst(3))] {
                fences.append(String(line.dropFirst(3)))
                result += block
                isInside = true
            }
        }
        return (result, fences)
    }

    @Test func documentShowsWhatIsPrinted() async throws {
        let blocks = try await blocks()
        #expect(blocks.count == 20)
        let text = try String(contentsOf: Golden.root.appending(path: Self.document), encoding: .utf8)
        let (expected, fences) = filled(text, blocks)
        #expect(fences.sorted() == blocks.keys.sorted())
        let difference = try Golden.difference(expected, at: Self.document)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
