// The sidecar of a manifest: the values that must not be written into a file that people commit and review.

internal import JSON

/// The values of secret variables and API keys. The host reads the variables.
package struct Secrets: Hashable, Sendable {
    /// The values of variables by function and name of variable.
    package var functions: [String: [String: String]] = [:]
    /// The values of API keys by logical id.
    package var apiKeys: [String: String] = [:]

    package init() {}

    /// Where the sidecar of a manifest stands: `routes.json` has `routes.secrets.json`.
    package static func path(besideManifest manifest: String) -> String {
        (manifest.hasSuffix(".json") ? String(manifest.dropLast(5)) : manifest) + ".secrets.json"
    }

    /// Whether there is none.
    package var isEmpty: Bool { functions.isEmpty && apiKeys.isEmpty }

    /// The bytes of the file.
    package var text: String {
        var object = JSONObject()
        object["functions"] = .members(functions) { values in .members(values) { .string($0) } }
        object.set("apiKeys", strings: apiKeys)
        return JSONValue.object(object).canonicalText
    }

    /// Reads the bytes of the file.
    ///
    /// - Throws: `ManifestError` with the place of the first fault.
    package init(parsing bytes: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes) } catch { throw .syntax(error) }
        do {
            self = try JSONReader(value).object { (object) throws(JSONShapeError) in
                var secrets = Secrets()
                for (function, values) in try object.required("functions").members() {
                    for (name, value) in try values.members() {
                        secrets.functions[function, default: [:]][name] = try value.string()
                    }
                }
                secrets.apiKeys = try object.texts("apiKeys")
                return secrets
            }
        } catch { throw .shape(error) }
    }
}
