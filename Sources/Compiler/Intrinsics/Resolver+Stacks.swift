// Nested stacks: their parameters out of this stack, their outputs into it.

internal import Diagnostics

extension Resolver {
    /// What is known of a nested stack.
    enum NestedStack {
        /// Its parameters are being evaluated.
        case opening
        case read(ResolvedTemplate)
        case unread(String)
    }

    /// The value of `GetAtt Stack.Outputs.Name`.
    mutating func output(_ attribute: String, of resource: Resource, at span: Span) -> Value {
        guard attribute.hasPrefix("Outputs.") else {
            return .unknown(
                "the attribute '\(attribute)' of '\(resource.id)' exists only once it is deployed",
                at: span
            )
        }
        switch open(resource) {
        case .opening: return .unknown("the parameters of '\(resource.id)' depend on its own outputs", at: span)
        case .unread(let reason): return .unknown(reason, at: span)
        case .read(let stack):
            let name = String(attribute.dropFirst("Outputs.".count))
            if let value = stack.outputs[name] { return value.moved(to: span) }
            let problem = "the nested stack '\(resource.id)' has no output '\(name)'"
            let hint = didYouMean(name, among: candidates(stack.outputs.keys.sorted()))
            return wrong(Diagnostic(.nameUnknown, problem + hint, at: span), at: span)
        }
    }

    /// Reads a nested stack, unless that was done already.
    @discardableResult
    mutating func open(_ resource: Resource) -> NestedStack {
        if let stack = nestedStacks[resource.id] { return stack }
        nestedStacks[resource.id] = .opening
        let stack = read(resource)
        nestedStacks[resource.id] = stack
        return stack
    }

    private mutating func read(_ resource: Resource) -> NestedStack {
        let unread = NestedStack.unread("the nested stack '\(resource.id)' is not read")
        if let name = resource.condition?.string, case .known(false) = condition(named: name, at: resource.idSpan) {
            return .unread("there is no '\(resource.id)': '\(name)' does not hold")
        }
        guard let tree else { return unread }
        guard let node = resource.location else {
            diagnostics.emit(.stackWithout(resource.locationName, of: "'\(resource.id)'", at: resource.idSpan))
            return unread
        }
        let place = node.span
        let location = resolve(node)
        check(location, of: resource)
        var input = StackInput(
            resource.id,
            in: stack,
            location: location.openText ?? "",
            parameters: parameters(of: resource),
            at: place
        )
        input.span = place
        guard let text = location.openText, !LocalPath.isRemote(text) else {
            let repository = location["ApplicationId"]?.openText.map { "it is the application '\($0)'" }
            let secret = location.firstSecret.map { "its location is a secret (\($0))" }
            let reason =
                location.openText.map { "its template is at '\($0)'" }
                ?? location.firstUnknown ?? repository ?? secret ?? "it names no template"
            diagnostics.emit(.stackUnread(input, reason))
            return unread
        }
        return tree.read(input, into: &diagnostics).map { .read($0) } ?? unread
    }

    /// An application of the repository has an id and a version; without them SAM refuses the template.
    private mutating func check(_ location: Value, of resource: Resource) {
        guard resource.type == "AWS::Serverless::Application", let members = location.members else { return }
        for name in ["ApplicationId", "SemanticVersion"] {
            let value = members.first { $0.key == name }?.value
            let isThere = value.map { $0.unknownReason != nil || $0.text?.isEmpty == false } ?? false
            if !isThere {
                let owner = "'Location' of '\(resource.id)'"
                diagnostics.emit(.stackWithout(name, of: owner, at: value?.span ?? location.span))
            }
        }
    }

    /// The value of one of this stack's outputs; unknown where it does not exist.
    mutating func output(_ entry: YAMLNode.Entry) -> Value {
        if let name = entry.value["Condition"]?.string,
            case .known(false) = condition(named: name, at: entry.keySpan)
        {
            return .unknown("the output '\(entry.key)' depends on '\(name)', which does not hold", at: entry.keySpan)
        }
        guard let node = entry.value["Value"] else {
            return .unknown("the output '\(entry.key)' has no value", at: entry.keySpan)
        }
        return crossing(resolve(node))
    }

    /// A value on its way into another stack, where the logical id of an API could be that of another one.
    private func crossing(_ value: Value) -> Value {
        guard value.isComputed, let text = value.text, let resource = resources[text] else { return value }
        let isAPI = [
            "AWS::ApiGateway", "AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::WebSocket",
        ]
        guard isAPI.contains(where: { resource.type.hasPrefix($0) }) else { return value }
        return .unknown("it is '\(text)' of another stack", at: value.span)
    }

    private mutating func parameters(of resource: Resource) -> [String: ParameterInput] {
        guard let node = resource.properties?.mapping?.first(where: { $0.key == "Parameters" })?.value else {
            return [:]
        }
        let value = resolve(node)
        var parameters: [String: ParameterInput] = [:]
        for member in value.members ?? [] {
            var input = Self.input(crossing(member.value))
            input.span = member.value.span
            parameters[member.key] = input
        }
        return parameters
    }

    /// A value as a parameter takes it: lists with commas.
    private static func input(_ value: Value) -> ParameterInput {
        let source = value.firstSecret
        if let reason = value.firstUnknown { return ParameterInput(value: .unknown(reason), secretSource: source) }
        if let text = value.text { return ParameterInput(value: .text(text), secretSource: source) }
        if let elements = value.list {
            let text = elements.compactMap(\.text).joined(separator: ",")
            return ParameterInput(value: .text(text), secretSource: source)
        }
        return ParameterInput(value: .unknown("it is \(value.kind)"), secretSource: source)
    }
}

extension Resource {
    /// Whether it is a stack of its own.
    var isStack: Bool { type == "AWS::Serverless::Application" || type == "AWS::CloudFormation::Stack" }

    /// The property that says where the template of a nested stack is.
    fileprivate var locationName: String { type == "AWS::CloudFormation::Stack" ? "TemplateURL" : "Location" }

    /// Where the template of a nested stack is.
    fileprivate var location: YAMLNode? { properties?.mapping?.first { $0.key == locationName }?.value }
}

extension Diagnostic {
    fileprivate static func stackWithout(_ name: String, of owner: String, at span: Span) -> Diagnostic {
        Diagnostic(.propertyMissing, "\(owner) needs '\(name)', a text", at: span)
    }
}
