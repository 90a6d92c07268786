// A code's section in the documentation, which is also what `samovar explain` and code scanners show.

extension DiagnosticCode {
    /// What there is to say about the code, in Markdown, with a line feed at the end.
    ///
    /// - Parameter heading: a line to stand first; nil for none.
    /// - Returns: the heading, the summary, the explanation, the example and its mended form.
    package func page(heading: String?) -> String {
        var parts = heading.map { [$0] } ?? []
        parts.append("**\(severity == .error ? "Error" : "Warning")**\(summary.isEmpty ? "" : ": \(summary)")")
        parts.append(explanation)
        if let example {
            parts.append("\(example.place.words) raises it:\n\n\(Self.block(example.faulty))")
            if let mended = example.mended { parts.append("Mended:\n\n\(Self.block(mended))") }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func block(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    }
}

extension DiagnosticExample.Place {
    /// The beginning of the sentence above an example.
    fileprivate var words: String {
        switch self {
        case .template: "This template"
        case .resources: "Below `Resources:`, this"
        case .function: "Below `Properties:` of a function, this"
        case .environment: "As the file of `--env-vars`, this"
        case .dotenv: "As a `.env` file of `--env-vars`, this"
        case .endpoints: "As the file of `--endpoints`, this"
        case .configuration: "As `samconfig.toml`, this"
        case .command: "On the command line, this"
        }
    }
}
