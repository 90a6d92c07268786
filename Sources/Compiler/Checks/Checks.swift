// The pass Check, and its codes.

package import Diagnostics
internal import Manifest

/// Looks at all routes together.
enum Checks {
    /// Reports what is wrong with the routes as a whole.
    ///
    /// - Parameters:
    ///   - routes: the routes, with their places.
    ///   - manifest: what they became a part of.
    ///   - authorizers: where authorizers are declared, by API and name.
    ///   - file: the template.
    ///   - diagnostics: takes what is wrong.
    static func run(
        _ routes: [Lowering.RouteDraft],
        of manifest: Manifest,
        authorizers: [String: [String: Span]],
        file: String,
        into diagnostics: inout DiagnosticCollector
    ) {
        DuplicateRoutes.checkAcrossAPIs(routes, into: &diagnostics)
        FallThrough.check(routes, into: &diagnostics)
        ParameterNames.check(routes, of: manifest, into: &diagnostics)
        // Where something else is wrong, that may well be why there are no routes, or open ones.
        if diagnostics.hasErrors { return }
        PublicRoutes.check(routes, of: manifest, into: &diagnostics)
        UnusedAuthorizers.check(manifest, places: authorizers, into: &diagnostics)
        if routes.isEmpty { diagnostics.emit(.noRoutes(file)) }
    }
}

/// The codes that the pass Check raises.
package enum ChecksCodes {
    package static let all: [DiagnosticCode] = [
        .authorizerBypassed, .authorizerUnused, .noRoutes, .parameterNames, .routeClaimedTwice, .routeDuplicate,
        .routesPublic,
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
