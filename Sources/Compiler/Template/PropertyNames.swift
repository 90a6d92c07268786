// The names that resource types know, so that a misspelt one is found.

/// The names of properties by what they are properties of.
enum PropertyNames {
    /// The sections of a template.
    static let sections = [
        "AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Hooks", "Mappings", "Metadata", "Outputs",
        "Parameters", "Resources", "Rules", "Transform",
    ]

    /// The properties that say who may call routes.
    static let protections: Set<String> = [
        "ApiKeyRequired", "Auth", "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "Policy",
        "RequestValidatorId",
    ]

    /// What stands beside `Properties` in a resource.
    static let resourceAttributes = [
        "Condition", "Connectors", "CreationPolicy", "DeletionPolicy", "DependsOn", "IgnoreGlobals", "Metadata",
        "Properties", "Type", "UpdatePolicy", "UpdateReplacePolicy",
    ]

    /// What stands in a parameter's declaration.
    static let parameter = [
        "AllowedPattern", "AllowedValues", "ConstraintDescription", "Default", "Description", "MaxLength", "MaxValue",
        "MinLength", "MinValue", "NoEcho", "Type",
    ]

    /// `AWS::Serverless::Function`.
    static let function = [
        "Architectures", "AssumeRolePolicyDocument", "AutoPublishAlias", "AutoPublishAliasAllProperties",
        "AutoPublishCodeSha256", "CapacityProviderConfig", "CodeSigningConfigArn", "CodeUri", "DeadLetterQueue",
        "DeploymentPreference", "Description", "DurableConfig", "Environment", "EphemeralStorage", "EventInvokeConfig",
        "Events", "FileSystemConfigs", "FunctionName", "FunctionScalingConfig", "FunctionUrlConfig", "Handler",
        "ImageConfig", "ImageUri", "InlineCode", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType",
        "PermissionsBoundary", "Policies", "PropagateTags", "ProvisionedConcurrencyConfig", "PublishToLatestPublished",
        "RecursiveLoop", "ReservedConcurrentExecutions", "Role", "RolePath", "Runtime", "RuntimeManagementConfig",
        "SnapStart", "SourceKMSKeyArn", "Tags", "TenancyConfig", "Timeout", "Tracing", "VersionDeletionPolicy",
        "VersionDescription", "VpcConfig",
    ]

    /// `AWS::Serverless::Api`.
    static let restAPI = [
        "AccessLogSetting", "AlwaysDeploy", "ApiKeySourceType", "Auth", "BinaryMediaTypes", "CacheClusterEnabled",
        "CacheClusterSize", "CanarySetting", "Cors", "DefinitionBody", "DefinitionUri", "Description",
        "DisableExecuteApiEndpoint", "Domain", "EndpointAccessMode", "EndpointConfiguration", "FailOnWarnings",
        "GatewayResponses", "MergeDefinitions", "MethodSettings", "MinimumCompressionSize", "Mode", "Models", "Name",
        "OpenApiVersion", "Policy", "PropagateTags", "SecurityPolicy", "StageName", "Tags", "TracingEnabled",
        "Variables",
    ]

    /// `AWS::Serverless::HttpApi`.
    static let httpAPI = [
        "AccessLogSettings", "Auth", "CorsConfiguration", "DefaultRouteSettings", "DefinitionBody", "DefinitionUri",
        "Description", "DisableExecuteApiEndpoint", "Domain", "FailOnWarnings", "Name", "PropagateTags",
        "RouteSettings", "StageName", "StageVariables", "Tags",
    ]

    /// `AWS::Serverless::WebSocketApi`.
    static let webSocketAPI = [
        "AccessLogSettings", "ApiKeySelectionExpression", "Auth", "DefaultRouteSettings", "Description",
        "DisableExecuteApiEndpoint", "DisableSchemaValidation", "Domain", "FailOnWarnings", "IpAddressType", "Name",
        "PropagateTags", "RouteSelectionExpression", "RouteSettings", "Routes", "StageName", "StageVariables", "Tags",
    ]

