// GetAZs, Length, ImportValue and ToJsonString: functions of one value.

internal import Diagnostics
internal import JSON

extension Resolver {
    /// The zones `a`, `b` and `c` of the region: what an account sees is its own, but three is what most regions have.
    mutating func availabilityZones(_ argument: YAMLNode, at span: Span) -> Value {
        let value = resolve(argument)
        if value.unknownReason != nil { return value.moved(to: span) }
        guard let text = value.content == .null ? "" : value.text else {
            return wrong(.functionArgument("Fn::GetAZs", "takes the name of a region", at: argument.span), at: span)
        }
        let source = value.secretSource
        let zones = ["a", "b", "c"].map { zone in
            Value.computed((text.isEmpty ? region : text) + zone, at: span, secretSource: source)
        }
        return Value(.list(zones), at: span, secretSource: source, isComputed: true)
    }

    mutating func importValue(_ argument: YAMLNode, at span: Span) -> Value {
        let value = resolve(argument)
        if value.unknownReason != nil { return value.moved(to: span) }
        guard let text = value.text else {
            return wrong(
                .functionArgument("Fn::ImportValue", "takes the name of an export", at: argument.span),
                at: span
            )
        }
        let name = value.secretSource == nil ? " as '\(text)'" : ""
        return .unknown("it is exported by another stack\(name)", at: span)
    }

    mutating func length(_ argument: YAMLNode, at span: Span) -> Value {
        let value = resolve(argument)
        if value.unknownReason != nil { return value.moved(to: span) }
        guard let elements = value.list else {
            return wrong(.functionArgument("Fn::Length", "takes a list", at: argument.span), at: span)
        }
        return .computed(String(elements.count), at: span)
    }

    /// The text of a mapping or list as JSON, as short as can be; unknown as soon as a part of it is.
    mutating func jsonText(_ argument: YAMLNode, at span: Span) -> Value {
        let value = resolve(argument)
        if let reason = value.firstUnknown { return .unknown(reason, at: span, secretSource: value.firstSecret) }
        guard value.list != nil || value.members != nil else {
            let problem = "takes a mapping or a list"
            return wrong(.functionArgument("Fn::ToJsonString", problem, at: argument.span), at: span)
        }
        let text = value.jsonValue.compactText
        guard spend(bytes: text.utf8.count, at: span) else { return exhausted(at: span) }
        return .computed(text, at: span, secretSource: value.firstSecret)
    }
}
