// The sidecar of a manifest: the values that must not be written into a file that people commit and review.

internal import JSON

/// The values of secret variables, by function and name of variable. Only the host reads them.
package struct Secrets: Hashable, Sendable {
    package var functions: [String: [String: String]] = [:]

    package init() {}

    /// Where the sidecar of a manifest stands: `routes.json` has `routes.secrets.json`.
    package static func path(besideManifest manifest: String) -> String {
        (manifest.hasSuffix(".json") ? String(manifest.dropLast(5)) : manifest) + ".secrets.json"
    }

    /// The bytes of the file.
    package var text: String {
        let functions = functions.sortedByCodePoint.map { function in
            let values = function.value.sortedByCodePoint.map { ($0.key, JSONValue.string($0.value)) }
            return (function.key, JSONValue.object(JSONObject(values)))
        }
        return JSONValue.object(JSONObject([("functions", .object(JSONObject(functions)))])).canonicalText
    }

    /// Reads the bytes of the file.
    ///
    /// - Throws: `ManifestError` with the place of the first fault.
    package init(parsing bytes: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes) } catch { throw .syntax(error) }
        do {
            functions = try JSONReader(value).object { (object) throws(JSONShapeError) in
                var functions: [String: [String: String]] = [:]
                for (function, values) in try object.required("functions").members() {
                    for (name, value) in try values.members() {
                        functions[function, default: [:]][name] = try value.string()
                    }
                }
                return functions
            }
        } catch { throw .shape(error) }
    }
}