    /// `AWS::Serverless::StateMachine`.
    static let stateMachine = [
        "AutoPublishAlias", "Definition", "DefinitionSubstitutions", "DefinitionUri", "DeploymentPreference", "Events",
        "Logging", "Name", "PermissionsBoundary", "Policies", "PropagateTags", "Role", "RolePath", "Tags", "Tracing",
        "Type", "UseAliasAsEventTarget",
    ]

    /// `AWS::Serverless::LayerVersion`.
    static let layer = [
        "CompatibleArchitectures", "CompatibleRuntimes", "ContentUri", "Description", "LayerName", "LicenseInfo",
        "PublishLambdaVersion", "RetentionPolicy",
    ]

    /// `FunctionUrlConfig`.
    static let functionURL = ["AuthType", "Cors", "InvokeMode"]

    /// The events of a function that are routes.
    static let restEvent = [
        "Auth", "Method", "Path", "RequestModel", "RequestParameters", "ResponseTransferMode", "RestApiId",
        "TimeoutInMillis",
    ]
    static let httpEvent = [
        "ApiId", "Auth", "Method", "Path", "PayloadFormatVersion", "RouteSettings", "TimeoutInMillis",
    ]

    static let stateMachineEvent = ["Auth", "Method", "Path", "RestApiId", "Stage", "UnescapeMappingTemplate"]

    /// `Routes` and `Auth` of `AWS::Serverless::WebSocketApi`.
    static let webSocketRoute = [
        "ApiKeyRequired", "FunctionArn", "IntegrationTimeout", "ModelSelectionExpression", "OperationName",
        "RequestModels", "RequestParameters", "RouteResponseSelectionExpression",
    ]
    static let webSocketAuth = ["AuthArn", "AuthType", "IdentitySource", "InvokeRole", "Name"]

    /// `Auth` of APIs and of events.
    static let restAuth = [
        "AddApiKeyRequiredToCorsPreflight", "AddDefaultAuthorizerToCorsPreflight", "ApiKeyRequired", "Authorizers",
        "DefaultAuthorizer", "InvokeRole", "ResourcePolicy", "UsagePlan",
    ]
    static let httpAuth = ["Authorizers", "DefaultAuthorizer", "EnableIamAuthorizer"]
    static let restEventAuth = [
        "ApiKeyRequired", "AuthorizationScopes", "Authorizer", "InvokeRole", "OverrideApiAuth", "ResourcePolicy",
    ]
    static let httpEventAuth = ["AuthorizationScopes", "Authorizer"]

    /// `Cors` and `CorsConfiguration`.
    static let restCORS = ["AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigin", "MaxAge"]
    static let httpCORS = [
        "AllowCredentials", "AllowHeaders", "AllowMethods", "AllowOrigins", "ExposeHeaders", "MaxAge",
    ]

    /// What a resource's type may spell in `Properties`.
    static func of(_ kind: Resource.Kind) -> [String] {
        switch kind {
        case .function: function
        case .restAPI: restAPI
        case .httpAPI: httpAPI
        case .webSocketAPI: webSocketAPI
        case .stateMachine: stateMachine
        case .layer: layer
        default: cloudFormation[kind] ?? []
        }
    }

    /// The shapes of what a resource's type may spell in `Properties`.
    static func shapes(of kind: Resource.Kind) -> [String: PropertyShape] {
        switch kind {
        case .function: PropertyShape.function
        case .restAPI: PropertyShape.restAPI
        case .httpAPI: PropertyShape.httpAPI
        default: [:]
        }
    }

    /// The types of the SAM specification.
    static let serverlessTypes = [
        "AWS::Serverless::Api", "AWS::Serverless::Application", "AWS::Serverless::CapacityProvider",
        "AWS::Serverless::Connector", "AWS::Serverless::Function", "AWS::Serverless::GraphQLApi",
        "AWS::Serverless::HttpApi", "AWS::Serverless::LayerVersion", "AWS::Serverless::MicrovmImage",
        "AWS::Serverless::NetworkConnector", "AWS::Serverless::SimpleTable", "AWS::Serverless::StateMachine",
        "AWS::Serverless::WebFunction", "AWS::Serverless::WebSocketApi",
    ]
}
