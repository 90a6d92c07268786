// The shapes of the properties that SAM itself checks, whatever the compiler reads of them.

/// What the value of a property must be.
enum PropertyShape: String, Sendable {
    case list = "a list"
    case mapping = "a mapping"
    case flag = "true or false"
    case text = "a text"

    /// `AWS::Serverless::Function`.
    static let function: [String: PropertyShape] = [
        "AssumeRolePolicyDocument": .mapping, "AutoPublishAlias": .text, "AutoPublishAliasAllProperties": .flag,
        "AutoPublishCodeSha256": .text, "CapacityProviderConfig": .mapping, "DeadLetterQueue": .mapping,
        "DeploymentPreference": .mapping, "DurableConfig": .mapping, "Environment": .mapping,
        "EventInvokeConfig": .mapping, "Events": .mapping, "FunctionScalingConfig": .mapping,
        "FunctionUrlConfig": .mapping, "Layers": .list, "PermissionsBoundary": .text, "PropagateTags": .flag,
        "Role": .text, "SnapStart": .mapping, "Tags": .mapping,
    ]

    /// `AWS::Serverless::Api`.
    static let restAPI: [String: PropertyShape] = [
        "AccessLogSetting": .mapping, "AlwaysDeploy": .flag, "ApiKeySourceType": .text, "Auth": .mapping,
        "BinaryMediaTypes": .list, "CacheClusterEnabled": .flag, "CanarySetting": .mapping,
        "DefinitionBody": .mapping, "Description": .text, "DisableExecuteApiEndpoint": .flag, "Domain": .mapping,
        "FailOnWarnings": .flag, "GatewayResponses": .mapping, "MergeDefinitions": .flag, "MethodSettings": .list,
        "Models": .mapping, "PropagateTags": .flag, "Tags": .mapping, "TracingEnabled": .flag, "Variables": .mapping,
    ]

    /// `AWS::Serverless::HttpApi`.
    static let httpAPI: [String: PropertyShape] = [
        "AccessLogSettings": .mapping, "Auth": .mapping, "DefaultRouteSettings": .mapping,
        "DefinitionBody": .mapping, "Description": .text, "DisableExecuteApiEndpoint": .flag, "Domain": .mapping,
        "FailOnWarnings": .flag, "PropagateTags": .flag, "RouteSettings": .mapping, "StageVariables": .mapping,
        "Tags": .mapping,
    ]

    /// `Domain` of APIs.
    static let domain: [String: PropertyShape] = ["MutualTlsAuthentication": .mapping, "Route53": .mapping]

    /// Whether a value has the shape; what is not known may have it.
    func fits(_ value: Value) -> Bool {
        switch (value.content, self) {
        case (.unknown, _), (.absent, _), (.null, _), (.list, .list), (.map, .mapping), (.text, .text): true
        case (.text(let text, let isPlain), .flag):
            // SAM wants a boolean of YAML; what a function gives is a text to it in any case.
            value.isComputed || (isPlain && YAMLNode.Scalar(text: text, isPlain: true).boolean != nil)
        default: false
        }
    }
}
