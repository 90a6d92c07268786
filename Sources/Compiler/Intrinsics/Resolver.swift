// The pass Resolve: expressions to values.

internal import Diagnostics

/// Evaluates the functions of CloudFormation as far as they can be before deployment.
///
/// `Ref` of a resource gives its logical id, and `GetAtt` of a function's `Arn` the ARN that it would have in the
/// account 123456789012: enough to tell functions apart. Other attributes are unknown, and say so where it matters.
struct Resolver {
    /// The account of every ARN.
    static let accountID = "123456789012"
    /// How deep expressions may nest: values within values, functions, and the conditions that they name.
    static let maximumDepth = 96

    let template: Template
    let parameters: ParameterValues
    /// The stack whose expressions these are.
    let stack: StackInput
    /// Reads nested stacks; nil where that is not wanted.
    let tree: StackTree?
    /// The resources by logical id.
    let resources: [String: Resource]
    /// The declarations of conditions by name.
    let conditionEntries: [String: YAMLNode.Entry]
    /// The resources that SAM derives further ones from.
    let serverlessIDs: Set<String>
    /// What `Ref` may name.
    let knownNames: [String]
    /// What `GetAtt` may name.
    let resourceNames: [String]
    /// How many names may still be looked for among those that are near: that takes time.
    private var hints = 100
    /// The keys of mappings that were asked for, by the name of the mapping and the first key.
    private var mappingKeys: [String: [String: [String: YAMLNode]]] = [:]
    var diagnostics: DiagnosticCollector
    private let budget: EvaluationBudget
    /// The nested stacks that were asked for, by logical id.
    var nestedStacks: [String: NestedStack] = [:]
    private var functionNames: [String: FunctionName] = [:]
    var conditions: [String: ConditionState] = [:]
    /// The conditions that are being evaluated.
    var openConditions: Set<String> = []

    private enum FunctionName {
        case evaluating
        case known(String)
        case unknown(String)
    }

    init(
        _ template: Template,
        parameters: ParameterValues,
        stack: StackInput,
        tree: StackTree?,
        diagnostics: DiagnosticCollector
    ) {
        self.template = template
        self.parameters = parameters
        self.stack = stack
        self.tree = tree
        budget = tree?.budget ?? EvaluationBudget()
        self.diagnostics = diagnostics
        resources = Dictionary(template.resources.map { ($0.id, $0) }) { first, _ in first }
        conditionEntries = Dictionary(template.conditions.map { ($0.key, $0) }) { first, _ in first }
        serverlessIDs = Set(template.resources.filter { $0.type.hasPrefix("AWS::Serverless::") }.map(\.id))
        resourceNames = template.resources.filter { !$0.isImplicit }.map(\.id)
        knownNames = template.parameters.map(\.name) + resourceNames + Self.pseudoParameters
    }

    /// How many expressions are being evaluated within each other.
    var depth: Int {
        get { budget.depth }
        set { budget.depth = newValue }
    }

    /// The value of `AWS::Region`.
    var region: String { stack.region }

