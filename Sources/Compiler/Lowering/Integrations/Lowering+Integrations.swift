// Integrations: what answers a route, from the settings that say so.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// What an integration says of its route.
    struct LoweredIntegration {
        let target: Route.Target
        /// How an HTTP API changes what a function is given, and what it answers.
        var requestParameters: [String: String] = [:]
        var responseParameters: [String: [String: String]] = [:]
        var isStreamed = false
        var timeoutMilliseconds: Int?
    }

    /// Lowers an integration.
    ///
    /// - Parameters:
    ///   - integration: its settings.
    ///   - key: the route that ends in it.
    ///   - draft: the API; its stage's variables stand in for `${stageVariables.NAME}`.
    /// - Returns: nil where it cannot be told what answers, which is reported.
    mutating func lower(
        _ integration: IntegrationDraft,
        key: RouteKey,
        of draft: APIDraft
    ) -> LoweredIntegration? {
        guard let type = integration.type else {
            diagnostics.emit(.integrationType(nil, integration))
            return nil
        }
        guard let word = type.text(into: &diagnostics) else { return nil }
        if draft.kind == .http { checkReservedFields(integration) }
        let target: Route.Target?
        switch word.uppercased() {
        case "AWS_PROXY":
            target =
                integration.subtype == nil
                ? functionTarget(integration, key: key, of: draft)
                : .integration(service(integration, of: draft))
        case "AWS": target = .integration(service(integration, of: draft))
        case "HTTP_PROXY": target = .integration(webServer(integration, .httpProxy, of: draft))
        case "HTTP": target = .integration(webServer(integration, .http, of: draft))
        case "MOCK": target = .integration(mapped(Integration(kind: .mock), integration))
        default:
            diagnostics.emit(.integrationType(word, integration))
            return nil
        }
        guard let target else { return nil }
        var lowered = LoweredIntegration(target: target)
        if draft.kind == .http, case .function = target {
            lowered.requestParameters = integration.parameters.map { texts(of: $0) } ?? [:]
            for response in integration.responses {
                lowered.responseParameters[response.pattern] = response.parameters.map { texts(of: $0) }
            }
        }
        if let timeout = integration.timeout {
            lowered.timeoutMilliseconds = timeout.integer(in: 50...900_000, into: &diagnostics)
        }
        if let mode = integration.transferMode { lowered.isStreamed = isStreamed(mode, key: key) }
        if integration.uri?.value.text?.contains("/response-streaming-invocations") == true {
            lowered.isStreamed = true
        }
        return lowered
    }

    /// The function that is given the whole request.
    private mutating func functionTarget(
        _ integration: IntegrationDraft,
        key: RouteKey,
        of draft: APIDraft
    ) -> Route.Target? {
        guard let uri = integration.uri else {
            diagnostics.emit(.integrationTarget(integration))
            return nil
        }
        guard let text = uri.text(into: &diagnostics) else { return nil }
        guard let function = function(ofURI: text, uri, of: draft) else { return nil }
        if draft.kind == .rest, let method = integration.method, let word = method.value.text,
            word.uppercased() != "POST"
        {
            diagnostics.emit(.integrationMethod(word, method))
        }
        var payload = draft.kind.defaultPayload
        if draft.kind == .http {
            if let format = integration.payload {
                guard let known = payloadFormat(format, plain: .warning) else { return nil }
                payload = known
            } else {
                diagnostics.emit(.payloadMissing(integration))
            }
        }
        return .function(function, payload)
    }

    /// An action of a service, or a function whose event is made by a template.
    private mutating func service(_ integration: IntegrationDraft, of draft: APIDraft) -> Integration {
        var lowered = mapped(Integration(kind: .aws), integration)
        if let subtype = integration.subtype {
            lowered.service = subtype.text(unknown: .settingUnknown, into: &diagnostics)
            return lowered
        }
        guard let uri = integration.uri, let text = uri.text(unknown: .settingUnknown, into: &diagnostics) else {
            return lowered
        }
        // arn:aws:apigateway:REGION:[SUBDOMAIN.]SERVICE:action/NAME or path/…
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "apigateway" else {
            lowered.service = text
            return lowered
        }
        if parts[4] == "lambda", let function = function(ofURI: text, uri, of: draft) {
            lowered.function = function
        } else {
            lowered.service = "\(parts[4]):\(parts[5])"
        }
        return lowered
    }

    private mutating func webServer(
        _ integration: IntegrationDraft,
        _ kind: Integration.Kind,
        of draft: APIDraft
    ) -> Integration {
        var lowered = mapped(Integration(kind: kind), integration)
        lowered.url = integration.uri?.text(unknown: .settingUnknown, into: &diagnostics)
        lowered.isPrivate =
            integration.connection?.text(unknown: .settingUnknown, into: &diagnostics)?.uppercased() == "VPC_LINK"
        if integration.uri == nil { diagnostics.emit(.integrationTarget(integration)) }
        return lowered
    }

    /// The mappings that every kind of integration but that of whole requests may have.
    private mutating func mapped(_ empty: Integration, _ integration: IntegrationDraft) -> Integration {
        func text(_ property: Property?) -> String? {
            property?.text(unknown: .settingUnknown, into: &diagnostics)
        }
        func texts(_ property: Property?) -> [String: String] {
            property.map { self.texts(of: $0) } ?? [:]
        }
        var lowered = empty
        if let method = text(integration.method), method.uppercased() != "ANY" { lowered.method = method.uppercased() }
        lowered.parameters = texts(integration.parameters)
        lowered.templates = texts(integration.templates)
        if let passthrough = text(integration.passthrough)?.uppercased(), passthrough != "WHEN_NO_MATCH" {
            lowered.passthrough = passthrough
        }
        lowered.contentHandling = text(integration.contentHandling)
        for response in integration.responses {
            var answer = Integration.Response(statusCode: text(response.statusCode) ?? "200")
            answer.parameters = texts(response.parameters)
            answer.templates = texts(response.templates)
            answer.contentHandling = text(response.contentHandling)
            lowered.responses[response.pattern.isEmpty ? "default" : response.pattern] = answer
        }
        return lowered
    }

    /// Reads a `PayloadFormatVersion`; an unquoted one is a number to CloudFormation, and reported as `plain`.
    mutating func payloadFormat(_ property: Property, plain severity: Severity) -> PayloadFormat? {
        guard let text = property.text(into: &diagnostics) else { return nil }
        guard let format = PayloadFormat(rawValue: text) else {
            diagnostics.emit(.payloadFormat(text, property))
            return nil
        }
        if case .text(_, isPlain: true) = property.value.content, !property.value.isComputed {
            var diagnostic = Diagnostic.payloadUnquoted(text, property)
            diagnostic.severity = severity
            diagnostics.emit(diagnostic)
        }
        return format
    }

    /// Says which routes the proxy refuses for what they end in, once for each API and type.
    mutating func reportIntegrations() {
        var firsts: [String: (draft: RouteDraft, name: String, count: Int)] = [:]
        var order: [String] = []
        for draft in routes {
            guard case .integration(let integration) = draft.route.target, let kind = apis[draft.api]?.kind,
                let name = integration.unserved(in: kind)
            else { continue }
            let group = "\(draft.api) \(name)"
            if firsts[group] == nil { order.append(group) }
            firsts[group, default: (draft, name, 0)].count += 1
        }
        for group in order {
            if let first = firsts[group] {
                let status = apis[first.draft.api]?.api.refusalStatus(first.draft.route) ?? 501
                diagnostics.emit(.integrationUnserved(first.draft, first.name, status, count: first.count))
            }
        }
    }
}

