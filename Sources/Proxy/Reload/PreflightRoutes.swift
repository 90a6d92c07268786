// The mock OPTIONS methods of a REST API with cross-origin settings.

internal import Manifest

/// Adds what SAM adds: each path without an OPTIONS method gets one that answers with fixed fields (SAM, "Api", `Cors`).
enum PreflightRoutes {
    /// An API with its preflights as routes.
    static func added(to api: API) -> API {
        guard api.kind == .rest, let cors = api.cors else { return api }
        var paths: [String: (pattern: PathPattern, methods: Set<RouteMethod>)] = [:]
        for case .path(let method, let pattern) in api.routes.keys.sorted() {
            paths[pattern.shape, default: (pattern, [])].methods.insert(method)
        }
        var api = api
        for (pattern, methods) in paths.values where !methods.contains(.options) {
            var route = Route(target: .integration(mock(cors, methods)), auth: cors.preflightAuth ?? .none)
            route.isKeyRequired = cors.isPreflightKeyRequired
            api.routes[.path(.options, pattern)] = route
        }
        return api
    }

    private static func mock(_ cors: CORS, _ methods: Set<RouteMethod>) -> RouteIntegration {
        let every: [RouteMethod] = [.delete, .get, .head, .options, .patch, .post, .put]
        let allowed = every.filter { methods.contains(.any) || methods.contains($0) || $0 == .options }.map(\.rawValue)
        let fields = [
            ("Access-Control-Allow-Origin", cors.allowOrigins.joined(separator: ",")),
            (
                "Access-Control-Allow-Methods",
                (cors.allowMethods.isEmpty ? allowed : cors.allowMethods).joined(separator: ",")
            ),
            ("Access-Control-Allow-Headers", cors.allowHeaders.joined(separator: ",")),
            ("Access-Control-Max-Age", cors.maxAgeSeconds.map { String($0) } ?? ""),
            ("Access-Control-Allow-Credentials", cors.allowCredentials ? "true" : ""),
        ]
        var answer = RouteIntegration.Response(statusCode: "200")
        for (name, value) in fields where !value.isEmpty {
            answer.parameters["method.response.header.\(name)"] = "'\(value)'"
        }
        answer.templates["application/json"] = "{}\n"
        var mock = RouteIntegration(kind: .mock)
        // Whatever the media type, so that a browser that names another is answered all the same.
        mock.templates["$default"] = #"{"statusCode": 200}"#
        mock.responses["default"] = answer
        return mock
    }
}
