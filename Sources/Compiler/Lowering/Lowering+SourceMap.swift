// Where the parts of a manifest stand in the template: routes, functions and settings by JSON pointer.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// Where what was lowered stands.
    ///
    /// - Parameters:
    ///   - routes: the routes that are left after the ones that stand twice are gone.
    ///   - identity: what the manifest calls something that this stack declares.
    ///   - function: the same of functions.
    /// - Returns: the places of APIs, authorizers, routes, functions, keys and plans, and those of the settings that
    ///   stand in properties of their own.
    func sourceMap(
        _ routes: [RouteDraft],
        identity: (String) -> String,
        function: (String) -> String
    ) -> SourceMap {
        var map = SourceMap()
        for id in functions.keys {
            guard let resource = resources[id] else { continue }
            let path = ["functions", function(id)]
            map[SourceMap.pointer(path)] = resource.idSpan
            map.add(Self.functionSettings, of: resource.properties, to: path)
            for variable in resource.properties["Environment"]?["Variables"]?.members ?? [] {
                map[SourceMap.pointer(path + ["environment", variable.key])] = variable.keySpan
            }
        }
        for (id, draft) in apis {
            let path = ["apis", identity(id)]
            if let resource = resources[id] {
                map[SourceMap.pointer(path)] = resource.idSpan
                map.add(Self.apiSettings, of: resource.properties, to: path)
            }
            for (name, span) in draft.authorizerSpans {
                map[SourceMap.pointer(path + ["authorizers", name])] = span
            }
        }
        for draft in routes {
            let api = SourceMap.pointer(["apis", identity(draft.api)])
            // The API of a function URL has no resource of its own.
            if map[api] == nil { map[api] = draft.span }
            let path = ["apis", identity(draft.api), "routes", draft.key.description]
            map[SourceMap.pointer(path)] = draft.span
            guard let span = draft.authSpan else { continue }
            for member in ["auth", "scopes", "apiKeyRequired"] { map[SourceMap.pointer(path + [member])] = span }
        }
        for id in apiKeys.keys { map[SourceMap.pointer(["apiKeys", identity(id)])] = resources[id]?.idSpan }
        for id in usagePlans.keys { map[SourceMap.pointer(["usagePlans", identity(id)])] = resources[id]?.idSpan }
        return map
    }

    /// Members of a function in the manifest, and the properties that they come from.
    private static let functionSettings: [String: [[String]]] = [
        "name": [["FunctionName"]],
        "runtime": [["Runtime"]],
        "handler": [["Handler"]],
        "code": [["CodeUri"], ["Code"]],
        "inlineCode": [["InlineCode"], ["Code", "ZipFile"]],
        "image": [["ImageUri"], ["Code", "ImageUri"], ["ImageConfig"]],
        "layers": [["Layers"]],
        "architecture": [["Architectures"]],
        "timeoutSeconds": [["Timeout"]],
        "memoryMegabytes": [["MemorySize"]],
        "ephemeralStorageMegabytes": [["EphemeralStorage"]],
        "reservedConcurrency": [["ReservedConcurrentExecutions"]],
        "environment": [["Environment", "Variables"], ["Environment"]],
    ]

    /// The same of an API.
    private static let apiSettings: [String: [[String]]] = [
        "stage": [["StageName"]],
        "stageVariables": [["Variables"], ["StageVariables"]],
        "domains": [["Domain"]],
        "defaultEndpoint": [["DisableExecuteApiEndpoint"]],
        "routeSelection": [["RouteSelectionExpression"]],
        "cors": [["Cors"], ["CorsConfiguration"]],
        "cors/allowOrigins": [["Cors", "AllowOrigin"], ["CorsConfiguration", "AllowOrigins"]],
        "cors/allowMethods": [["Cors", "AllowMethods"], ["CorsConfiguration", "AllowMethods"]],
        "cors/allowHeaders": [["Cors", "AllowHeaders"], ["CorsConfiguration", "AllowHeaders"]],
        "cors/exposeHeaders": [["CorsConfiguration", "ExposeHeaders"]],
        "cors/maxAgeSeconds": [["Cors", "MaxAge"], ["CorsConfiguration", "MaxAge"]],
        "cors/allowCredentials": [["Cors", "AllowCredentials"], ["CorsConfiguration", "AllowCredentials"]],
        "binaryTypes": [["BinaryMediaTypes"]],
        "minimumCompressionBytes": [["MinimumCompressionSize"]],
        "policy": [["Auth", "ResourcePolicy"], ["Policy"]],
        "apiKeySource": [["ApiKeySourceType"]],
        "authorizers": [["Auth", "Authorizers"], ["Auth"]],
        "models": [["Models"]],
        "gatewayResponses": [["GatewayResponses"]],
        "throttle": [["MethodSettings"], ["DefaultRouteSettings"]],
        "canary": [["CanarySetting"]],
        "accessLogFormat": [["AccessLogSetting"], ["AccessLogSettings"]],
    ]
}

extension SourceMap {
    /// Adds the places of settings, of each the first property that is there.
    fileprivate mutating func add(_ settings: [String: [[String]]], of properties: Value, to path: [String]) {
        for (member, places) in settings {
            let span = places.lazy.compactMap { properties.keySpan($0) }.first
            if let span { self[SourceMap.pointer(path + member.split(separator: "/").map(String.init))] = span }
        }
    }
}

extension Value {
    /// Where the name of a property within properties stands; nil where there is none.
    fileprivate func keySpan(_ path: [String]) -> Span? {
        var value = self
        var span: Span?
        for name in path {
            guard let member = value.members?.first(where: { $0.key == name }) else { return nil }
            (span, value) = (member.keySpan, member.value)
        }
        return span
    }
}
