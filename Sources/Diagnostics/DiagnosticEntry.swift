// What a catalogue says about a code beyond its explanation: one line, and an example with its mend.

/// A code's entry in a catalogue.
package struct DiagnosticEntry: Hashable, Sendable {
    /// Where the lines of an example would stand.
    package enum Place: String, CaseIterable, Hashable, Sendable {
        /// A whole template.
        case template
        /// Below `Resources:` of a template.
        case resources
        /// Below `Properties:` of a function `Ratings`, `Handler` and the like apart.
        case function
        /// Below `Events:` of a function `Ratings`.
        case events
        /// Below `Properties:` of a REST API `Shop`, its `StageName` apart.
        case restAPI
        /// Below `Properties:` of an HTTP API `Shop`.
        case httpAPI
        /// The `DefinitionBody` of a REST API.
        case document
        /// The file of `--env-vars`, in JSON; the template has a function `Ratings` that declares `TABLE`.
        case environment
        /// The file of `--env-vars`, in `.env` format, beside the same template.
        case dotenv
        /// The file of `--endpoints`, beside the same template.
        case endpoints
        /// The file of `--parameter-overrides`, in YAML, beside a template with the parameter `StageName`.
        case parameters
        /// `samconfig.toml`.
        case configuration
        /// The command line.
        case command
    }

    /// What the code means, as the rest of a sentence in Markdown, without a full stop.
    package let summary: String
    package let place: Place
    /// The lines that raise it.
    package let faulty: String
    /// The lines that do not; nil where there is no mend that fits into a few lines.
    package let mended: String?

    package init(_ summary: String, _ place: Place, faulty: String, mended: String? = nil) {
        self.summary = summary
        self.place = place
        self.faulty = faulty
        self.mended = mended
    }

    /// What there is to say about a code, in Markdown, with a line feed at the end.
    ///
    /// - Parameter code: the code that the entry is of.
    /// - Returns: the severity and the summary, the explanation, the example and its mended form.
    package func page(of code: DiagnosticCode) -> String {
        let severity =
            switch code.severity {
            case .error: "Error"
            case .warning: "Warning"
            case .note: "Note"
            }
        var parts = ["**\(severity)**: \(summary).", code.explanation]
        parts.append("\(place.words) raises it:\n\n\(Self.block(faulty))")
        if let mended { parts.append("Mended:\n\n\(Self.block(mended))") }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func block(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    }
}

extension DiagnosticEntry.Place {
    /// The beginning of the sentence above an example.
    fileprivate var words: String {
        switch self {
        case .template: "This template"
        case .resources: "Below `Resources:`, this"
        case .function: "Below `Properties:` of a function, this"
        case .events: "Below `Events:` of a function, this"
        case .restAPI: "Below `Properties:` of an `AWS::Serverless::Api`, this"
        case .httpAPI: "Below `Properties:` of an `AWS::Serverless::HttpApi`, this"
        case .document: "As the `DefinitionBody` of an API, this"
        case .environment: "In the file of `--env-vars`, this"
        case .dotenv: "In a `.env` file of `--env-vars`, this"
        case .endpoints: "In the file of `--endpoints`, this"
        case .parameters: "In a file of `--parameter-overrides`, this"
        case .configuration: "In `samconfig.toml`, this"
        case .command: "On the command line, this"
        }
    }
}
