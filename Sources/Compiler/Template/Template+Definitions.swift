// OpenAPI documents in files of their own, read into the template as if they stood in it.

internal import Diagnostics

extension Template {
    /// Whether a location is that of a file on this machine.
    static func isLocal(_ location: String?) -> Bool {
        guard let location else { return false }
        return !["s3://", "https://", "http://"].contains { location.hasPrefix($0) }
    }

    /// Puts the documents that `DefinitionUri` names in the place of `DefinitionBody`.
    ///
    /// A path is relative to the folder of the template. What is kept in S3 stays where it is.
    mutating func readDefinitions(files: inout SourceFiles, into diagnostics: inout DiagnosticCollector) {
        for index in resources.indices where resources[index].kind == .restAPI || resources[index].kind == .httpAPI {
            guard let entries = resources[index].properties?.mapping,
                let place = entries.firstIndex(where: { $0.key == "DefinitionUri" }),
                let location = entries[place].value.string,
                Self.isLocal(location)
            else { continue }
            let path = LocalPath.joined(LocalPath.folder(of: file), location)
            let span = entries[place].value.span
            guard let bytes = files.read(path, at: span, into: &diagnostics),
                let document = YAMLParser.parse(bytes, file: path, into: &diagnostics)
            else { continue }
            var members = entries
            members[place] = YAMLNode.Entry(key: "DefinitionBody", keySpan: entries[place].keySpan, value: document)
            resources[index].properties = YAMLNode(.mapping(members), span: resources[index].properties?.span ?? span)
        }
    }
}
