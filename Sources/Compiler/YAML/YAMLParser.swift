// From the bytes of a template in YAML or JSON to nodes that know their place.

package import Diagnostics

/// Reads YAML 1.1 as libyaml does, and JSON, within bounds that no text can exceed.
package struct YAMLParser {
    /// How deep mappings and lists may nest.
    package static let maximumDepth = 64
    /// How many values and keys a text may have after its aliases are expanded.
    package static let maximumNodes = 300_000

    /// The one document that a file holds, its aliases and merge keys expanded.
    ///
    /// - Parameters:
    ///   - bytes: the file; UTF-8, up to 5 MB.
    ///   - file: the name that spans carry.
    ///   - diagnostics: takes what is wrong; after an error the result is as much as could be read.
    /// - Returns: the root, nil where nothing could be read.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        into diagnostics: inout DiagnosticCollector
    ) -> YAMLNode? {
        guard let text = YAMLText(bytes, file: file, into: &diagnostics) else { return nil }
        var builder = YAMLBuilder(text, file: file, diagnostics: diagnostics)
        let root = builder.document()
        diagnostics = builder.diagnostics
        return root
    }
}
