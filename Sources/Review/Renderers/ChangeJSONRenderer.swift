// Changes for programs: one object a change.

package import JSON

/// Renders changes as JSON.
package enum ChangeJSONRenderer {
    /// The report as an array of objects, in the order of the report.
    package static func render(_ report: ChangeReport) -> String {
        JSONValue.array(report.changes.map(\.json)).canonicalText
    }
}

extension Change {
    /// The change as an object: `rule`, `impact`, `security`, `kind`, `api`, `identity`, `member`, `before`, `after`, …;
    /// what there is not is absent.
    package var json: JSONValue {
        var object = JSONObject()
        object["rule"] = .string(rule.id)
        object["impact"] = .string(impact.rawValue)
        object["security"] = security.map { .string($0.rawValue) }
        object["kind"] = .string(place.kind)
        object["api"] = place.api.map { .string($0) }
        object["identity"] = .string(place.identity)
        if !member.isEmpty { object["member"] = .string(member) }
        object["before"] = before?.json
        object["after"] = after?.json
        return .object(object)
    }
}

extension ChangeValue {
    /// The value, or an object that stands in its place: `{"secret": "env.json", "fingerprint": "…"}`.
    package var json: JSONValue {
        switch self {
        case .shown(let value): return value
        case .hidden(let source, let fingerprint):
            var object = JSONObject()
            object["secret"] = .string(source ?? "")
            object["fingerprint"] = fingerprint.map { .string($0) }
            return .object(object)
        }
    }
}
