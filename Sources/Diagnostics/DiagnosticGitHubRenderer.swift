// Diagnostics for GitHub Actions, which shows them beside the lines of a pull request.

/// Renders diagnostics as workflow commands of GitHub Actions.
package enum DiagnosticGitHubRenderer {
    /// One command a diagnostic, each on a line of its own, in the order given:
    /// `::error file=…,line=…,endLine=…,col=…,endColumn=…,title=…::…`. Notes and fixes are further lines of the message.
    ///
    /// The form and its escapes are those of GitHub's "Workflow commands for GitHub Actions" and of its toolkit.
    package static func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { command($0) + "\n" }.joined()
    }

    private static func command(_ diagnostic: Diagnostic) -> String {
        var properties: [(name: String, value: String)] = []
        if let span = diagnostic.span {
            properties = [("file", span.file), ("line", "\(span.start.line)"), ("endLine", "\(span.end.line)")]
            // Columns make sense to GitHub within one line only; its end column is part of the stretch.
            if span.end.line == span.start.line {
                let last = max(span.start.column, span.end.column - 1)
                properties += [("col", "\(span.start.column)"), ("endColumn", "\(last)")]
            }
        }
        properties.append(("title", diagnostic.code.name))
        let list = properties.map { "\($0.name)=\(escaped($0.value, isProperty: true))" }.joined(separator: ",")
        return "::\(name(diagnostic.severity)) \(list)::\(escaped(message(diagnostic), isProperty: false))"
    }

    private static func name(_ severity: Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .note: "notice"
        }
    }

    private static func message(_ diagnostic: Diagnostic) -> String {
        var lines = [diagnostic.message]
        for note in diagnostic.notes {
            let place = note.span.map { " (\($0.file):\($0.start.line):\($0.start.column))" } ?? ""
            lines.append("note: \(note.message)\(place)")
        }
        lines += diagnostic.fixIts.map { "fix: \($0.message)" }
        return lines.joined(separator: "\n")
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": output += "%25"
            case "\r": output += "%0D"
            case "\n": output += "%0A"
            case ":" where isProperty: output += "%3A"
            case "," where isProperty: output += "%2C"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