extension DiagnosticCode {
    static let integrationType = DiagnosticCode(
        "integration-type",
        .error,
        """
        The type of an integration is `AWS_PROXY` for a function, `HTTP_PROXY` or `HTTP` for a web server, `AWS` for a \
        service, or `MOCK`. In OpenAPI documents it is written in lower case.
        """
    )
    static let integrationTarget = DiagnosticCode(
        "integration-target",
        .error,
        "The integration does not say what it calls: a function needs its ARN, a web server its address."
    )
    static let integrationUnserved = DiagnosticCode(
        "integration-unserved",
        .warning,
        """
        The route ends in something that the proxy does not have yet: an AWS service, a state machine, or mapping \
        templates with variables or directives. It is in the manifest, and the proxy answers requests to it with 501 \
        Not Implemented, or as API Gateway does for a template that is faulty, with 500.
        """
    )
    static let integrationMethod = DiagnosticCode(
        "integration-method",
        .warning,
        """
        A function is invoked with `POST`, whatever the method of the request: with another `httpMethod` API Gateway \
        answers 500. Here the function is called all the same.
        """
    )
    static let payloadMissing = DiagnosticCode(
        "payload-missing",
        .warning,
        """
        The integration of a function in an HTTP API says which payload format its events have, `"1.0"` or `"2.0"`. \
        Without it, `"2.0"` is taken here, and API Gateway may refuse the document.
        """
    )
    static let payloadUnquoted = DiagnosticCode(
        "payload-unquoted",
        .error,
        """
        A payload format without quotes is a number to YAML, and CloudFormation wants a text: write `"2.0"`. For an \
        event of SAM that is an error, in an OpenAPI document a warning.
        """
    )
}

extension Diagnostic {
    fileprivate static func integrationType(_ word: String?, _ integration: IntegrationDraft) -> Diagnostic {
        let known = ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]
        guard let word else {
            return Diagnostic(
                .integrationType,
                "the integration of \(integration.owner) has no type",
                at: integration.span
            )
        }
        let hint = didYouMean(word, among: known)
        return Diagnostic(
            .integrationType,
            "the integration of \(integration.owner) has the unknown type '\(word)'\(hint)",
            at: integration.type?.span ?? integration.span
        )
    }

    fileprivate static func integrationTarget(_ integration: IntegrationDraft) -> Diagnostic {
        Diagnostic(
            .integrationTarget,
            "the integration of \(integration.owner) does not say what it calls",
            at: integration.span
        )
    }

    fileprivate static func integrationMethod(_ word: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .integrationMethod,
            "\(property.words) is '\(word)', but functions are invoked with 'POST'",
            at: property.span,
            fixIts: property.rewriting(as: "POST")
        )
    }

    fileprivate static func payloadMissing(_ integration: IntegrationDraft) -> Diagnostic {
        Diagnostic(
            .payloadMissing,
            "the integration of \(integration.owner) does not name its payload format; '2.0' is taken",
            at: integration.span
        )
    }

    fileprivate static func payloadUnquoted(_ text: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .payloadUnquoted,
            "\(property.words) is a number without quotes",
            at: property.span,
            fixIts: [FixIt("write \"\(text)\"", at: property.span, replacement: "\"\(text)\"")]
        )
    }

    fileprivate static func integrationUnserved(
        _ draft: Lowering.RouteDraft,
        _ name: String,
        _ status: Int,
        count: Int
    ) -> Diagnostic {
        let others = count > 1 ? " and \(count - 1) more of '\(draft.api)'" : " of '\(draft.api)'"
        let verb = count > 1 ? "end" : "ends"
        return Diagnostic(
            .integrationUnserved,
            "'\(draft.key)'\(others) \(verb) in an integration of the type '\(name)': the proxy answers \(status)",
            at: draft.span
        )
    }
}
