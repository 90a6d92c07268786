// Replays collections of YAML, JSON and strings that do not belong to the repository.
//
// `SAMOVAR_VECTORS` names a folder with `yaml_suite.jsonl`, `json_suite.jsonl` and `naughty_strings.jsonl`; without it
// nothing here runs.

import CompilerProperties
import Diagnostics
import Foundation
import JSON
import Manifest
import Testing

@testable import Compiler

/// A line of a collection.
struct TestVector: CustomTestStringConvertible {
    let id: String
    /// `accept`, `reject` or `any`.
    let expected: String
    let bytes: [UInt8]

    var testDescription: String { id }

    private static let folder = ProcessInfo.processInfo.environment["SAMOVAR_VECTORS"]

    static var isThere: Bool { folder != nil }

    /// The vectors of a file; none where there is no folder.
    static func all(_ file: String) throws -> [TestVector] {
        guard let folder else { return [] }
        return try String(contentsOf: URL(filePath: "\(folder)/\(file)"), encoding: .utf8)
            .split(separator: "\n")
            .map { line in
                let members = try JSONParser.parse(String(line)).object
                guard case .string(let id)? = members?["id"], case .string(let expected)? = members?["expect"],
                    case .string(let text)? = members?["b64"], let data = Data(base64Encoded: text)
                else { throw VectorError.shape(file) }
                return TestVector(id: id, expected: expected, bytes: Array(data))
            }
    }

    /// The ids for which libyaml is known to answer otherwise than the YAML specification.
    static func deviations(_ file: String) throws -> Set<String> {
        guard let folder else { return [] }
        let data = try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))
        let pairs = try JSONParser.parse(data).array ?? []
        return Set(pairs.compactMap { if case .string(let id)? = $0.array?.first { id } else { nil } })
    }
}

enum VectorError: Error {
    /// A line lacks a member.
    case shape(String)
}

@Suite(.enabled(if: TestVector.isThere))
struct VectorReplayTests {
    /// Whether the text is YAML, whatever a template may be of it.
    private static func isYAML(_ bytes: [UInt8]) -> Bool {
        var diagnostics = DiagnosticCollector()
        guard let text = YAMLText(bytes, file: "v.yaml", into: &diagnostics) else { return false }
        let source = YAMLEventSource(text.bytes)
        while let event = try? source.next() {
            if case .streamEnd = event.kind { return true }
        }
        return false
    }

    @Test func yaml() throws {
        let vectors = try TestVector.all("yaml_suite.jsonl")
        let deviations = try TestVector.deviations("yaml_libyaml025_known_deviations.json")
        #expect(vectors.count > 100 && deviations.count < vectors.count / 4)
        for vector in vectors {
            if deviations.contains(vector.id) { continue }
            #expect(Self.isYAML(vector.bytes) == (vector.expected == "accept"), "\(vector.id)")
        }
    }

    /// What JSON allows and the programs refuse: the same name twice, and a zero byte, which ends a text in C.
    private static func isOursToRefuse(_ vector: TestVector) -> Bool {
        vector.id.contains("duplicated_key") || vector.id.contains("null_escape") || vector.id.contains("escaped_null")
    }

    /// What `JSONTestSuite` calls an error only because a parser may refuse a text that is no array or object.
    private static func isScalar(_ vector: TestVector) -> Bool { vector.bytes == Array("null\n".utf8) }

    @Test func json() throws {
        for vector in try TestVector.all("json_suite.jsonl") where vector.expected != "any" {
            if Self.isOursToRefuse(vector) || Self.isScalar(vector) { continue }
            let isAccepted = (try? JSONParser.parse(vector.bytes)) != nil
            #expect(isAccepted == (vector.expected == "accept"), "\(vector.id)")
        }
    }

    /// JSON is refused everywhere that only JSON may be, and taken everywhere that YAML may be too.
    @Test func jsonAsFiles() throws {
        for vector in try TestVector.all("json_suite.jsonl") {
            var environment = DiagnosticCollector()
            _ = EnvironmentFile.parse(vector.bytes, file: "env.json", into: &environment)
            var endpoints = DiagnosticCollector()
            _ = EndpointsFile.parse(vector.bytes, file: "endpoints.json", into: &endpoints)
            let isManifest = (try? Manifest(parsing: vector.bytes)) != nil
            if vector.expected == "reject" {
                #expect(environment.hasErrors && endpoints.hasErrors && !isManifest, "\(vector.id)")
            } else if vector.expected == "accept" {
                let syntax = environment.sorted.filter { $0.code == .environmentSyntax }
                #expect(syntax.isEmpty || Self.isOursToRefuse(vector), "\(vector.id): \(syntax.first?.message ?? "")")
                let (node, found) = parseYAML(vector.bytes)
                let faults = found.filter { $0.severity == .error && $0.code != .yamlDuplicateKey }
                #expect(node != nil && faults.isEmpty, "\(vector.id): \(faults.first?.summary ?? "")")
            }
        }
    }

    /// The compiler keeps its promises, whatever stands where a template, a name, a path or a value stands.
    @Test func everythingAsTemplate() throws {
        for file in ["yaml_suite.jsonl", "json_suite.jsonl", "naughty_strings.jsonl"] {
            for vector in try TestVector.all(file) {
                let violation = CompilerProperties.violation(template: vector.bytes, environment: vector.bytes)
                #expect(violation == nil, "\(vector.id)")
            }
        }
    }

    @Test func stringsInTheirPlaces() throws {
        for vector in try TestVector.all("naughty_strings.jsonl") {
            let text = JSONValue.string(String(decoding: vector.bytes, as: UTF8.self)).compactText
            let template = """
                {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {
                  "Handler": \(text), "Runtime": "python3.13", "CodeUri": \(text), "FunctionName": \(text),
                  "Environment": {"Variables": {\(text): \(text)}},
                  "Events": {\(text): {"Type": "HttpApi", "Properties": {"Path": \(text), "Method": \(text)}}}}}},
                 "Parameters": {\(text): {"Type": "String", "Default": \(text), "AllowedPattern": \(text)}}}
                """
            #expect(CompilerProperties.violation(template: Array(template.utf8)) == nil, "\(vector.id)")
        }
    }
}
