// `RequestModel` and `RequestParameters` of events: what a REST API checks before it calls the function.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// What the event asks to be checked; nil where it asks for nothing.
    ///
    /// A model alone only documents; `ValidateBody` and `ValidateParameters` make it checked (SAM specification,
    /// RequestModel).
    mutating func validation(_ properties: Properties, of draft: APIDraft) -> RequestValidation? {
        let required = properties["RequestParameters"].map { requiredParameters($0) } ?? []
        guard let property = properties["RequestModel"], property.value.content != .null else { return nil }
        let known = ["Model", "Required", "ValidateBody", "ValidateParameters"]
        guard let settings = property.properties(known, into: &diagnostics),
            let model = settings.required("Model", into: &diagnostics), let name = model.text(into: &diagnostics)
        else { return nil }
        // SAM takes booleans of YAML only, no texts.
        let flags: [String: PropertyShape] = ["Required": .flag, "ValidateBody": .flag, "ValidateParameters": .flag]
        settings.check(flags, into: &diagnostics)
        guard draft.models.contains(name) else {
            diagnostics.emit(.modelUnknown(name, model, of: draft))
            return nil
        }
        var validation = RequestValidation()
        if settings["ValidateBody"]?.boolean(into: &diagnostics) == true, draft.api.models[name] != nil {
            validation.models["application/json"] = name
        }
        if settings["ValidateParameters"]?.boolean(into: &diagnostics) == true {
            validation.requiredParameters = required
        }
        return validation.isEmpty ? nil : validation
    }

    private mutating func requiredParameters(_ property: Property) -> [String] {
        var names: [String] = []
        for element in property.elements(into: &diagnostics) ?? [] {
            if element.value.text != nil {
                guard let name = element.text(into: &diagnostics) else { continue }
                checkParameter(name, element.nameSpan, element)
                continue
            }
            guard let settings = element.properties(into: &diagnostics) else { continue }
            for parameter in settings.all {
                checkParameter(parameter.name, parameter.nameSpan, element)
                let flags = parameter.properties(["Caching", "Required"], severity: .error, into: &diagnostics)
                if flags?["Required"]?.boolean(into: &diagnostics) == true { names.append(parameter.name) }
            }
        }
        return names
    }

    private mutating func checkParameter(_ name: String, _ span: Span, _ property: Property) {
        let places = ["method.request.header.", "method.request.path.", "method.request.querystring."]
        guard !places.contains(where: { name.hasPrefix($0) && name.utf8.count > $0.utf8.count }) else { return }
        diagnostics.emit(.parameterPlace(name, property, at: span))
    }
}

extension DiagnosticCode {
    static let modelUnknown = DiagnosticCode(
        "model-unknown",
        .error,
        "`RequestModel` names a model that the API does not declare under `Models`."
    )
    static let parameterPlace = DiagnosticCode(
        "parameter-place",
        .error,
        """
        Parameters of requests are named `method.request.header.NAME`, `method.request.querystring.NAME` or \
        `method.request.path.NAME`.
        """
    )
}

extension Diagnostic {
    static func modelUnknown(_ name: String, _ property: Property, of draft: APIDraft) -> Diagnostic {
        let hint = didYouMean(name, among: draft.models.sorted())
        return Diagnostic(
            .modelUnknown,
            "the API '\(draft.id)' has no model '\(name)' under 'Models'\(hint)",
            at: property.span
        )
    }

    fileprivate static func parameterPlace(_ name: String, _ property: Property, at span: Span) -> Diagnostic {
        let forms = "'method.request.header.…', 'method.request.querystring.…' or 'method.request.path.…'"
        return Diagnostic(.parameterPlace, "\(property.words): '\(name)' is not of the form \(forms)", at: span)
    }
}
