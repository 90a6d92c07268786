// Ref, GetAtt and Sub: values by name.

internal import Diagnostics

extension Resolver {
    mutating func reference(_ argument: YAMLNode, at span: Span) -> Value {
        guard let name = argument.string else {
            return wrong(
                .functionArgument("Ref", "takes the name of a parameter or resource", at: argument.span),
                at: span
            )
        }
        return named(name, at: span, nameSpan: argument.span)
    }

    /// The value of `Ref name`, which `${name}` in a `Sub` is too.
    private mutating func named(_ name: String, at span: Span, nameSpan: Span) -> Value {
        if let value = pseudoParameter(name, at: span) { return value }
        if let value = parameters.values[name] {
            let source = parameters.secretSources[name]
            switch value {
            case .text(let text): return .computed(text, at: span, secretSource: source)
            case .unknown(let reason): return .unknown(reason, at: span, secretSource: source)
            case .missing(let declaration):
                let diagnostic = Diagnostic.parameterMissing(name, stack: stack.path.words, at: declaration)
                var value = Value.unknown(diagnostic.message, at: span, secretSource: source)
                value.pending = diagnostic
                return value
            case .list(let elements):
                guard spend(elements.count, at: span) else { return exhausted(at: span) }
                let values = elements.map { Value.computed($0, at: span, secretSource: source) }
                return Value(.list(values), at: span, secretSource: source, isComputed: true)
            }
        }
        if let resource = resources[name] { return reference(to: resource, at: span) }
        if let dot = name.lastIndex(of: "."), let resource = resources[String(name[..<dot])] {
            return qualified(resource, String(name[name.index(after: dot)...]), at: span)
        }
        if isGenerated(name) {
            if let alias = publishedAlias(name, at: span) { return alias }
            return .unknown("SAM makes '\(name)' when it deploys", at: span)
        }
        return wrong(.nameUnknown(name, known: candidates(knownNames), at: nameSpan), at: span)
    }

    /// What begins with `AWS::`; nil for any other name.
    private mutating func pseudoParameter(_ name: String, at span: Span) -> Value? {
        guard name.hasPrefix("AWS::") else { return nil }
        switch name {
        case "AWS::Region": return .computed(region, at: span)
        case "AWS::AccountId": return .computed(Self.accountID, at: span)
        case "AWS::Partition": return .computed(partition.name, at: span)
        case "AWS::StackName": return .computed(stack.path.stackName, at: span)
        case "AWS::StackId":
            let unique = "51af3dc0-da77-11e4-872e-1234567db123"
            let arn =
                "arn:\(partition.name):cloudformation:\(region):\(Self.accountID):stack/\(stack.path.stackName)/\(unique)"
            return .computed(arn, at: span)
        case "AWS::URLSuffix": return .computed(partition.domain, at: span)
        case "AWS::NoValue": return Value(.absent, at: span, isComputed: true)
        case "AWS::NotificationARNs": return .unknown("'AWS::NotificationARNs' is known once deployed", at: span)
        default: return nil
        }
    }

    /// Whether a name may be one of those that SAM derives from resources: `RatingsRole`, `RatingsApiProdStage`, …
    private func isGenerated(_ name: String) -> Bool {
        let fixed = [
            "ServerlessDeploymentApplication", "CodeDeployServiceRole", "ServerlessUsagePlan", "ServerlessApiKey",
        ]
        if fixed.contains(where: { name.hasPrefix($0) }) { return true }
        for end in name.indices.dropFirst().prefix(255) where serverlessIDs.contains(String(name[..<end])) {
            let ending = name[end...]
            if ending.hasPrefix(".") || Self.generatedEndings.contains(where: { ending.contains($0) }) { return true }
        }
        return false
    }

    /// What the names of derived resources have after that of their origin (SAM specification, "Generated resources").
    private static let generatedEndings = [
        "Alias", "ApiKey", "Authorizer", "Config", "Deployment", "Domain", "LogGroup", "Permission", "Queue", "Role",
        "Rule", "Schedule", "Stage", "Subscription", "Url", "UsagePlan", "Version",
    ]

    static let pseudoParameters = [
        "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId",
        "AWS::StackName", "AWS::URLSuffix",
    ]

