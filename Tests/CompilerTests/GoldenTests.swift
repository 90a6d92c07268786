// Templates in, manifests and diagnostics out: each folder under Golden/<area>/<case> is a test.

import Compiler
import Diagnostics
import Foundation
import JSON
import Manifest
import Support
import Testing

/// A case: `template.yaml` or `template.json`, perhaps `env.json` or `local.env`, `endpoints.json`, `overrides.json` and
/// `parameters.yaml`, and what must come of them: `routes.json`, `routes.secrets.json` and `diagnostics.txt`, each there only where there is something.
struct GoldenCase: CustomTestStringConvertible {
    static let folder = "Tests/CompilerTests/Golden"
    static let outputs = ["routes.json", "routes.secrets.json", "diagnostics.txt"]

    /// `area/case`.
    let name: String

    var testDescription: String { name }
    var path: String { "\(Self.folder)/\(name)" }
    var location: String { Golden.root.appending(path: path).path(percentEncoded: false) }

    static let all: [GoldenCase] = {
        let root = Golden.root.appending(path: folder).path(percentEncoded: false)
        let files = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix("/template.yaml") || $0.hasSuffix("/template.json") }
            .map { GoldenCase(name: String($0.dropLast("/template.yaml".count))) }
            .sorted { $0.name < $1.name }
    }()

    func has(_ file: String) -> Bool { FileManager.default.fileExists(atPath: "\(location)/\(file)") }

    /// The options that the folder stands for.
    ///
    /// - Returns: the options.
    /// - Throws: where `overrides.json` is not an object of texts.
    func options() throws -> CompilerOptions {
        var options = CompilerOptions(template: "\(location)/template.\(has("template.yaml") ? "yaml" : "json")")
        if has("env.json") { options.environmentFile = "\(location)/env.json" }
        if has("local.env") { options.environmentFile = "\(location)/local.env" }
        if has("parameters.yaml") { options.parameterArguments = [.file(path: "\(location)/parameters.yaml")] }
        if has("endpoints.json") { options.endpointsFile = "\(location)/endpoints.json" }
        if has("overrides.json") {
            let data = try Data(contentsOf: URL(filePath: "\(location)/overrides.json"))
            for (name, value) in try JSONParser.parse(data).object?.members ?? [] {
                guard case .string(let text) = value else { throw GoldenError.notText(name) }
                options.parameterOverrides[name] = text
            }
        }
        return options
    }

    /// The diagnostics as lines, with paths from the case's folder.
    func text(_ diagnostics: [Diagnostic]) -> String {
        var text = ""
        for diagnostic in diagnostics {
            text +=
                "\(place(diagnostic.span))\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code)]\n"
            for note in diagnostic.notes { text += "  \(place(note.span))note: \(note.message)\n" }
            for fixIt in diagnostic.fixIts { text += "  \(place(fixIt.span))fix-it: \(fixIt.message)\n" }
        }
        return text.replacing("\(location)/", with: "")
    }

    private func place(_ span: Span?) -> String {
        span.map { "\($0.file):\($0.start.line):\($0.start.column): " } ?? ""
    }
}

enum GoldenError: Error {
    /// An override whose value is no text.
    case notText(String)
}

struct GoldenTests {
    @Test func finds() { #expect(GoldenCase.all.count >= 30) }

    @Test(arguments: GoldenCase.all)
    func compiles(_ golden: GoldenCase) throws {
        let compilation = Compiler.compile(try golden.options())
        var expected: [String: String] = [:]
        expected["routes.json"] = compilation.manifest?.text
        if !compilation.secrets.isEmpty { expected["routes.secrets.json"] = compilation.secrets.text }
        if !compilation.diagnostics.isEmpty { expected["diagnostics.txt"] = golden.text(compilation.diagnostics) }
        #expect((compilation.manifest == nil) == compilation.diagnostics.contains { $0.severity == .error })
        for output in GoldenCase.outputs {
            if let text = expected[output] {
                let difference = try Golden.difference(text, at: "\(golden.path)/\(output)")
                #expect(difference == nil)
            } else {
                #expect(!golden.has(output), "nothing should be in \(golden.path)/\(output)")
            }
        }
    }

    /// What the compiler writes, the proxy and the host can read.
    @Test(arguments: GoldenCase.all)
    func writesWhatCanBeRead(_ golden: GoldenCase) throws {
        guard let manifest = Compiler.compile(try golden.options()).manifest else { return }
        #expect(try Manifest(parsing: manifest.text.utf8).text == manifest.text)
    }
}
