// State machines whose executions are started by routes of REST APIs.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The kinds of events of state machines that the SAM specification knows.
    private static let stateMachineEvents = ["Api", "CloudWatchEvent", "EventBridgeRule", "Schedule", "ScheduleV2"]

    /// Lowers the events of a state machine that are routes.
    mutating func lowerStateMachine(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let events = properties["Events"]?.properties(into: &diagnostics)
        else { return }
        for member in events.members {
            let event = Property(
                name: member.key,
                owner: "'\(resource.id)'",
                nameSpan: member.keySpan,
                value: member.value
            )
            guard let settings = event.properties(["Type", "Properties"], into: &diagnostics),
                let typeProperty = settings.required("Type", into: &diagnostics),
                let type = typeProperty.text(into: &diagnostics)
            else { continue }
            if type == "Api" {
                lowerEvent(event, settings, stateMachine: resource.id)
            } else if !Self.stateMachineEvents.contains(type) {
                diagnostics.emit(.eventType(type, event, typeProperty, known: Self.stateMachineEvents))
            }
        }
    }

    private mutating func lowerEvent(_ event: Property, _ settings: Properties, stateMachine: String) {
        var members: [Value.Member] = []
        if let property = settings["Properties"], property.value.content != .null {
            guard let read = property.properties(into: &diagnostics) else { return }
            members = read.members
        }
        let properties = Properties(members: members, owner: event.words, span: event.nameSpan)
        properties.check(PropertyNames.stateMachineEvent, into: &diagnostics)
        guard let id = apiID(properties, kind: .rest), let key = routeKey(properties, kind: .rest),
            var draft = apis[id]
        else { return }
        let span = properties["Path"]?.span ?? event.nameSpan
        if isLeftToDocument(key, properties, at: span, of: draft) { return }
        guard let auth = auth(properties, key: key, of: &draft) else { return }
        let isUnescaped = properties["UnescapeMappingTemplate"]?
            .boolean(unknown: .settingUnknown, into: &diagnostics)
        let integration = Self.execution(of: stateMachine, isUnescaped: isUnescaped ?? false)
        var route = Route(target: .integration(integration))
        route.guardBy(auth)
        apis[id] = draft
        add(RouteDraft(api: id, key: key, route: route, span: span), auth: auth, properties, to: draft)
    }

    /// The integration that the translator makes: it starts an execution with the body as input, and waits for no
    /// result, whatever the machine's type.
    private static func execution(of stateMachine: String, isUnescaped: Bool) -> Integration {
        var integration = Integration(kind: .aws)
        integration.service = "states:action/StartExecution"
        integration.method = "POST"
        // Single quotes need no escape in JSON, and escapeJavaScript gives them one.
        let ending = isUnescaped ? #".replaceAll("\\'","'")"# : ""
        let input = "$util.escapeJavaScript($input.json('$'))" + ending
        let template = #"{"input": "\#(input)", "stateMachineArn": "\#(stateMachine)"}"#
        integration.templates = ["application/json": template]
        integration.responses = [
            "200": Integration.Response(statusCode: "200"), "400": Integration.Response(statusCode: "400"),
        ]
        return integration
    }
}
