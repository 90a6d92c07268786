// Where functions are reached, by a file beside the template: a matter of deployment, not of the template.

package import Diagnostics
internal import JSON
package import Manifest

/// The file that `samovar compile --endpoints` names: `{"Function": {"protocol": …, "url": …}}`.
package struct EndpointsFile: Hashable, Sendable {
    /// One function's endpoint and where its name stands.
    private struct Entry: Hashable {
        let function: String
        let span: Span
        let endpoint: Endpoint
    }

    private let entries: [Entry]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - file: the path, as it was given; spans carry it.
    ///   - diagnostics: takes what is wrong.
    /// - Returns: what could be read; nil where the file is no JSON object.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        into diagnostics: inout DiagnosticCollector
    ) -> EndpointsFile? {
        let document = JSONDocument(bytes, file: file, code: .endpointsFile, trailingComma: nil, into: &diagnostics)
        guard let document else { return nil }
        guard let root = document.value.object else {
            let message = "a file of endpoints is an object, not \(document.value.kind)"
            diagnostics.emit(Diagnostic(.endpointsFile, message, at: document.span(of: [])))
            return nil
        }
        var entries: [Entry] = []
        for (key, value) in root.members {
            do throws(JSONShapeError) {
                let endpoint = try Endpoint(JSONReader(value))
                entries.append(Entry(function: key, span: document.keySpan(of: [key]), endpoint: endpoint))
            } catch {
                let path = [key] + steps(error.pointer)
                diagnostics.emit(Diagnostic(.endpointsFile, error.message, at: document.span(of: path)))
            }
        }
        return EndpointsFile(entries: entries)
    }

    /// The names that a JSON pointer (RFC 6901) is made of.
    private static func steps(_ pointer: String) -> [String] {
        pointer.split(separator: "/").map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
    }

    /// Sets the endpoints of the functions; a function that the manifest does not have is an error.
    package func overlay(on manifest: inout Manifest, into diagnostics: inout DiagnosticCollector) {
        for entry in entries {
            guard manifest.functions[entry.function] != nil else {
                let hint = didYouMean(entry.function, among: manifest.functions.keys)
                let message = "the template has no function '\(entry.function)'\(hint)"
                diagnostics.emit(Diagnostic(.endpointsFile, message, at: entry.span))
                continue
            }
            manifest.functions[entry.function]?.endpoint = entry.endpoint == .standard ? nil : entry.endpoint
        }
    }
}
