// The pass Check, and its codes.

package import Diagnostics
internal import Manifest

/// Looks at all routes together.
enum Checks {
    /// Reports what is wrong with the routes as a whole.
    static func run(_ routes: [Lowering.RouteDraft], file: String, into diagnostics: inout DiagnosticCollector) {
        DuplicateRoutes.checkAcrossAPIs(routes, into: &diagnostics)
        FallThrough.check(routes, into: &diagnostics)
        // Where something else is wrong, that may well be why there are none.
        if routes.isEmpty && !diagnostics.hasErrors { diagnostics.emit(.noRoutes(file)) }
    }
}

/// The codes that the pass Check raises.
package enum ChecksCodes {
    package static let all: [DiagnosticCode] = [
        .authorizerBypassed, .noRoutes, .routeClaimedTwice, .routeDuplicate,
    ]
}

extension DiagnosticCode {
    package static let noRoutes = DiagnosticCode(
        "no-routes",
        .warning,
        """
        No function of the template has an event of the type `Api` or `HttpApi`, so there is nothing to serve. Give \
        one an event: `Events: {Get: {Type: HttpApi, Properties: {Path: /ratings, Method: GET}}}`.
        """
    )
}

extension Diagnostic {
    fileprivate static func noRoutes(_ file: String) -> Diagnostic {
        Diagnostic(
            .noRoutes,
            "template does not have any APIs connected to Lambda functions",
            at: Span(startOf: file)
        )
    }
}
