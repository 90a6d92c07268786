// Reading the declarations of parameters.

internal import Diagnostics

extension Parameter {
    /// Reads the section `Parameters`.
    static func parameters(_ node: YAMLNode?, into diagnostics: inout DiagnosticCollector) -> [Parameter] {
        guard let node else { return [] }
        guard let entries = node.mapping else {
            diagnostics.emit(.sectionShape("Parameters", expected: "a mapping", found: node))
            return []
        }
        return entries.compactMap { Parameter($0, into: &diagnostics) }
    }

    private init?(_ entry: YAMLNode.Entry, into diagnostics: inout DiagnosticCollector) {
        guard let attributes = entry.value.mapping else {
            diagnostics.emit(.sectionShape(entry.key, expected: "a mapping with a 'Type'", found: entry.value))
            return nil
        }
        name = entry.key
        nameSpan = entry.keySpan
        for attribute in attributes {
            do throws(ParameterFault) {
                try read(attribute)
            } catch {
                switch error {
                case .unknown:
                    let place = "the parameter '\(name)'"
                    diagnostics.emit(.unknownName(attribute, in: place, known: PropertyNames.parameter))
                case .shape(let expected):
                    diagnostics.emit(.parameterShape(attribute, of: name, expected: expected))
                }
            }
        }
        if !attributes.contains(where: { $0.key == "Type" }) { diagnostics.emit(.parameterType(self)) }
        checkType(attributes.first { $0.key == "Type" }?.value.span, into: &diagnostics)
    }

    private mutating func read(_ attribute: YAMLNode.Entry) throws(ParameterFault) {
        let value = attribute.value
        switch attribute.key {
        case "Type": type = try Self.text(value)
        case "Default":
            defaultSpan = value.span
            if let text = value.string {
                defaultText = text
            } else if let elements = value.elements {
                // A list is not what CloudFormation takes, but what people write for list parameters.
                var texts: [String] = []
                for element in elements { texts.append(try Self.text(element)) }
                guard isList || type == "String" else { throw .shape("a text") }
                defaultText = texts.joined(separator: ",")
            } else {
                throw .shape("a text")
            }
        case "AllowedValues":
            guard let elements = value.elements else { throw .shape("a list") }
            var texts: [String] = []
            for element in elements { texts.append(try Self.text(element)) }
            allowedValues = texts
        case "AllowedPattern": allowedPattern = try Self.text(value)
        case "MinLength": minimumLength = try Self.integer(value)
        case "MaxLength": maximumLength = try Self.integer(value)
        case "MinValue": minimumValue = try Self.number(value)
        case "MaxValue": maximumValue = try Self.number(value)
        case "NoEcho":
            switch value.string?.lowercased() {
            case "true": isSecret = true
            case "false": isSecret = false
            default: throw .shape("true or false")
            }
        case "ConstraintDescription", "Description": break
        default: throw .unknown
        }
    }

    private static func text(_ node: YAMLNode) throws(ParameterFault) -> String {
        guard let text = node.string else { throw .shape("a text") }
        return text
    }

    private static func integer(_ node: YAMLNode) throws(ParameterFault) -> Int {
        guard let number = node.string.flatMap({ Int($0) }) else { throw .shape("an integer") }
        return number
    }

    private static func number(_ node: YAMLNode) throws(ParameterFault) -> Double {
        guard let number = node.string.flatMap({ Double($0) }) else { throw .shape("a number") }
        return number
    }

    private func checkType(_ span: Span?, into diagnostics: inout DiagnosticCollector) {
        let known = ["String", "Number", "CommaDelimitedList", "List<Number>", "List<String>"]
        guard !known.contains(type), !type.hasPrefix("AWS::"), !type.hasPrefix("List<AWS::") else { return }
        diagnostics.emit(
            Diagnostic(
                .parameterDeclaration,
                "there is no parameter type '\(type)'\(didYouMean(type, among: known))",
                at: span
            )
        )
    }
}

private enum ParameterFault: Error {
    case unknown
    case shape(String)
}

extension DiagnosticCode {
    static let parameterDeclaration = DiagnosticCode(
        "parameter-declaration",
        .warning,
        """
        The declaration of a parameter is wrong: it has no `Type`, a type that does not exist, or an attribute of the \
        wrong shape. Types are `String`, `Number`, `CommaDelimitedList`, `List<Number>`, and the `AWS::…` ones. \
        CloudFormation refuses the template; here a parameter whose `Default` cannot be read has no known value.
        """
    )
}

extension Diagnostic {
    fileprivate static func parameterShape(
        _ entry: YAMLNode.Entry,
        of parameter: String,
        expected: String
    ) -> Diagnostic {
        Diagnostic(
            .parameterDeclaration,
            "'\(entry.key)' of the parameter '\(parameter)' is \(expected), found \(entry.value.kind)",
            at: entry.value.span
        )
    }

    fileprivate static func parameterType(_ parameter: Parameter) -> Diagnostic {
        Diagnostic(.parameterDeclaration, "the parameter '\(parameter.name)' has no 'Type'", at: parameter.nameSpan)
    }
}