    mutating func attribute(_ argument: YAMLNode, at span: Span) -> Value {
        if let text = argument.string, let dot = text.firstIndex(of: ".") {
            let attribute = String(text[text.index(after: dot)...])
            return attributeValue(of: String(text[..<dot]), attribute, at: span, nameSpan: argument.span)
        }
        if let elements = argument.elements, elements.count >= 2, let name = elements[0].string {
            let value = concatenate(
                elements.dropFirst().map { resolve($0) },
                separator: ".",
                function: "Fn::GetAtt",
                at: span
            )
            guard let attribute = value.text else { return value.moved(to: span) }
            if let source = value.secretSource {
                // It would stand in what is said about it.
                return .unknown("an attribute in 'Fn::GetAtt' is a secret", at: span, secretSource: source)
            }
            return attributeValue(of: name, attribute, at: span, nameSpan: elements[0].span)
        }
        return wrong(.functionArgument("Fn::GetAtt", "takes a resource and its attribute", at: argument.span), at: span)
    }

    /// The value of `GetAtt name.attribute`, which `${name.attribute}` in a `Sub` is too.
    private mutating func attributeValue(of name: String, _ attribute: String, at span: Span, nameSpan: Span) -> Value {
        guard let resource = resources[name] else {
            if attribute == "AliasArn", let alias = publishedAlias(name, at: span) { return alias }
            if isGenerated(name) { return .unknown("SAM makes '\(name)' when it deploys", at: span) }
            let known = candidates(resourceNames)
            guard attribute != "Arn" else {
                // Enough to say which function it is that is missing.
                diagnostics.emit(.nameUnknown(name, known: known, at: nameSpan))
                return .computed(functionARN(name), at: span)
            }
            return wrong(.nameUnknown(name, known: known, at: nameSpan), at: span)
        }
        if resource.isStack { return output(attribute, of: resource, at: span) }
        let isFunction = resource.kind == .function || resource.type == "AWS::Lambda::Function"
        if isFunction, attribute == "Arn" {
            let (functionName, reason) = functionName(resource)
            guard let functionName else { return .unknown(reason, at: span) }
            return .computed(functionARN(functionName), at: span)
        }
        if isFunction, attribute == "Alias" || attribute == "Version" {
            return qualified(resource, attribute, at: span)
        }
        if let identity = identity(of: resource, attribute, at: span) { return identity }
        var value = Value.unknown(
            "the attribute '\(attribute)' of '\(name)' exists only once it is deployed",
            at: span
        )
        value.standIn = name
        return value
    }

    mutating func substitute(_ argument: YAMLNode, at span: Span) -> Value {
        var variables: [String: Value] = [:]
        var template = argument
        if let elements = argument.elements {
            guard elements.count == 2, let entries = elements[1].mapping else {
                return wrong(
                    .functionArgument("Fn::Sub", "takes a text, or a text and a mapping", at: argument.span),
                    at: span
                )
            }
            template = elements[0]
            for entry in entries { variables[entry.key] = resolve(entry.value) }
        }
        guard let text = template.string else {
            return wrong(
                .functionArgument("Fn::Sub", "takes a text, or a text and a mapping", at: template.span),
                at: span
            )
        }
        return substitute(text, variables: variables, textSpan: template.span, at: span)
    }

    private mutating func substitute(
        _ text: String,
        variables: [String: Value],
        textSpan: Span,
        at span: Span
    ) -> Value {
        var pieces: [Value] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard pieces.count < EvaluationBudget.maximumPieces else {
                let problem = "makes more than \(EvaluationBudget.maximumPieces) pieces"
                return wrong(.functionArgument("Fn::Sub", problem, at: textSpan), at: span)
            }
            pieces.append(.computed(String(rest[..<start.lowerBound]), at: span))
            guard let end = rest[start.upperBound...].utf8.firstIndex(of: UInt8(ascii: "}")) else {
                return wrong(.functionArgument("Fn::Sub", "has a '${' without its '}'", at: textSpan), at: span)
            }
            let name = String(rest[start.upperBound..<end]).trimmed
            rest = rest[rest.utf8.index(after: end)...]
            if name.hasPrefix("!") {
                pieces.append(.computed("${\(name.dropFirst())}", at: span))
            } else if let value = variables[name] {
                pieces.append(value)
            } else if let dot = name.firstIndex(of: "."), !name.hasPrefix("AWS::") {
                let attribute = String(name[name.index(after: dot)...])
                pieces.append(attributeValue(of: String(name[..<dot]), attribute, at: span, nameSpan: textSpan))
            } else {
                pieces.append(named(name, at: span, nameSpan: textSpan))
            }
        }
        pieces.append(.computed(String(rest), at: span))
        return concatenate(pieces, separator: "", function: "Fn::Sub", at: span)
    }
}
