// One line and one example for each code, by area; a test compiles the examples and insists on completeness.

internal import Diagnostics

/// The entries of the catalogue by the names of their codes.
enum DiagnosticEntries {
    /// All of them; one name in two areas is a mistake of ours.
    static let all: [String: DiagnosticEntry] = [
        authorizers, cors, checks, documents, environment, expansion, functions, integrations, intrinsics, properties,
        resources, routes, stacks, templates, yaml,
    ].reduce(into: [:]) { all, area in
        all.merge(area) { _, _ in preconditionFailure("a code has two entries") }
    }
}
