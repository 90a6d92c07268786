// The catalogue's examples: each raises its code, and mended it does not.

import Compiler
import Diagnostics
import Foundation
import Support
import Testing

struct DiagnosticEntryTests {
    private struct Case: CustomTestStringConvertible {
        let code: DiagnosticCode
        let entry: DiagnosticEntry
        var testDescription: String { code.name }
    }

    private static let cases = DiagnosticCatalogue.entries.map { Case(code: $0, entry: $1) }
        .sorted { $0.code < $1.code }

    /// What no text of a few lines raises: the command line does, or files that are too large or in another encoding.
    private static let byCommand: Set<String> = [
        "config-environment", "parameter-unknown", "stack-limit", "yaml-encoding", "yaml-too-large",
    ]

    @Test func isComplete() {
        let entries = DiagnosticCatalogue.entries
        let missing = DiagnosticCatalogue.all.filter { entries[$0] == nil }.map(\.name)
        #expect(missing.isEmpty, "codes without an entry in Sources/Compiler/Catalogue: \(missing)")
        #expect(DiagnosticCatalogue.strayEntries.isEmpty)
        let commands = entries.filter { $1.place == .command }.map(\.key.name)
        #expect(Set(commands) == Self.byCommand)
    }

    @Test func summariesAreOneLine() {
        for (code, entry) in DiagnosticCatalogue.entries {
            #expect(
                !entry.summary.contains("\n") && !entry.summary.hasSuffix(".") && entry.summary.count <= 100,
                "\(code)"
            )
            #expect(entry.summary.count >= 12 && entry.faulty != entry.mended, "\(code)")
        }
    }

    /// What the examples raise besides, and where: a person who reads an example should not wonder.
    @Test func raiseWhatWasRecorded() throws {
        var text = ""
        for example in Self.cases where example.entry.place != .command {
            let diagnostics = Self.compile(example.entry.faulty, at: example.entry.place)
            text += "== \(example.code)\n"
            for diagnostic in diagnostics {
                let place = diagnostic.span.map { "\($0.file):\($0.start.line):\($0.start.column): " } ?? ""
                text += "\(place)\(diagnostic.severity.rawValue): \(diagnostic.message) [\(diagnostic.code)]\n"
            }
        }
        let difference = try Golden.difference(text, at: "\(GoldenCase.folder)/examples/diagnostics.txt")
        #expect(difference == nil)
    }

    /// What every golden says, as a log for code scanners, is one by the schema of such logs.
    @Test func goldensAreValidSARIF() throws {
        let renderer = DiagnosticSARIFRenderer(
            toolName: "samovar",
            version: "1.2.3",
            workingFolder: Golden.root.path(percentEncoded: false),
            entries: DiagnosticCatalogue.entries
        )
        let diagnostics = try GoldenCase.all.flatMap { try Compiler.compile($0.options()).diagnostics }
        #expect(diagnostics.count > 100)
        let name = "samovar-\(UUID().uuidString).sarif"
        let file = FileManager.default.temporaryDirectory.appending(path: name)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(renderer.render(diagnostics).utf8).write(to: file)
        let verdict = try JSONSchema.validate(
            [file.path(percentEncoded: false)],
            against: "Tests/DiagnosticsTests/sarif.schema.json"
        )
        #expect(verdict.status == 0, "\(verdict.output.prefix(2000))")
    }

    /// Bytes in another encoding, files of megabytes, and options of the command line have tests of their own.
    @Test func goldensRaiseEveryCode() throws {
        let folder = Golden.root.appending(path: GoldenCase.folder).path(percentEncoded: false)
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        var said = ""
        for file in files where file.hasSuffix("diagnostics.txt") {
            said += try String(contentsOf: URL(filePath: "\(folder)/\(file)"), encoding: .utf8)
        }
        let unsaid = DiagnosticCatalogue.all.map(\.name).filter { !said.contains("[\($0)]\n") }
        #expect(unsaid == ["config-environment", "yaml-encoding", "yaml-too-large"])
    }

    @Test(arguments: cases.filter { $0.entry.place != .command })
    private func raisesItsCode(_ example: Case) {
        let said = Self.compile(example.entry.faulty, at: example.entry.place).map(\.code)
        #expect(said.contains(example.code), "said: \(said)")
        if let mended = example.entry.mended {
            #expect(!Self.compile(mended, at: example.entry.place).contains { $0.code == example.code })
        }
    }

    private static let head = "Transform: AWS::Serverless-2016-10-31\n"
    private static let ratings = """
          Ratings:
            Type: AWS::Serverless::Function
            Properties:
              Runtime: python3.12
              Handler: app.handler
              CodeUri: .

        """

    private static func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n").map { String(repeating: " ", count: count) + $0 + "\n" }.joined()
    }

    /// What is said about the lines where they belong.
    private static func compile(_ text: String, at place: DiagnosticEntry.Place) -> [Diagnostic] {
        var options = CompilerOptions(template: "template.yaml")
        var template = head
        func use(_ file: String) -> String {
            options.contents[file] = Array(text.utf8)
            return file
        }
        let event = "Get: {Type: Api, Properties: {Path: /, Method: get}}"
        switch place {
        case .template: template = text
        case .resources: template += "Resources:\n" + indented(text, by: 2)
        case .function:
            template += "Resources:\n" + ratings + indented(text, by: 6) + "      Events: {\(event)}\n"
        case .events: template += "Resources:\n" + ratings + "      Events:\n" + indented(text, by: 8)
        case .restAPI, .httpAPI, .document:
            let isREST = place != .httpAPI
            template += "Resources:\n" + ratings
            let reference = isREST ? "Type: Api, Properties: {RestApiId" : "Type: HttpApi, Properties: {ApiId"
            template += "      Events: {Get: {\(reference): !Ref Shop, Path: /ratings, Method: get}}}\n"
            template += "  Shop:\n    Type: AWS::Serverless::\(isREST ? "Api" : "HttpApi")\n    Properties:\n"
            template += isREST ? "      StageName: Prod\n" : ""
            template += place == .document ? "      DefinitionBody:\n" + indented(text, by: 8) : indented(text, by: 6)
        case .environment, .dotenv, .endpoints, .parameters, .configuration, .command:
            template += "Parameters: {StageName: {Type: String, Default: dev}}\nResources:\n" + ratings
            template += "      FunctionName: ratings-function\n      Environment: {Variables: {TABLE: a}}\n"
            template += "      Events: {\(event)}\n"
        }
        switch place {
        case .environment: options.environmentFile = use("env.json")
        case .dotenv: options.environmentFile = use(".env")
        case .endpoints: options.endpointsFile = use("endpoints.json")
        case .parameters: options.parameterArguments = [.file(path: use("parameters.yaml"))]
        case .configuration:
            options.configuration = ToolConfiguration.Source(
                file: use("samconfig.toml"),
                environment: "default",
                command: "local_start_api",
                options: ["env_vars": .text, "port": .integer]
            )
        default: break
        }
        options.contents["template.yaml"] = Array(template.utf8)
        return Compiler.compile(options).diagnostics
    }
}
