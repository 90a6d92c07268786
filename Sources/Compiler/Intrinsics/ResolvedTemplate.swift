// A template whose expressions are evaluated: what Lower works on.

internal import Diagnostics

/// The resources that there will be, with the values of their properties.
struct ResolvedTemplate: Sendable {
    /// A resource of a type that the compiler reads.
    struct Served: Sendable {
        let id: String
        let idSpan: Span
        let kind: Resource.Kind
        /// The value of `Properties`: a mapping, or unknown.
        let properties: Value
        let isImplicit: Bool
    }

    /// Which stack it is, and where its template stands.
    let stack: StackInput
    /// The path of the template.
    let file: String
    /// Where the template is, and the code that it names.
    let files: any FileTree
    /// Whether functions are evaluated before SAM reads the template.
    let hasLanguageExtensions: Bool
    /// The resources of the types that the compiler reads, in the template's order.
    var served: [Served] = []
    /// The other ones.
    var others: [Resource] = []
    /// The resources whose condition does not hold, and the name of the condition.
    var absent: [String: String] = [:]
    /// The functions of all stacks by the names that ARNs have: their identities in the manifest, after a slash; empty
    /// where there is one stack.
    var foreignFunctions: [String: String] = [:]
    /// The name by which each function is invoked, where it is known.
    var functionNames: [String: String] = [:]

    /// The values of `Outputs` that another stack may ask for.
    var outputs: [String: Value] = [:]

    /// Evaluates what the template holds, and the stacks that it nests.
    init(_ template: Template, stack: StackInput, in tree: StackTree, into diagnostics: inout DiagnosticCollector) {
        self.stack = stack
        file = template.file
        files = tree.files.tree
        hasLanguageExtensions = template.hasLanguageExtensions
        let parameters = ParameterValues(
            template.parameters,
            given: stack.parameters,
            stack: stack.path.words,
            into: &diagnostics
        )
        var resolver = Resolver(template, parameters: parameters, stack: stack, tree: tree, diagnostics: diagnostics)
        for entry in template.conditions { _ = resolver.condition(named: entry.key, at: entry.keySpan) }
        for resource in template.resources {
            var undecided: (condition: String, reason: String, span: Span)?
            if let condition = resource.condition, let name = condition.string {
                switch resolver.condition(named: name, at: condition.span) {
                case .known(true): break
                case .known(false):
                    absent[resource.id] = name
                    // ARNs have the name, which may be another one.
                    if resource.kind?.isFunction == true, let function = resolver.functionName(resource).name {
                        absent[function] = name
                    }
                    continue
                case .unknown(let reason): undecided = (name, reason, condition.span)
                }
            }
            if resource.isStack {
                if let undecided {
                    resolver.diagnostics.emit(.conditionUndecided(undecided, of: resource, isError: true))
                }
                resolver.open(resource)
            }
            guard let kind = resource.kind else {
                others.append(resource)
                continue
            }
            let properties = resource.properties.map { resolver.resolve($0) }
            if let undecided {
                let makesRoutes = Self.makesRoutes(kind, properties)
                resolver.diagnostics.emit(.conditionUndecided(undecided, of: resource, isError: makesRoutes))
            }
            served.append(
                Served(
                    id: resource.id,
                    idSpan: resource.idSpan,
                    kind: kind,
                    properties: properties ?? Value(.map([]), at: resource.idSpan),
                    isImplicit: resource.isImplicit
                )
            )
            if kind.isFunction { functionNames[resource.id] = resolver.functionName(resource).name }
        }
        // Nobody asks for those of the root.
        if stack.path != .root {
            for entry in template.outputs { outputs[entry.key] = resolver.output(entry) }
        }
        diagnostics = resolver.diagnostics
    }

    /// Whether routes come or go with a resource.
    private static func makesRoutes(_ kind: Resource.Kind, _ properties: Value?) -> Bool {
        guard kind == .function || kind == .stateMachine, let properties else { return kind.makesRoutes }
        if properties.unknownReason != nil || properties["FunctionUrlConfig"] != nil { return true }
        guard let events = properties["Events"] else { return false }
        guard let members = events.members else { return events.unknownReason != nil }
        return members.contains { event in
            guard let type = event.value["Type"] else { return event.value.unknownReason != nil }
            return type.unknownReason != nil || type.text == "Api" || type.text == "HttpApi"
        }
    }
}

extension DiagnosticCode {
    static let conditionUndecided = DiagnosticCode(
        "condition-undecided",
        .error,
        """
        Whether there is the resource depends on something that is known only once the stack is deployed, so its \
        routes may or may not exist. A function without routes is taken as being there, with a warning. Give the \
        parameter that decides a value with `--parameter-overrides Name=Value`.
        """
    )
}

extension Diagnostic {
    fileprivate static func conditionUndecided(
        _ undecided: (condition: String, reason: String, span: Span),
        of resource: Resource,
        isError: Bool
    ) -> Diagnostic {
        let subject = "whether there is \(resource.words) depends on '\(undecided.condition)', which cannot be decided"
        let end = isError ? "" : "; it is taken as being there"
        var diagnostic = Diagnostic(
            .conditionUndecided,
            "\(subject): \(undecided.reason)\(end)",
            at: undecided.span
        )
        if !isError { diagnostic.severity = .warning }
        return diagnostic
    }
}
