// A value as JSON, and what stands in the way of writing it down.

internal import JSON

extension Value {
    /// The first reason why a part of it cannot be known; nil where all of it is.
    var firstUnknown: String? {
        switch content {
        case .unknown(let reason): reason
        case .list(let elements): elements.lazy.compactMap(\.firstUnknown).first
        case .map(let members): members.lazy.compactMap(\.value.firstUnknown).first
        case .text, .absent, .null: nil
        }
    }

    /// Where the first secret part of it comes from; nil where none is.
    var firstSecret: String? {
        if let secretSource { return secretSource }
        switch content {
        case .list(let elements): return elements.lazy.compactMap(\.firstSecret).first
        case .map(let members): return members.lazy.compactMap(\.value.firstSecret).first
        case .text, .absent, .null, .unknown: return nil
        }
    }

    /// The value as JSON: literals that are booleans and numbers stay such, what functions give are texts.
    var jsonValue: JSONValue {
        switch content {
        case .text(let text, let isPlain):
            let scalar = YAMLNode.Scalar(text: text, isPlain: isPlain)
            guard isPlain, !isComputed else { return .string(text) }
            if let truth = scalar.boolean { return .boolean(truth) }
            if let number = scalar.integer { return .integer(Int64(number)) }
            if scalar.isNumber, let number = Double(text), number.isFinite { return .real(number) }
            return .string(text)
        case .list(let elements): return .array(elements.map(\.jsonValue))
        case .map(let members): return .object(JSONObject(members.map { ($0.key, $0.value.jsonValue) }))
        case .absent, .null, .unknown: return .null
        }
    }
}
