// What may stand in Globals: its sections, and the properties of each.

/// The properties that the SAM translator takes in `Globals`, by the section's name.
enum GlobalNames {
    /// The properties by the section.
    static let properties: [String: [String]] = [
        "Function": [
            "Architectures", "AssumeRolePolicyDocument", "AutoPublishAlias", "AutoPublishAliasAllProperties",
            "CapacityProviderConfig", "CodeSigningConfigArn", "CodeUri", "DeadLetterQueue", "DeploymentPreference",
            "Description", "DurableConfig", "Environment", "EphemeralStorage", "EventInvokeConfig",
            "FileSystemConfigs", "FunctionScalingConfig", "FunctionUrlConfig", "Handler", "KmsKeyArn", "Layers",
            "LoggingConfig", "MemorySize", "PermissionsBoundary", "PropagateTags", "ProvisionedConcurrencyConfig",
            "PublishToLatestPublished", "RecursiveLoop", "ReservedConcurrentExecutions", "RolePath", "Runtime",
            "RuntimeManagementConfig", "SnapStart", "SourceKMSKeyArn", "Tags", "TenancyConfig", "Timeout", "Tracing",
            "VersionDeletionPolicy", "VpcConfig",
        ],
        "Api": [
            "AccessLogSetting", "AlwaysDeploy", "Auth", "BinaryMediaTypes", "CacheClusterEnabled", "CacheClusterSize",
            "CanarySetting", "Cors", "DefinitionUri", "Domain", "EndpointAccessMode", "EndpointConfiguration",
            "GatewayResponses", "MergeDefinitions", "MethodSettings", "MinimumCompressionSize", "Name",
            "OpenApiVersion", "PropagateTags", "SecurityPolicy", "TracingEnabled", "Variables",
        ],
        "HttpApi": [
            "AccessLogSettings", "Auth", "CorsConfiguration", "DefaultRouteSettings", "Domain", "FailOnWarnings",
            "PropagateTags", "RouteSettings", "StageVariables", "Tags",
        ],
        "WebSocketApi": [
            "AccessLogSettings", "ApiKeySelectionExpression", "DefaultRouteSettings", "DisableExecuteApiEndpoint",
            "DisableSchemaValidation", "Domain", "FailOnWarnings", "IpAddressType", "PropagateTags",
            "RouteSelectionExpression", "RouteSettings", "StageVariables", "Tags",
        ],
        "SimpleTable": ["SSESpecification"],
        "StateMachine": ["PropagateTags"],
        "LayerVersion": ["PublishLambdaVersion"],
        "CapacityProvider": [
            "InstanceRequirements", "KmsKeyArn", "LoggingConfig", "ManagedResourceTags", "OperatorRole",
            "PropagateTags", "ScalingConfig", "Tags", "VpcConfig",
        ],
        "MicrovmImage": [
            "AdditionalOsCapabilities", "BaseImageArn", "BaseImageVersion", "BuildRoleArn", "CpuConfigurations",
            "EgressNetworkConnectors", "EnvironmentVariables", "Hooks", "Logging", "PropagateTags", "Resources", "Tags",
        ],
        "NetworkConnector": ["OperatorRole", "PropagateTags", "Tags"],
    ]

    /// The sections.
    static let sections = properties.keys.sorted()

    /// The properties whose lists are not put one after the other: the resource's replaces the global one.
    static let replaced = ["Function.Architectures"]
}
