// Function URLs: a function behind an address of its own, as an API with one route.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers `FunctionUrlConfig`; the API has the logical id that SAM gives the URL.
    mutating func lowerURL(_ property: Property, of function: ResolvedTemplate.Served) {
        guard property.value.content != .null,
            let settings = property.properties(PropertyNames.functionURL, severity: .error, into: &diagnostics)
        else { return }
        // Lambda cannot tell the tenant of such a request.
        if let tenancy = function.properties["TenancyConfig"], tenancy.content != .null {
            diagnostics.emit(.urlTenancy(property))
        }
        lowerURL(settings, id: "\(function.id)Url", function: function.id, at: property.nameSpan)
    }

    /// Lowers an `AWS::Lambda::Url`.
    mutating func lowerURL(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let target = properties.required("TargetFunctionArn", into: &diagnostics),
            let text = target.text(into: &diagnostics)
        else { return }
        let draft = APIDraft(id: resource.id, api: API(kind: .functionURL, stage: "$default"), isImplicit: false)
        guard let function = function(ofURI: text, target, of: draft) else { return }
        lowerURL(properties, id: resource.id, function: function, at: resource.idSpan)
    }

    private mutating func lowerURL(_ settings: Properties, id: String, function: String, at span: Span) {
        var draft = APIDraft(id: id, api: API(kind: .functionURL, stage: "$default"), isImplicit: false)
        guard
            let type = settings.required("AuthType", into: &diagnostics)?
                .choice(URLAuthorization.self, unknown: .valueUnknown, into: &diagnostics)
        else { return }
        var route = Route(function: function, payload: .v2)
        if type == .signatures { route.auth = draft.use(APIDraft.iamName) }
        if let mode = settings["InvokeMode"]?.choice(InvokeMode.self, into: &diagnostics), mode == .streamed {
            route.isStreamed = true
            if let property = settings["InvokeMode"] { diagnostics.emit(.routesRefused(property, of: "'\(id)'")) }
        }
        if let cors = settings["Cors"], cors.value.content != .null { draft.api.cors = urlCORS(cors) }
        apis[id] = draft
        routes.append(RouteDraft(api: id, key: .fallback, route: route, span: span, sharesPort: false))
    }

    /// `Cors` of a function URL, whose names and types Lambda checks.
    private mutating func urlCORS(_ property: Property) -> CORS? {
        guard
            let settings = property.properties(
                PropertyNames.httpCORS,
                severity: .error,
                unknown: .settingUnknown,
                into: &diagnostics
            )
        else { return nil }
        func list(_ name: String) -> [String] {
            settings[name]?.texts(unknown: .settingUnknown, into: &diagnostics) ?? []
        }
        var cors = CORS()
        cors.allowOrigins = list("AllowOrigins")
        cors.allowMethods = list("AllowMethods").map { $0.uppercased() }
        cors.allowHeaders = list("AllowHeaders")
        cors.exposeHeaders = list("ExposeHeaders")
        if let age = settings["MaxAge"] {
            cors.maxAgeSeconds = age.integer(in: 0...86400, into: &diagnostics)
            if case .text(let text, isPlain: false) = age.value.content { diagnostics.emit(.urlAge(text, age)) }
        }
        cors.allowCredentials =
            settings["AllowCredentials"]?.boolean(unknown: .settingUnknown, into: &diagnostics) ?? false
        return cors
    }

    /// Says which APIs are not beside the others on the port: those of other kinds than REST and HTTP, unless alone.
    mutating func reportUnservedAPIs() {
        let spans = Dictionary(routes.map { ($0.api, $0.span) }) { first, _ in first }
        for (id, draft) in apis.sorted(by: { $0.key < $1.key }) {
            switch draft.kind {
            case .rest, .http: break
            case .webSocket: diagnostics.emit(.webSocketUnserved(id, at: resources[id]?.idSpan ?? spans[id]))
            case .functionURL where manifestAPICount > 1: diagnostics.emit(.urlUnserved(id, at: spans[id]))
            case .functionURL: break
            }
        }
    }

    /// How many APIs the manifest will have.
    private var manifestAPICount: Int {
        let used = Set(routes.map(\.api))
        return apis.values.count { !$0.isImplicit || used.contains($0.id) }
    }
}

/// Who may call a function URL.
private enum URLAuthorization: String, CaseIterable {
    case none = "NONE"
    case signatures = "AWS_IAM"
}

/// How a function URL passes answers on.
private enum InvokeMode: String, CaseIterable {
    case buffered = "BUFFERED"
    case streamed = "RESPONSE_STREAM"
}

extension DiagnosticCode {
    static let functionURL = DiagnosticCode(
        "function-url",
        .error,
        """
        A function with `TenancyConfig` cannot have a URL, and `MaxAge` of its `Cors` is a number, which SAM does not \
        take as a text.
        """
    )
    static let apiUnserved = DiagnosticCode(
        "api-unserved",
        .warning,
        """
        A function URL takes every request, so beside other APIs the proxy serves it at a host name of its own, or below \
        a prefix: `--mount PREFIX=API`. A WebSocket API is in the manifest, and the proxy does not serve it yet.
        """
    )
}

extension Diagnostic {
    fileprivate static func urlTenancy(_ property: Property) -> Diagnostic {
        Diagnostic(.functionURL, "\(property.words) cannot stand with 'TenancyConfig'", at: property.nameSpan)
    }

    fileprivate static func urlAge(_ text: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .functionURL,
            "\(property.words) is a number without quotes",
            at: property.span,
            fixIts: Int(text) == nil || property.value.isComputed
                ? [] : [FixIt("write \(text)", at: property.span, replacement: text)]
        )
    }

    fileprivate static func urlUnserved(_ id: String, at span: Span?) -> Diagnostic {
        let place = "at 'http://\(Manifest.localHost(ofAPI: id))' or where '--mount' says"
        return apiUnserved("the proxy serves the function URL '\(id)' beside other APIs only \(place)", at: span)
    }

    fileprivate static func webSocketUnserved(_ id: String, at span: Span?) -> Diagnostic {
        apiUnserved("the proxy does not serve the WebSocket API '\(id)' yet", at: span)
    }

    /// A note, since nothing is wrong with the template.
    private static func apiUnserved(_ words: String, at span: Span?) -> Diagnostic {
        var diagnostic = Diagnostic(.apiUnserved, words, at: span)
        diagnostic.severity = .note
        return diagnostic
    }
}
