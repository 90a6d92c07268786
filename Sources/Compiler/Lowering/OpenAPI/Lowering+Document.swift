// OpenAPI documents: `DefinitionBody` of SAM, `Body` of CloudFormation, and what they say of the whole API.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Lowers a document: its settings, its authorizers and its routes.
    ///
    /// OpenAPI 2.0 and 3.0 with the extensions `x-amazon-apigateway-…` (API Gateway developer guide, "OpenAPI
    /// extensions for API Gateway").
    ///
    /// - Parameters:
    ///   - property: the document.
    ///   - draft: the API; what it says already comes before what the document says.
    mutating func lowerDocument(_ property: Property, into draft: inout APIDraft) {
        guard let root = property.properties(into: &diagnostics) else { return }
        let document = Properties(members: root.members, owner: "the document of '\(draft.id)'", span: property.span)
        if document["swagger"] == nil || draft.kind == .http, document["openapi"] == nil {
            diagnostics.emit(.documentVersion(property, of: draft.kind))
        }
        let references = DocumentReferences(root: property.value)
        draft.documentPrefix = draft.basePathMode.prefix(document)
        lowerDocumentSettings(document, into: &draft)
        let components = document["components"]?.properties(unknown: .settingUnknown, into: &diagnostics)
        for schemes in [document["securityDefinitions"], components?["securitySchemes"]] {
            guard let schemes = schemes?.properties(into: &diagnostics) else { continue }
            for scheme in schemes.all { lowerScheme(scheme, references, into: &draft) }
        }
        if let security = document["security"], security.value.list?.isEmpty == false {
            diagnostics.emit(.documentSecurity(security))
        }
        guard let paths = document["paths"], paths.value.content != .null else { return }
        let validators = RequestValidators(document, into: &diagnostics)
        for path in paths.properties(into: &diagnostics)?.all ?? [] where !path.name.hasPrefix("x-") {
            lowerPath(path, references, validators, into: &draft)
        }
    }

    private mutating func lowerDocumentSettings(_ document: Properties, into draft: inout APIDraft) {
        if let types = document["x-amazon-apigateway-binary-media-types"]?
            .texts(unknown: .settingUnknown, into: &diagnostics)
        {
            draft.api.binaryTypes += types
        }
        if let size = document["x-amazon-apigateway-minimum-compression-size"] {
            draft.api.minimumCompressionBytes =
                draft.api.minimumCompressionBytes ?? size.integer(in: 0...10_485_760, into: &diagnostics)
        }
        if let source = document["x-amazon-apigateway-api-key-source"]?
            .text(unknown: .settingUnknown, into: &diagnostics)
        {
            draft.api.takesKeysFromAuthorizer = source.uppercased() == "AUTHORIZER"
        }
        if draft.api.policy == nil, let policy = document["x-amazon-apigateway-policy"] {
            lowerPolicy(policy, into: &draft)
        }
        if let responses = document["x-amazon-apigateway-gateway-responses"]?.properties(into: &diagnostics) {
            for response in responses.all where draft.api.gatewayResponses[response.name] == nil {
                draft.api.gatewayResponses[response.name] = documentGatewayResponse(response)
            }
        }
        if let cors = document["x-amazon-apigateway-cors"], draft.kind == .http {
            draft.api.cors = documentCORS(cors)
        }
        let servers = document["servers"]?.elements(unknown: .settingUnknown, into: &diagnostics) ?? []
        let places = servers.compactMap { $0.properties(unknown: .settingUnknown, into: &diagnostics) } + [document]
        for place in places {
            let configuration = place["x-amazon-apigateway-endpoint-configuration"]?
                .properties(unknown: .settingUnknown, into: &diagnostics)
            if configuration?["disableExecuteApiEndpoint"]?.value.text == "true" {
                draft.api.hasDefaultEndpoint = false
            }
        }
    }

    /// `{statusCode, responseParameters, responseTemplates}`.
    private mutating func documentGatewayResponse(_ property: Property) -> GatewayResponse? {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        var response = GatewayResponse()
        response.statusCode = settings["statusCode"]?.integer(in: 100...599, into: &diagnostics)
        if let parameters = settings["responseParameters"] { response.parameters = texts(of: parameters) }
        if let templates = settings["responseTemplates"] { response.templates = texts(of: templates) }
        return response
    }

    /// `x-amazon-apigateway-cors` of an HTTP API.
    private mutating func documentCORS(_ property: Property) -> CORS? {
        guard let settings = property.properties(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        // Documents spell the names with a small first letter.
        return httpCORS(settings) { $0.prefix(1).lowercased() + $0.dropFirst() }
    }
}

extension DiagnosticCode {
    static let documentVersion = DiagnosticCode(
        "document-version",
        .warning,
        """
        An OpenAPI document says which version of OpenAPI it is written in: `openapi: 3.0.1` or `swagger: "2.0"`. \
        Without it API Gateway does not import the document. HTTP APIs take OpenAPI 3.0 only.
        """
    )
    static let documentSecurity = DiagnosticCode(
        "document-security",
        .warning,
        """
        API Gateway ignores `security` at the root of a document: operations without `security` of their own are open \
        to everyone. Write it into each operation, or use `Auth.DefaultAuthorizer` of SAM.
        """
    )
}

extension Diagnostic {
    fileprivate static func documentVersion(_ property: Property, of kind: APIKind) -> Diagnostic {
        guard kind == .rest else {
            var diagnostic = Diagnostic(
                .documentVersion,
                "\(property.words) does not say 'openapi: 3.0.1'",
                at: property.nameSpan
            )
            diagnostic.severity = .error
            return diagnostic
        }
        return Diagnostic(
            .documentVersion,
            "\(property.words) says neither 'openapi: 3.0.1' nor 'swagger: \"2.0\"'",
            at: property.nameSpan
        )
    }

    fileprivate static func documentSecurity(_ property: Property) -> Diagnostic {
        Diagnostic(
            .documentSecurity,
            "\(property.words) is ignored by API Gateway: operations without 'security' of their own are open",
            at: property.nameSpan
        )
    }
}
