// The names of properties of CloudFormation's own resource types.

extension PropertyNames {
    /// What the types may spell in `Properties` (CloudFormation template reference).
    static let cloudFormation: [Resource.Kind: [String]] = lambda.merging(rest) { first, _ in first }
        .merging(version2) { first, _ in first }

    /// `Integration` of an `AWS::ApiGateway::Method`.
    static let methodIntegration = [
        "CacheKeyParameters", "CacheNamespace", "ConnectionId", "ConnectionType", "ContentHandling", "Credentials",
        "IntegrationHttpMethod", "IntegrationResponses", "IntegrationTarget", "PassthroughBehavior",
        "RequestParameters", "RequestTemplates", "ResponseTransferMode", "TimeoutInMillis", "Type", "Uri",
    ]

    /// `Route` of an `AWS::ApiGatewayV2::ApiGatewayManagedOverrides`.
    static let overriddenRoute = [
        "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "OperationName", "Target",
    ]

    private static let lambda: [Resource.Kind: [String]] = [
        .plainFunction: [
            "Architectures", "CapacityProviderConfig", "Code", "CodeSigningConfigArn", "DeadLetterConfig",
            "Description", "DurableConfig", "Environment", "EphemeralStorage", "FileSystemConfigs", "FunctionName",
            "FunctionScalingConfig", "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize",
            "PackageType", "PublishToLatestPublished", "RecursiveLoop", "ReservedConcurrentExecutions", "Role",
            "Runtime", "RuntimeManagementConfig", "SnapStart", "Tags", "TenancyConfig", "Timeout", "TracingConfig",
            "VpcConfig",
        ],
        .functionURL: ["AuthType", "Cors", "InvokeMode", "Qualifier", "TargetFunctionArn"],
        .plainLayer: [
            "CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo",
        ],
    ]

    private static let rest: [Resource.Kind: [String]] = [
        .plainRestAPI: [
            "ApiKeySourceType", "BinaryMediaTypes", "Body", "BodyS3Location", "CloneFrom", "Description",
            "DisableExecuteApiEndpoint", "EndpointAccessMode", "EndpointConfiguration", "FailOnWarnings",
            "MinimumCompressionSize", "Mode", "Name", "Parameters", "Policy", "SecurityPolicy", "Tags",
        ],
        .restResource: ["ParentId", "PathPart", "RestApiId"],
        .restMethod: [
            "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "HttpMethod", "Integration",
            "MethodResponses", "OperationName", "RequestModels", "RequestParameters", "RequestValidatorId",
            "ResourceId", "RestApiId",
        ],
        .restStage: [
            "AccessLogSetting", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting", "ClientCertificateId",
            "DeploymentId", "Description", "DocumentationVersion", "MethodSettings", "RestApiId", "StageName", "Tags",
            "TracingEnabled", "Variables",
        ],
        .restDeployment: ["DeploymentCanarySettings", "Description", "RestApiId", "StageDescription", "StageName"],
        .restAuthorizer: [
            "AuthType", "AuthorizerCredentials", "AuthorizerResultTtlInSeconds", "AuthorizerUri", "IdentitySource",
            "IdentityValidationExpression", "Name", "ProviderARNs", "RestApiId", "Type",
        ],
        .restModel: ["ContentType", "Description", "Name", "RestApiId", "Schema"],
        .restValidator: ["Name", "RestApiId", "ValidateRequestBody", "ValidateRequestParameters"],
        .restGatewayResponse: ["ResponseParameters", "ResponseTemplates", "ResponseType", "RestApiId", "StatusCode"],
        .restDomain: [
            "CertificateArn", "DomainName", "EndpointAccessMode", "EndpointConfiguration", "MutualTlsAuthentication",
            "OwnershipVerificationCertificateArn", "RegionalCertificateArn", "RoutingMode", "SecurityPolicy", "Tags",
        ],
        .restMapping: ["BasePath", "DomainName", "Id", "RestApiId", "Stage"],
        .privateDomain: [
            "CertificateArn", "DomainName", "EndpointAccessMode", "EndpointConfiguration", "Policy", "RoutingMode",
            "SecurityPolicy", "Tags",
        ],
        .privateMapping: ["BasePath", "DomainNameArn", "RestApiId", "Stage"],
        .firewall: ["ResourceArn", "WebACLArn"],
        .regionalFirewall: ["ResourceArn", "WebACLId"],
        .usagePlan: ["ApiStages", "Description", "Quota", "Tags", "Throttle", "UsagePlanName"],
        .usagePlanKey: ["KeyId", "KeyType", "UsagePlanId"],
        .apiKey: [
            "CustomerId", "Description", "Enabled", "GenerateDistinctId", "Name", "StageKeys", "Tags", "Value",
        ],
    ]

    private static let version2: [Resource.Kind: [String]] = [
        .plainAPI: [
            "ApiKeySelectionExpression", "BasePath", "Body", "BodyS3Location", "CorsConfiguration", "CredentialsArn",
            "Description", "DisableExecuteApiEndpoint", "DisableSchemaValidation", "FailOnWarnings", "IpAddressType",
            "Name", "ProtocolType", "RouteKey", "RouteSelectionExpression", "Tags", "Target", "Version",
        ],
        .route: [
            "ApiId", "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId",
            "ModelSelectionExpression", "OperationName", "RequestModels", "RequestParameters", "RouteKey",
            "RouteResponseSelectionExpression", "Target",
        ],
        .integration: [
            "ApiId", "ConnectionId", "ConnectionType", "ContentHandlingStrategy", "CredentialsArn", "Description",
            "IntegrationMethod", "IntegrationSubtype", "IntegrationType", "IntegrationUri", "PassthroughBehavior",
            "PayloadFormatVersion", "RequestParameters", "RequestTemplates", "ResponseParameters",
            "TemplateSelectionExpression", "TimeoutInMillis", "TlsConfig",
        ],
        .stage: [
            "AccessLogSettings", "AccessPolicyId", "ApiId", "AutoDeploy", "ClientCertificateId",
            "DefaultRouteSettings", "DeploymentId", "Description", "RouteSettings", "StageName", "StageVariables",
            "Tags",
        ],
        .authorizer: [
            "ApiId", "AuthorizerCredentialsArn", "AuthorizerPayloadFormatVersion", "AuthorizerResultTtlInSeconds",
            "AuthorizerType", "AuthorizerUri", "EnableSimpleResponses", "IdentitySource",
            "IdentityValidationExpression", "JwtConfiguration", "Name",
        ],
        .domain: ["DomainName", "DomainNameConfigurations", "MutualTlsAuthentication", "RoutingMode", "Tags"],
        .overrides: ["ApiId", "Integration", "Route", "Stage"],
        .routingRule: ["Actions", "Conditions", "DomainNameArn", "Priority"],
        .mapping: ["ApiId", "ApiMappingKey", "DomainName", "Stage"],
    ]
}
