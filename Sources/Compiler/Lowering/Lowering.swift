// The pass Lower: resources to APIs, routes and functions.

internal import Diagnostics
internal import Manifest

/// Turns the resources of a template into a manifest.
struct Lowering {
    /// A route and where the template asks for it.
    struct RouteDraft: Sendable {
        /// The logical id of its API.
        let api: String
        let key: RouteKey
        var route: Route
        /// Where its path stands, or its event where it has none.
        let span: Span
        /// Where it says itself who may call it; nil where it inherits that.
        var authSpan: Span?
        /// Whether other APIs are served on the same port: REST and HTTP APIs are.
        var sharesPort = true
        /// What the operation of a document says of who may call it; nil for what stands in no document.
        var documentAuth: LoweredAuth?
    }

    /// An operation of a document that nothing answers.
    struct EmptyOperation: Sendable {
        /// Who may call it; nil where it does not say.
        let auth: LoweredAuth?
        /// What to say where no event has a function for it either.
        let diagnostic: Diagnostic
    }

    /// A variable whose value the template cannot give; what to say where `env.json` does not give it either.
    struct OpenVariable: Sendable {
        let function: String
        let name: String
        let diagnostic: Diagnostic
    }

    let template: ResolvedTemplate
    var diagnostics: DiagnosticCollector
    var functions: [String: Function] = [:]
    var secrets = Secrets()
    var apis: [String: APIDraft] = [:]
    var apiKeys: [String: APIKey] = [:]
    var usagePlans: [String: UsagePlan] = [:]
    var routes: [RouteDraft] = []
    /// The operations of documents that nothing answers, by API and shape.
    var emptyOperations: [String: EmptyOperation] = [:]
    /// The places in `routes` of those that stand in documents, by API and shape.
    var documentRoutes: [String: Int] = [:]
    var openVariables: [OpenVariable] = []
    /// What to say of functions that the host cannot run, where something calls them, by logical id.
    var notRun: [String: Diagnostic] = [:]
    /// The resources whose properties are read, by logical id.
    let resources: [String: ResolvedTemplate.Served]
    /// What resources of plain CloudFormation refer to each other by.
    var index = ResourceIndex()
    /// Where each `FunctionName` was first given.
    var nameSpans: [String: Span] = [:]
    /// The functions by the names that ARNs have.
    let functionsByName: [String: String]

    init(_ template: ResolvedTemplate, diagnostics: DiagnosticCollector) {
        self.template = template
        self.diagnostics = diagnostics
        var names: [String: String] = [:]
        resources = Dictionary(template.served.map { ($0.id, $0) }) { first, _ in first }
        for resource in template.served where resource.kind.isFunction { names[resource.id] = resource.id }
        for (id, name) in template.functionNames.sorted(by: { $0.key < $1.key }) { names[name] = id }
        functionsByName = names
    }

    /// Lowers every resource; the routes are in the order of the template.
    mutating func run() {
        reportUnread()
        reportResourcesLeftOut()
        // APIs first: a route needs to know the authorizers of its API.
        for resource in template.served where resource.kind == .restAPI || resource.kind == .httpAPI {
            // Nothing is wrong with an implicit API that no event belongs to: it does not exist.
            if !resource.isImplicit || isUsed(implicit: resource.kind) { lowerAPI(resource) }
        }
        lowerPlainAPIs()
        for resource in template.served where resource.kind.isFunction { lowerFunction(resource) }
        lowerPlainRoutes()
        for operation in emptyOperations.values { diagnostics.emit(operation.diagnostic) }
        reportIntegrations()
        reportNotRun()
        reportUnservedAPIs()
    }

    /// Whether an event belongs to the implicit API of a kind: it names no API, or that one.
    private func isUsed(implicit kind: Resource.Kind) -> Bool {
        let names =
            kind == .restAPI
            ? (type: "Api", property: "RestApiId", id: Resource.implicitRestAPI)
            : (type: "HttpApi", property: "ApiId", id: Resource.implicitHTTPAPI)
        return template.served.contains { resource in
            guard resource.kind == .function || resource.kind == .stateMachine,
                let events = resource.properties["Events"]?.members
            else { return false }
            return events.contains { event in
                guard event.value["Type"]?.text == names.type else { return false }
                guard let api = event.value["Properties"]?[names.property] else { return true }
                return api.text == names.id
            }
        }
    }

    /// The manifest of what was lowered; `routes` are those that are left after the ones that stand twice are gone.
    func manifest(_ routes: [RouteDraft]) -> Manifest {
        var manifest = Manifest(functions: functions)
        manifest.apiKeys = apiKeys
        manifest.usagePlans = usagePlans
        for (id, draft) in apis { manifest.apis[id] = draft.api }
        for draft in routes {
            var route = draft.route
            route.throttle = route.throttle ?? apis[draft.api]?.throttle(of: draft.key)
            manifest.apis[draft.api]?.routes[draft.key] = route
        }
        // An implicit API exists because events belong to it.
        for (id, draft) in apis where draft.isImplicit && manifest.apis[id]?.routes.isEmpty == true {
            manifest.apis[id] = nil
        }
        return manifest
    }

    /// The properties of a resource; nil where they are not known.
    mutating func properties(of resource: ResolvedTemplate.Served) -> Properties? {
        let property = Property(
            name: "Properties",
            owner: "'\(resource.id)'",
            nameSpan: resource.idSpan,
            value: resource.properties
        )
        guard let members = property.properties(into: &diagnostics)?.members else { return nil }
        let properties = Properties(members: members, owner: "'\(resource.id)'", span: resource.idSpan)
        let severity: Severity = resource.kind.isServerless ? .error : .warning
        properties.check(PropertyNames.of(resource.kind), severity: severity, into: &diagnostics)
        properties.check(PropertyNames.shapes(of: resource.kind), into: &diagnostics)
        return properties
    }
}
