// Changes for programs: one JSON object a line.

internal import Diagnostics
package import JSON

/// Renders changes as JSON lines, as `config/changes.schema.json` describes them.
package enum ChangeJSONRenderer {
    /// One object a change, each on a line of its own, in the order of the report; then one object with a `remark` for
    /// each remark.
    package static func render(_ report: ChangeReport) -> String {
        let remarks = report.remarks.map { JSONValue.object(JSONObject([("remark", .string($0))])) }
        return (report.changes.map(\.json) + remarks).map { $0.compactText + "\n" }.joined()
    }
}

extension Change {
    /// The change as an object with everything that there is to know of it; what there is not is absent.
    package var json: JSONValue {
        var object = JSONObject()
        object["rule"] = .string(rule.id)
        object["impact"] = .string(impact.rawValue)
        object["security"] = security.map { .string($0.rawValue) }
        object["kind"] = .string(place.kind)
        object["api"] = place.api.map { .string($0) }
        object["identity"] = .string(place.identity)
        if let oldPlace {
            object["oldApi"] = oldPlace.api.map { .string($0) }
            object["oldIdentity"] = .string(oldPlace.identity)
        }
        if !member.isEmpty { object["member"] = .string(member) }
        object["before"] = before?.json
        object["after"] = after?.json
        object["example"] = example.map { ["method": .string($0.method), "path": .string($0.path)] }
        object["acceptance"] = acceptance.map { .string($0) }
        var spans = JSONObject()
        spans["old"] = oldSpan?.json
        spans["new"] = newSpan?.json
        if !spans.isEmpty { object["spans"] = .object(spans) }
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