    /// The value of a node and of all within it.
    mutating func resolve(_ node: YAMLNode) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            let problem = "is more than \(Self.maximumDepth) functions and values deep"
            return wrong(.functionArgument("the value", problem, at: node.span), at: node.span)
        }
        guard spend(at: node.span) else { return exhausted(at: node.span) }
        if let call = node.call { return evaluate(call.name, call.argument, at: node.span) }
        switch node.content {
        case .scalar(let scalar):
            return node.isNull ? Value(.null, at: node.span) : literal(scalar, at: node.span)
        case .sequence(let elements):
            let values = elements.map { resolve($0) }
            return Value(.list(values.filter { $0.content != .absent }), at: node.span)
        case .mapping(let entries):
            // What it brings in could be anything, so nothing is known of the whole.
            if let entry = entries.first(where: { $0.key == "Fn::Transform" || $0.key.hasPrefix("Fn::ForEach") }) {
                return evaluate(entry.key, entry.value, at: node.span)
            }
            var members: [Value.Member] = []
            for entry in entries {
                let value = resolve(entry.value)
                if value.content == .absent { continue }
                members.append(Value.Member(key: entry.key, keySpan: entry.keySpan, value: value))
            }
            return Value(.map(members), at: node.span)
        }
    }

    /// A text as it stands, unless it asks for a value that another service keeps.
    private func literal(_ scalar: YAMLNode.Scalar, at span: Span) -> Value {
        if let reference = DynamicReference(in: scalar.text) {
            return .unknown(reference, in: scalar.text, at: span, secretSource: nil)
        }
        return Value(.text(scalar.text, isPlain: scalar.isPlain), at: span)
    }

    private mutating func evaluate(_ name: String, _ argument: YAMLNode, at span: Span) -> Value {
        var value = call(name, argument, at: span)
        value.function = name
        return value
    }

    private mutating func call(_ name: String, _ argument: YAMLNode, at span: Span) -> Value {
        switch name {
        case "Ref": return reference(argument, at: span)
        case "Fn::GetAtt": return attribute(argument, at: span)
        case "Fn::Sub": return substitute(argument, at: span)
        case "Fn::Join": return join(argument, at: span)
        case "Fn::Split": return split(argument, at: span)
        case "Fn::Select": return select(argument, at: span)
        case "Fn::FindInMap": return findInMap(argument, at: span)
        case "Fn::Base64": return base64(argument, at: span)
        case "Fn::If": return choose(argument, at: span)
        case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
            switch condition(name, argument, at: span) {
            case .known(let truth): return .computed(truth ? "true" : "false", at: span)
            case .unknown(let reason): return .unknown(reason, at: span)
            }
        case "Fn::ImportValue": return importValue(argument, at: span)
        case "Fn::GetAZs": return availabilityZones(argument, at: span)
        case "Fn::Cidr": return cidr(argument, at: span)
        case "Fn::Length": return length(argument, at: span)
        case "Fn::ToJsonString": return jsonText(argument, at: span)
        case "Fn::Transform": return .unknown(transformReason(argument), at: span)
        case let loop where loop.hasPrefix("Fn::ForEach"):
            return .unknown("what '\(loop)' runs over cannot be used", at: span)
        default:
            return wrong(.functionUnknown(name, at: span), at: span)
        }
    }

    // MARK: - What goes wrong

    /// Says that a function is called wrongly; its value is unknown for that reason.
    mutating func wrong(_ diagnostic: Diagnostic, at span: Span) -> Value {
        diagnostics.emit(diagnostic)
        return .unknown(diagnostic.reason, at: span)
    }

    /// Says why a condition cannot be decided.
    mutating func undecided(_ diagnostic: Diagnostic) -> ConditionState {
        diagnostics.emit(diagnostic)
        return .unknown(diagnostic.reason)
    }

    /// The names among which a near one is looked for; none after that was done often enough.
    mutating func candidates(_ names: [String]) -> [String] {
        hints -= 1
        return hints >= 0 ? names : []
    }

    /// The members of a mapping of `Mappings` by their two keys; nil where there is no such mapping.
    mutating func mappingEntries(_ name: String) -> [String: [String: YAMLNode]]? {
        if let entries = mappingKeys[name] { return entries }
        guard let node = template.mappings.first(where: { $0.key == name })?.value else { return nil }
        var entries: [String: [String: YAMLNode]] = [:]
        for entry in node.mapping ?? [] {
            let members = (entry.value.mapping ?? []).map { ($0.key, $0.value) }
            entries[entry.key] = Dictionary(members) { first, _ in first }
        }
        mappingKeys[name] = entries
        return entries
    }

    /// Takes what a value costs; false when there is nothing left, which is reported.
    mutating func spend(_ values: Int = 1, bytes count: Int = 0, at span: Span) -> Bool {
        guard !budget.isSpent else { return false }
        budget.take(values: values, bytes: count)
        guard !budget.isSpent else {
            diagnostics.emit(.evaluationLimit(at: span))
            return false
        }
        return true
    }

    /// What is left when there is too much to evaluate; an error has said so.
    func exhausted(at span: Span) -> Value { .unknown("the template is too large to evaluate", at: span) }

    private mutating func transformReason(_ argument: YAMLNode) -> String {
        let name = argument["Name"]?.string ?? "Fn::Transform"
        guard name == "AWS::Include" else { return "the macro '\(name)' makes it when the stack is deployed" }
        let location = argument["Parameters"]?["Location"].map { resolve($0) }
        guard let location = location?.openText else { return "it is included from a place that cannot be known here" }
        let problem = LocalPath.isRemote(location) ? "is not on this machine" : "cannot be read"
        return "it is included from '\(location)', which \(problem)"
    }

    /// The name that a function is invoked by: `FunctionName`, or one made of its logical id; nil where it cannot be
    /// known.
    mutating func functionName(_ resource: Resource) -> (name: String?, reason: String) {
        switch functionNames[resource.id] {
        case .known(let name): return (name, "")
        case .unknown(let reason): return (nil, reason)
        case .evaluating: return (nil, "the name of '\(resource.id)' depends on itself")
        case nil: break
        }
        functionNames[resource.id] = .evaluating
        var state = FunctionName.known(stack.path.functionName(resource.id))
        if let node = resource.properties?.mapping?.first(where: { $0.key == "FunctionName" })?.value {
            let value = resolve(node)
            switch value.content {
            case .text where value.secretSource != nil: state = .unknown("the name of '\(resource.id)' is a secret")
            case .text(let text, _): state = .known(text)
            case .unknown(let reason): state = .unknown(reason)
            case .absent, .null, .list, .map: break
            }
        }
        functionNames[resource.id] = state
        switch state {
        case .known(let name): return (name, "")
        case .unknown(let reason): return (nil, reason)
        case .evaluating: return (nil, "")
        }
    }
}

extension Diagnostic {
    /// The message without what it proposes, as a reason within others.
    fileprivate var reason: String { String(message.prefix { $0 != ";" }) }
}
