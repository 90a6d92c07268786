// Stages of APIs: the one whose name and settings the manifest has.

internal import Diagnostics
internal import Manifest

/// Where an API's stage is declared.
private struct StageSource {
    let name: Property
    /// The settings of the stage.
    let settings: Properties
}

extension Lowering {
    /// Gives each API of plain CloudFormation its stage.
    ///
    /// An API may have several; a manifest has one, so the first in the template is taken. A deployment makes a stage
    /// too, which counts where there is no resource of its own for one: such a deployment is often a dummy.
    mutating func lowerStages() {
        var stages: [String: [StageSource]] = [:]
        var deployed: [String: [StageSource]] = [:]
        for resource in template.served {
            let isVersion2 = resource.kind == .stage
            guard isVersion2 || resource.kind == .restStage || resource.kind == .restDeployment,
                let properties = properties(of: resource),
                let property = properties[isVersion2 ? "ApiId" : "RestApiId"]
            else { continue }
            if resource.kind == .restDeployment {
                guard let name = properties["StageName"], name.value.content != .null else { continue }
                guard let id = api(property, isVersion2: false) else { continue }
                let settings = properties["StageDescription"]?
                    .properties(unknown: .settingUnknown, into: &diagnostics)
                let none = Properties(members: [], owner: properties.owner, span: properties.span)
                deployed[id, default: []].append(StageSource(name: name, settings: settings ?? none))
            } else if let id = api(property, isVersion2: isVersion2),
                let name = properties.required("StageName", into: &diagnostics)
            {
                stages[id, default: []].append(StageSource(name: name, settings: properties))
            }
        }
        for (id, draft) in apis where draft.source == .resources || draft.hasPlainKind(resources[id]?.kind) {
            lowerStage(stages[id] ?? deployed[id] ?? [], of: id)
        }
        for (id, sources) in stages where apis[id].map({ !$0.hasPlainKind(resources[id]?.kind) }) == true {
            diagnostics.emit(.stageBeside(sources[0].name, id))
        }
    }

    private mutating func lowerStage(_ sources: [StageSource], of id: String) {
        guard var draft = apis[id] else { return }
        guard let first = sources.first else {
            if !draft.isQuickCreated { diagnostics.emit(.stageMissing(id, draft.api.stage, at: resources[id]?.idSpan)) }
            return
        }
        for other in sources.dropFirst() { diagnostics.emit(.stageChosen(first.name, other.name, id)) }
        if let name = first.name.text(into: &diagnostics) {
            if Self.isStageName(name, draft.kind) {
                draft.api.stage = name
            } else {
                diagnostics.emit(.stageName(name, first.name, draft.kind))
            }
        }
        if let variables = first.settings["Variables"] ?? first.settings["StageVariables"] {
            draft.api.stageVariables = stageVariables(of: variables)
        }
        lowerSettings(first.settings, into: &draft)
        if first.settings["ThrottlingRateLimit"] != nil || first.settings["ThrottlingBurstLimit"] != nil {
            // `StageDescription` of a deployment has the stage's limit beside those of methods.
            let limits = Property(
                name: "StageDescription",
                owner: first.settings.owner,
                nameSpan: first.settings.span,
                value: Value(.map(first.settings.members), at: first.settings.span)
            )
            draft.api.throttle = draft.api.throttle ?? throttle(limits)
        }
        apis[id] = draft
    }

}

extension APIDraft {
    /// Whether the API is one of plain CloudFormation's.
    fileprivate func hasPlainKind(_ kind: Resource.Kind?) -> Bool { kind == .plainRestAPI || kind == .plainAPI }
}

extension DiagnosticCode {
    static let stageChosen = DiagnosticCode(
        "stage-chosen",
        .warning,
        """
        The API has several stages with names and variables of their own. A manifest has one stage of each API: the \
        first in the template, or that of SAM.
        """
    )
    static let stageMissing = DiagnosticCode(
        "stage-missing",
        .warning,
        """
        The API has neither a stage nor a deployment with a `StageName`, so nobody can call it once it is deployed. \
        Locally it is served.
        """
    )
}

extension Diagnostic {
    fileprivate static func stageChosen(_ first: Property, _ other: Property, _ id: String) -> Diagnostic {
        Diagnostic(
            .stageChosen,
            "'\(id)' has several stages; '\(first.value.openText ?? first.owner)' is the one that is served",
            at: other.span,
            notes: [Note("it is declared here", at: first.span)]
        )
    }

    fileprivate static func stageBeside(_ property: Property, _ id: String) -> Diagnostic {
        Diagnostic(
            .stageChosen,
            "\(property.words) is a stage beside the one that SAM makes of '\(id)'; it is not served",
            at: property.span
        )
    }

    fileprivate static func stageMissing(_ id: String, _ stage: String, at span: Span?) -> Diagnostic {
        Diagnostic(.stageMissing, "'\(id)' has no stage; '\(stage)' is taken", at: span)
    }
}
