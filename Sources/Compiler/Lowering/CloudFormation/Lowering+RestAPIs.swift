// REST APIs of plain CloudFormation: the API itself, its models, validators and answers to errors.

internal import Diagnostics
internal import JSON
internal import Manifest

extension Lowering {
    /// Lowers an `AWS::ApiGateway::RestApi` without its document.
    mutating func lowerRestAPI(_ resource: ResolvedTemplate.Served) {
        var draft = APIDraft(id: resource.id, api: API(kind: .rest, stage: "Prod"), isImplicit: false)
        draft.source = .resources
        defer { apis[resource.id] = draft }
        guard let properties = properties(of: resource) else { return }
        if let types = properties["BinaryMediaTypes"]?.texts(unknown: .settingUnknown, into: &diagnostics) {
            draft.api.binaryTypes = types.map { $0.replacing("~1", with: "/") }
        }
        lowerSettings(properties, into: &draft)
        if let parameters = properties["Parameters"]?.properties(unknown: .settingUnknown, into: &diagnostics),
            let mode = parameters["basepath"] ?? parameters["basePath"]
        {
            draft.basePathMode = mode.choice(BasePathMode.self, unknown: .valueUnknown, into: &diagnostics) ?? .ignore
        }
        if let origin = properties["CloneFrom"] { diagnostics.emit(.apiCloned(origin, of: resource.id)) }
    }

    /// Lowers the document of an API, once its stage is known.
    mutating func lowerBody(_ resource: ResolvedTemplate.Served) {
        guard var draft = apis[resource.id] else { return }
        let settings = Properties(
            members: resource.properties.members ?? [],
            owner: "'\(resource.id)'",
            span: resource.idSpan
        )
        if let body = settings["Body"], body.value.content != .null {
            lowerDocument(body, into: &draft)
        } else if let location = settings["BodyS3Location"] {
            diagnostics.emit(.definitionRemote(location, of: resource.id))
        }
        apis[resource.id] = draft
    }

    /// Lowers an `AWS::ApiGateway::Model`.
    mutating func lowerModel(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let id = properties.required("RestApiId", into: &diagnostics).flatMap({ api($0, isVersion2: false) })
        else { return }
        let name = properties["Name"]?.text(unknown: .settingUnknown, into: &diagnostics) ?? resource.id
        index.models[resource.id] = name
        apis[id]?.models.insert(name)
        guard let schema = properties["Schema"], let document = document(of: schema) else { return }
        apis[id]?.api.models[name] = Self.withModelReferences(document)
    }

    /// Lowers an `AWS::ApiGateway::RequestValidator`.
    mutating func lowerValidator(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource) else { return }
        // What cannot be known is taken as being checked: the proxy refuses what it cannot check.
        func flag(_ name: String) -> Bool {
            guard let property = properties[name] else { return false }
            return property.boolean(unknown: .settingUnknown, into: &diagnostics) ?? true
        }
        index.validators[resource.id] = RequestValidators.Scope(
            checksBody: flag("ValidateRequestBody"),
            checksParameters: flag("ValidateRequestParameters")
        )
    }

    /// Lowers an `AWS::ApiGateway::GatewayResponse`.
    mutating func lowerGatewayResponse(_ resource: ResolvedTemplate.Served) {
        guard let properties = properties(of: resource),
            let id = properties.required("RestApiId", into: &diagnostics).flatMap({ api($0, isVersion2: false) }),
            let type = properties.required("ResponseType", into: &diagnostics)?
                .text(unknown: .settingUnknown, into: &diagnostics)
        else { return }
        var response = GatewayResponse()
        response.statusCode = properties["StatusCode"]?.integer(in: 100...599, into: &diagnostics)
        if let parameters = properties["ResponseParameters"] { response.parameters = texts(of: parameters) }
        if let templates = properties["ResponseTemplates"] { response.templates = texts(of: templates) }
        apis[id]?.api.gatewayResponses[type] = response
    }

    /// What the gateway checks of the requests of a method; nil for nothing.
    mutating func plainValidation(_ method: Properties, of draft: APIDraft) -> RequestValidation? {
        guard let property = method["RequestValidatorId"],
            let validator = resource(property, .restValidator, "request validator"),
            let scope = index.validators[validator.id]
        else { return nil }
        var validation = RequestValidation()
        if scope.checksParameters, let parameters = method["RequestParameters"] {
            for parameter in parameters.properties(into: &diagnostics)?.all ?? []
            where parameter.boolean(into: &diagnostics) == true {
                validation.requiredParameters.append(parameter.name)
            }
        }
        if scope.checksBody, let models = method["RequestModels"] {
            for model in models.properties(into: &diagnostics)?.all ?? [] {
                guard let text = model.text(unknown: .settingUnknown, into: &diagnostics) else { continue }
                let name = index.models[text] ?? text
                if draft.api.models[name] != nil {
                    validation.models[model.name] = name
                } else if !Self.builtInModels.contains(name), !draft.models.contains(name) {
                    diagnostics.emit(.modelUnknown(name, model, of: draft))
                }
            }
        }
        return validation.isEmpty ? nil : validation
    }

    /// The models that every REST API has; both accept what there is.
    private static let builtInModels = ["Empty", "Error"]
}

extension Diagnostic {
    fileprivate static func apiCloned(_ property: Property, of id: String) -> Diagnostic {
        Diagnostic(
            .routesUnread,
            "the routes of '\(id)' are not read: they are copied from another API when it is deployed",
            at: property.nameSpan
        )
    }
}
