// The one order of the plugins, with its reasons.

internal import JSON

/// Every plugin there is, in the order in which requests meet them; responses and completions meet them the same way.
enum PluginOrder {
    static let types: [any Plugin.Type] = [
        // First, so that whatever answers and whatever logs has the ids.
        RequestIDPlugin.self,
        // Before every check that may refuse: a preflight carries no credentials (Fetch standard, section 4.8), and
        // an HTTP API answers it before it routes or authorizes. It also puts the fields on refusals.
        CORSPlugin.self,
        // Before who calls is asked, which costs more.
        APIKeyPlugin.self,
        // Before all that evaluates the ARN.
        MethodARNPlugin.self,
        // Before authorizers, as what the policy denies asks none of them.
        ResourcePolicyPlugin.self,
        // After the resource policy, whose denials cost nothing, and before the manifest's own authorizers: what the
        // service adds to a request is there for them.
        ForwardAuthPlugin.self,
        // Who calls: a route has one authorizer, so that the order among these does not matter.
        LambdaAuthorizerPlugin.self,
        JWTPlugin.self,
        CognitoPlugin.self,
        IAMPlugin.self,
        // Behind the authorizers: a request that they refuse is not counted, and they may name the API key.
        ThrottlingPlugin.self,
        // After everything that asks who calls: what is wrong with a request is nobody's business who may not send it.
        // Before it the content is made what the client means by it.
        CompressionPlugin.self,
        ValidationPlugin.self,
        // Last, as they only look: what they see of a response is what the client gets.
        MetricsPlugin.self,
        AccessLogPlugin.self,
    ]

    /// Makes the plugins from the configuration's `plugins`.
    ///
    /// - Throws: `JSONShapeError` for a name that no plugin has, and for settings that are wrong.
    static func make(_ settings: JSONReader?, services: PluginServices) throws(JSONShapeError) -> [any Plugin] {
        guard let settings else {
            return try make(JSONReader(.object(JSONObject())), services: services)
        }
        return try settings.object { (object) throws(JSONShapeError) in
            var plugins: [any Plugin] = []
            for type in types {
                let member =
                    object.optional(type.name)
                    ?? JSONReader(.object(JSONObject()), pointer: "\(settings.pointer)/\(type.name)")
                plugins.append(try type.init(settings: member, services: services))
            }
            return plugins
        }
    }
}
