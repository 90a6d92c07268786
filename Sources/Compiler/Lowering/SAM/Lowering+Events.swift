// Events of functions that are routes.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The kinds of events that the SAM specification knows.
    private static let eventTypes = [
        "AlexaSkill", "Api", "CloudWatchEvent", "CloudWatchLogs", "Cognito", "DocumentDB", "DynamoDB",
        "EventBridgeRule", "HttpApi", "IoTRule", "Kinesis", "MQ", "MSK", "S3", "SNS", "SQS", "Schedule", "ScheduleV2",
        "SelfManagedKafka",
    ]

    mutating func lowerEvents(of resource: ResolvedTemplate.Served, _ properties: Properties) {
        guard let events = properties["Events"]?.properties(into: &diagnostics) else { return }
        for member in events.members {
            // "'Get' of 'Ratings'" tells as much as "'Get' of 'Events' of 'Ratings'".
            let event = Property(
                name: member.key,
                owner: "'\(resource.id)'",
                nameSpan: member.keySpan,
                value: member.value
            )
            guard let settings = event.properties(["Type", "Properties"], into: &diagnostics) else { continue }
            let typeProperty = settings.required("Type", into: &diagnostics)
            guard let typeProperty, let type = typeProperty.text(into: &diagnostics) else { continue }
            switch type {
            case "Api": lowerEvent(event, settings, kind: .rest, function: resource.id)
            case "HttpApi": lowerEvent(event, settings, kind: .http, function: resource.id)
            default:
                guard !Self.eventTypes.contains(type) else { continue }
                diagnostics.emit(.eventType(type, event, typeProperty, known: Self.eventTypes))
            }
        }
    }

    private mutating func lowerEvent(_ event: Property, _ settings: Properties, kind: APIKind, function: String) {
        let names = kind == .rest ? PropertyNames.restEvent : PropertyNames.httpEvent
        let properties: Properties
        if let property = settings["Properties"], property.value.content != .null {
            guard let read = property.properties(into: &diagnostics) else { return }
            properties = Properties(members: read.members, owner: event.words, span: event.nameSpan)
            properties.check(names, severity: .error, into: &diagnostics)
        } else {
            properties = Properties(members: [], owner: event.words, span: event.nameSpan)
        }
        guard let id = apiID(properties, kind: kind) else { return }
        guard let key = routeKey(properties, kind: kind) else { return }
        guard var draft = apis[id] else { return }
        let span = properties["Path"]?.span ?? event.nameSpan
        if isLeftToDocument(key, properties, at: span, of: draft) { return }
        guard let auth = auth(properties, key: key, of: &draft) else { return }

        var payload = kind.defaultPayload
        if let format = properties["PayloadFormatVersion"] {
            guard let known = payloadFormat(format, plain: .error) else { return }
            payload = known
        }
        var route = Route(function: function, payload: payload)
        route.guardBy(auth)
        route.validation = kind == .rest ? validation(properties, of: draft) : nil
        if let mode = properties["ResponseTransferMode"] { route.isStreamed = isStreamed(mode, key: key) }
        if let settings = properties["RouteSettings"] { route.throttle = throttle(settings) }
        if let timeout = properties["TimeoutInMillis"] {
            route.timeoutMilliseconds = timeout.integer(in: 50...900_000, into: &diagnostics)
        }
        apis[id] = draft
        var routeDraft = RouteDraft(api: id, key: key, route: route, span: span)
        routeDraft.authSpan = properties["Auth"]?.nameSpan
        add(routeDraft, auth: auth, properties, to: draft)
    }

    /// The logical id of the API that an event belongs to; nil where there is none, which is reported.
    mutating func apiID(_ properties: Properties, kind: APIKind) -> String? {
        let implicit = kind == .rest ? Resource.implicitRestAPI : Resource.implicitHTTPAPI
        guard let property = properties[kind == .rest ? "RestApiId" : "ApiId"] else {
            if apis[implicit]?.kind == kind { return implicit }
            diagnostics.emit(.implicitTaken(implicit, kind, at: properties.span))
            return nil
        }
        guard let id = property.text(into: &diagnostics) else { return nil }
        if let function = property.value.function, function != "Ref" {
            diagnostics.emit(.apiFunction(function, property))
            return nil
        }
        guard let draft = apis[id] else {
            if let condition = template.absent[id] {
                diagnostics.emit(.apiAbsent(id, condition, property))
            } else if template.others.contains(where: { $0.id == id }) {
                diagnostics.emit(.apiUnread(id, property))
            } else {
                diagnostics.emit(.apiUnknown(id, property, known: apis.values.filter { $0.kind == kind }.map(\.id)))
            }
            return nil
        }
        guard draft.source != .resources else {
            diagnostics.emit(.apiUnread(id, property))
            return nil
        }
        guard draft.kind == kind else {
            diagnostics.emit(.apiKind(id, property, kind))
            return nil
        }
        return id
    }

    mutating func routeKey(_ properties: Properties, kind: APIKind) -> RouteKey? {
        if kind == .http, properties["Path"] == nil, properties["Method"] == nil { return .fallback }
        let path = properties.required("Path", into: &diagnostics)
        let method = properties.required("Method", into: &diagnostics)
        guard let path, let method else { return nil }
        guard let pathText = path.text(into: &diagnostics), let methodText = method.text(into: &diagnostics) else {
            return nil
        }
        checkLiteral(path)
        checkLiteral(method)
        return routeKey(pathText, path, methodText, method, kind: kind)
    }

    /// The key of a route from the texts of its path and method, and where they stand.
    mutating func routeKey(
        _ pathText: String,
        _ path: Property,
        _ methodText: String,
        _ method: Property,
        kind: APIKind
    ) -> RouteKey? {
        let isAny = ["any", "x-amazon-apigateway-any-method"].contains(methodText.lowercased())
        guard let routeMethod = isAny ? .any : RouteMethod(rawValue: methodText.uppercased()) else {
            diagnostics.emit(.methodUnknown(methodText, method))
            return nil
        }
        if kind == .http, pathText == "$default" || pathText == "/$default" {
            guard isAny else {
                diagnostics.emit(.defaultMethod(methodText, method))
                return nil
            }
            return .fallback
        }
        var text = pathText
        if text.count > 1, text.hasSuffix("/") {
            text.removeLast()
            diagnostics.emit(.trailingSlash(path, pathText, text))
        }
        do throws(PathPatternError) {
            return .path(routeMethod, try PathPattern(text))
        } catch {
            diagnostics.emit(.pathInvalid(path, pathText, error.description))
            return nil
        }
    }

    /// Whether a `ResponseTransferMode` asks for streaming.
    mutating func isStreamed(_ mode: Property, key: RouteKey) -> Bool {
        // Buffering is the default.
        guard let text = mode.text(into: &diagnostics), text.uppercased() != "BUFFERED" else { return false }
        diagnostics.emit(.routesRefused(mode, of: "'\(key)'"))
        return true
    }
}
