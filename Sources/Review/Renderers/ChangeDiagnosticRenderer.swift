// Changes as diagnostics, for what shows those: code scanning and the annotations of pull requests.

internal import Diagnostics
internal import JSON

/// Renders changes by the renderers of diagnostics.
package struct ChangeDiagnosticRenderer: Sendable {
    private let file: String

    /// - Parameter file: the template or manifest that stands for changes whose lines are not known.
    package init(file: String) { self.file = file }

    /// Workflow commands of GitHub Actions, the worst first: GitHub shows ten of a kind.
    package func github(_ report: ChangeReport) -> String {
        let diagnostics = report.changes.map(diagnostic).enumerated().sorted { left, right in
            (left.element.severity, left.offset) < (right.element.severity, right.offset)
        }
        return DiagnosticGitHubRenderer.render(diagnostics.map(\.element))
    }

    /// A log of SARIF 2.1.0, its results in the order of the report; accepted changes are suppressed ones.
    ///
    /// - Parameters:
    ///   - report: the changes.
    ///   - toolName: the name of the program.
    ///   - version: its version.
    ///   - workingFolder: the absolute path of the folder that the paths of spans start from.
    /// - Returns: the text of the log.
    package func sarif(
        _ report: ChangeReport,
        toolName: String,
        version: String,
        workingFolder: String
    ) -> String {
        let renderer = DiagnosticSARIFRenderer(
            toolName: toolName,
            version: version,
            workingFolder: workingFolder,
            entries: [:]
        )
        var rules: [DiagnosticCode: JSONObject] = [:]
        for change in report.changes {
            let code = change.rule.code
            if rules[code] == nil { rules[code] = JSONObject([("shortDescription", text(change.rule.summary))]) }
            if change.security == .weakens || change.rule.security == .weakens {
                rules[code]?["properties"] = ["tags": ["security"], "security-severity": .string(Self.severity)]
            }
        }
        return renderer.render(report.changes.map(diagnostic), rules: rules, results: report.changes.map(further))
    }

    /// What GitHub shows as high, on the scale of CVSS.
    private static let severity = "7.5"

    private func text(_ text: String) -> JSONValue { ["text": .string(text)] }

    private func diagnostic(_ change: Change) -> Diagnostic {
        let place = change.place.api.map { " of \($0.visible)" } ?? ""
        let detail = change.detail
        var judgement = [change.impact.rawValue] + (change.security.map { [$0.words] } ?? [])
        if change.isPublic { judgement.append("public") }
        var message = "\(change.symbol.word) '\(change.name)'\(place)"
        if !detail.isEmpty { message += ": \(detail)" }
        message += " (\(judgement.joined(separator: ", ")))"
        var notes = [Diagnostic.Note(change.rule.summary)]
        if let example = change.exampleText { notes.append(Diagnostic.Note(example)) }
        if let reason = change.acceptance { notes.append(Diagnostic.Note("accepted: \(reason.visible)")) }
        let span = change.newSpan ?? Span(startOf: file)
        var diagnostic = Diagnostic(change.rule.code, message, at: span, notes: notes)
        diagnostic.severity =
            change.acceptance == nil ? Severity(impact: change.impact, security: change.security) : .note
        return diagnostic
    }

    /// What code scanning is told of a change beyond a diagnostic.
    private func further(_ change: Change) -> JSONObject {
        var object = JSONObject()
        let names = [change.rule.id, change.place.pointer, change.member]
        let identity = TextFingerprint.of(names.map { JSONValue.string($0).compactText }.joined(separator: " "))
        object["partialFingerprints"] = ["changeIdentity/v1": .string(identity)]
        var properties = JSONObject([("impact", .string(change.impact.rawValue))])
        properties["security"] = change.security.map { .string($0.rawValue) }
        object["properties"] = .object(properties)
        if let reason = change.acceptance {
            object["suppressions"] = [["kind": "external", "justification": .string(reason)]]
        }
        return object
    }
}

extension ChangeRule {
    /// The rule as a kind of diagnostic.
    var code: DiagnosticCode {
        DiagnosticCode(id, Severity(impact: impact, security: security), explanation)
    }
}

extension Severity {
    /// How loudly a change is said.
    init(impact: Impact, security: SecurityEffect?) {
        self =
            switch (impact, security) {
            case (.breaking, _), (_, .weakens): .error
            case (.risky, _), (_, .review): .warning
            case (.compatible, _): .note
            }
    }
}
