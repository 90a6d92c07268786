// Join, Split, Select, FindInMap and Base64: values from values.

internal import Diagnostics
internal import Foundation

extension Resolver {
    /// The texts of values one after the other; unknown or secret as soon as one of them is.
    mutating func concatenate(_ pieces: [Value], separator: String, function: String, at span: Span) -> Value {
        let secretSource = pieces.lazy.compactMap(\.secretSource).first
        if var unknown = pieces.first(where: { $0.unknownReason != nil && $0.reference == nil })?.moved(to: span) {
            unknown.secretSource = secretSource
            return unknown
        }
        var texts: [String] = []
        for piece in pieces where piece.content != .absent {
            guard let text = piece.text ?? piece.reference else {
                let problem = "joins texts, found \(piece.kind)"
                return wrong(.functionArgument(function, problem, at: piece.span), at: span)
            }
            texts.append(text)
        }
        let size = texts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count }
        guard spend(texts.count, bytes: size, at: span) else { return exhausted(at: span) }
        let text = texts.joined(separator: separator)
        // A reference may be put together from pieces: '{{resolve:ssm:' and a parameter.
        if let reference = DynamicReference(in: text) {
            return .unknown(reference, in: text, at: span, secretSource: secretSource)
        }
        var value = Value.computed(text, at: span, secretSource: secretSource)
        value.standIn = pieces.lazy.compactMap(\.standIn).first
        return value
    }

    mutating func join(_ argument: YAMLNode, at span: Span) -> Value {
        guard let elements = argument.elements, elements.count == 2, let separator = elements[0].scalar?.text else {
            return wrong(.functionArgument("Fn::Join", "takes a separator and a list", at: argument.span), at: span)
        }
        let list = resolve(elements[1])
        if list.unknownReason != nil { return list.moved(to: span) }
        guard let pieces = list.list else {
            return wrong(.functionArgument("Fn::Join", "takes a separator and a list", at: elements[1].span), at: span)
        }
        return concatenate(pieces, separator: separator, function: "Fn::Join", at: span)
    }

    mutating func split(_ argument: YAMLNode, at span: Span) -> Value {
        guard let elements = argument.elements, elements.count == 2, let separator = elements[0].scalar?.text,
            !separator.isEmpty
        else {
            return wrong(.functionArgument("Fn::Split", "takes a separator and a text", at: argument.span), at: span)
        }
        let value = resolve(elements[1])
        if value.unknownReason != nil { return value.moved(to: span) }
        guard let text = value.text else {
            return wrong(.functionArgument("Fn::Split", "takes a separator and a text", at: elements[1].span), at: span)
        }
        let texts = text.split(
            separator: separator,
            maxSplits: EvaluationBudget.maximumPieces,
            omittingEmptySubsequences: false
        )
        guard texts.count <= EvaluationBudget.maximumPieces else {
            let problem = "makes more than \(EvaluationBudget.maximumPieces) pieces"
            return wrong(.functionArgument("Fn::Split", problem, at: elements[1].span), at: span)
        }
        guard spend(texts.count, bytes: text.utf8.count, at: span) else { return exhausted(at: span) }
        let pieces = texts.map { Value.computed(String($0), at: span, secretSource: value.secretSource) }
        return Value(.list(pieces), at: span, secretSource: value.secretSource, isComputed: true)
    }

    mutating func select(_ argument: YAMLNode, at span: Span) -> Value {
        guard let elements = argument.elements, elements.count == 2 else {
            return wrong(.functionArgument("Fn::Select", "takes an index and a list", at: argument.span), at: span)
        }
        let position = resolve(elements[0])
        let list = resolve(elements[1])
        for value in [position, list] {
            if value.unknownReason != nil { return value.moved(to: span) }
        }
        guard let index = position.text.flatMap({ Int($0) }), let values = list.list else {
            return wrong(.functionArgument("Fn::Select", "takes an index and a list", at: argument.span), at: span)
        }
        guard values.indices.contains(index) else {
            let shown = position.secretSource == nil ? "element \(index)" : "an element"
            let problem = "asks for \(shown) of a list of \(values.count), counted from 0"
            return wrong(.functionArgument("Fn::Select", problem, at: argument.span), at: span)
        }
        return values[index].moved(to: span)
    }

    mutating func findInMap(_ argument: YAMLNode, at span: Span) -> Value {
        guard let elements = argument.elements, elements.count == 3 || elements.count == 4 else {
            return wrong(
                .functionArgument("Fn::FindInMap", "takes a mapping and two keys", at: argument.span),
                at: span
            )
        }
        var keys: [String] = []
        for element in elements.prefix(3) {
            let value = resolve(element)
            if value.unknownReason != nil { return value.moved(to: span) }
            guard value.secretSource == nil else {
                // The key would stand in what is said about it.
                return .unknown("a key of 'Fn::FindInMap' is a secret", at: span, secretSource: value.secretSource)
            }
            guard let text = value.text else {
                return wrong(
                    .functionArgument("Fn::FindInMap", "takes a mapping and two keys", at: element.span),
                    at: span
                )
            }
            keys.append(text)
        }
        let mapping = mappingEntries(keys[0])
        let first = mapping?[keys[1]]
        if let node = first?[keys[2]] { return resolve(node).moved(to: span) }
        if elements.count == 4, let value = elements[3].mapping?.first(where: { $0.key == "DefaultValue" }) {
            return resolve(value.value).moved(to: span)
        }
        let position = mapping == nil ? 0 : first == nil ? 1 : 2
        let known = [template.mappings.map(\.key), mapping.map { Array($0.keys) }, first.map { Array($0.keys) }][
            position
        ]
        return wrong(
            .mappingKey(keys[position], known: candidates(known ?? []), at: elements[position].span),
            at: span
        )
    }

    mutating func base64(_ argument: YAMLNode, at span: Span) -> Value {
        let value = resolve(argument)
        if value.unknownReason != nil { return value.moved(to: span) }
        guard let text = value.text else {
            return wrong(.functionArgument("Fn::Base64", "takes a text", at: argument.span), at: span)
        }
        guard spend(bytes: text.utf8.count * 2, at: span) else { return exhausted(at: span) }
        return .computed(Data(text.utf8).base64EncodedString(), at: span, secretSource: value.secretSource)
    }
}
