// A manifest from and to JSON: written canonically, read strictly, every fault with its place.

package import JSON

/// Why a file is no manifest that this version can use.
package enum ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    case syntax(JSONSyntaxError)
    case shape(JSONShapeError)

    package var description: String {
        switch self {
        case .syntax(let error): error.description
        case .shape(let error): error.description
        }
    }
}

extension Manifest {
    /// The bytes of the file: the same manifest gives the same text on every machine.
    package var text: String { json.canonicalText }

    /// The manifest as a value: members in the order of the schema, keyed collections in that of their identities.
    package var json: JSONValue {
        var object = JSONObject()
        object.set("manifest", Manifest.formatVersion)
        object["apis"] = .members(apis, \.json)
        object["functions"] = .members(functions, \.json)
        object.set("apiKeys", members: apiKeys, \.json)
        object.set("usagePlans", members: usagePlans, \.json)
        return .object(object)
    }

    /// Reads the bytes of a manifest.
    ///
    /// - Throws: `ManifestError` with the line and column of a fault of syntax, or the JSON pointer of any other.
    package init(parsing bytes: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do { value = try JSONParser.parse(bytes, refusesSpellings: true) } catch { throw .syntax(error) }
        do { try self.init(JSONReader(value)) } catch { throw .shape(error) }
    }

    /// Reads a parsed manifest.
    ///
    /// - Throws: `JSONShapeError` with the JSON pointer of the first fault.
    package init(_ reader: JSONReader) throws(JSONShapeError) {
        // The number comes first: a newer format may have any other shape.
        if let version = reader.value["manifest"]?.integer, version > Int64(Manifest.formatVersion) {
            throw JSONShapeError(
                pointer: "/manifest",
                message: "the manifest is of format \(version), this version reads up to \(Manifest.formatVersion)"
            )
        }
        self = try reader.object { (object) throws(JSONShapeError) in
            var manifest = Manifest()
            _ = try object.required("manifest").integer(in: 1...Manifest.formatVersion)
            for (id, api) in try object.required("apis").members() { manifest.apis[id] = try API(api) }
            let functions = try object.required("functions").members()
            manifest.functions.reserveCapacity(functions.count)
            for (id, function) in functions { manifest.functions[id] = try Function(function) }
            manifest.apiKeys = try object.members("apiKeys") { (key) throws(JSONShapeError) in try APIKey(key) }
            manifest.usagePlans = try object.members("usagePlans") { (plan) throws(JSONShapeError) in
                try UsagePlan(plan)
            }
            return manifest
        }
        try checkReferences()
    }
}

extension Dictionary where Key == String {
    /// The members by code point of their names, which is the order of everything without a better one.
    @inlinable
    package var sortedByCodePoint: [(key: String, value: Value)] {
        // The bytes of UTF-8 are in the order of the code points.
        count < 2 ? Array(self) : sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
