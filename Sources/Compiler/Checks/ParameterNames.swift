// Parameters of paths that have different names at one position.

internal import Diagnostics
internal import Manifest

/// Finds siblings such as `/pets/{id}` and `/pets/{name}/toys`, which a REST API refuses and an HTTP API takes.
///
/// A resource of a REST API has one child at most whose part of the path is a variable (API Gateway REST API reference,
/// CreateResource).
enum ParameterNames {
    /// Reports each position of paths that has several names.
    static func check(
        _ routes: [Lowering.RouteDraft],
        of manifest: Manifest,
        into diagnostics: inout DiagnosticCollector
    ) {
        var first: [String: (name: String, draft: Lowering.RouteDraft)] = [:]
        // Once for each position, whichever of the names comes first.
        var reported: Set<String> = []
        for draft in routes.sorted(by: { $0.span < $1.span }) where manifest.apis[draft.api]?.kind == .rest {
            guard case .path(_, let pattern) = draft.key else { continue }
            var position = "\(draft.api) "
            for segment in pattern.segments {
                position += "/"
                guard case .parameter(let name) = segment else {
                    position += "\(segment)"
                    continue
                }
                if let other = first[position] {
                    if other.name != name, reported.insert(position).inserted {
                        diagnostics.emit(.names(name, of: draft, other.name, of: other.draft))
                    }
                } else {
                    first[position] = (name, draft)
                }
                position += "{}"
            }
        }
    }
}

extension DiagnosticCode {
    static let parameterNames = DiagnosticCode(
        "parameter-names",
        .warning,
        """
        Two paths of a REST API have parameters of different names at the same position (`/pets/{id}` and \
        `/pets/{name}/toys`), which API Gateway refuses when the API is deployed. Give the parameter one name; HTTP \
        APIs take both.
        """
    )
}

extension Diagnostic {
    fileprivate static func names(
        _ name: String,
        of draft: Lowering.RouteDraft,
        _ otherName: String,
        of other: Lowering.RouteDraft
    ) -> Diagnostic {
        Diagnostic(
            .parameterNames,
            "'{\(name)}' of '\(draft.key)' stands where '\(other.key)' has '{\(otherName)}'; a REST API has one name there",
            at: draft.span,
            notes: [Note("'\(other.key)' is here", at: other.span)]
        )
    }
}
