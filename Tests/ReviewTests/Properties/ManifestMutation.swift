// Changes of any member of a manifest, and a small generator of random numbers whose seed makes a run again.

import JSON
import Manifest
import Support

enum ManifestMutation {
    /// What texts become, the first of which fits anywhere; the others fit where only certain words do.
    private static let texts = [
        "other", "'other'", "none", "Staff", "Login", "Door", "Orders", "Doorman", "Acme", "Zenith", "Order", "1.0",
        "2.0", "request",
        "header", "DAY", "MONTH", "http", "http_proxy", "mock", "aws", "lambda", "rie", "jwt", "iam", "rest",
        "http://127.0.0.1:3002/x", "https://other.example.com:8443/base", "http://other.example.com:8080/base",
    ]

    /// The values that may stand in the place of one; nil stands for none at all.
    static func replacements(of value: JSONValue) -> [JSONValue?] {
        switch value {
        case .string(let text):
            return [nil] + texts.filter { $0 != text }.map { .string($0) } + [["secret": "env.json"]]
        case .integer(let number): return [nil, .integer(number + 1), .integer(number - 1), 0, .integer(number * 2)]
        case .real(let number): return [nil, .real(number / 2), .real(number * 2)]
        case .boolean(let truth): return [nil, .boolean(!truth)]
        case .null: return [nil]
        case .array(let elements):
            return [nil, .array(elements.reversed()), .array(elements + ["other"]), .array(elements.dropLast())]
        case .object(let object):
            var values: [JSONValue?] = [nil, ["type": "mock"]]
            guard let first = object.members.first else { return values }
            var less = object
            less[first.key] = nil
            values.append(.object(less))
            for name in [
                "other", "GET /other/{place+}", "$other", "GET /orders/{other}", "GET /pets/{place}", "ANY /pets",
            ] {
                var more = object
                more[name] = first.value
                values.append(.object(more))
                more[first.key] = nil
                values.append(.object(more))
            }
            return values
        }
    }

    /// The manifests that one replacement at a place makes, without those that are none.
    static func manifests(at path: JSONPath, of root: JSONValue) -> [Manifest] {
        guard let value = path.value(in: root), !path.steps.isEmpty else { return [] }
        return replacements(of: value).compactMap { try? Manifest(JSONReader(path.replacing(in: root, by: $0))) }
    }

    /// A manifest some random replacements away from a value.
    static func manifest(near root: JSONValue, by generator: inout SeededGenerator) -> Manifest? {
        var value = root
        var manifest: Manifest?
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            guard let path = JSONPath.all(in: value).randomElement(using: &generator), !path.steps.isEmpty,
                let old = path.value(in: value), let new = replacements(of: old).randomElement(using: &generator)
            else { continue }
            let changed = path.replacing(in: value, by: new)
            guard let next = try? Manifest(JSONReader(changed)) else { continue }
            (value, manifest) = (changed, next)
        }
        return manifest
    }

    /// A value with the members of all objects in another order.
    static func shuffled(_ value: JSONValue, by generator: inout SeededGenerator) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { shuffled($0, by: &generator) })
        case .object(let object):
            let members = object.members.shuffled(using: &generator)
            return .object(JSONObject(members.map { ($0.key, shuffled($0.value, by: &generator)) }))
        default: return value
        }
    }
}
