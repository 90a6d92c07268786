// The types of resources that the compiler reads.

extension Resource {
    /// The types whose properties the compiler reads.
    enum Kind: String, CaseIterable, Sendable {
        case function = "AWS::Serverless::Function"
        case restAPI = "AWS::Serverless::Api"
        case httpAPI = "AWS::Serverless::HttpApi"
        case webSocketAPI = "AWS::Serverless::WebSocketApi"
        case stateMachine = "AWS::Serverless::StateMachine"
        case layer = "AWS::Serverless::LayerVersion"

        case plainFunction = "AWS::Lambda::Function"
        case functionURL = "AWS::Lambda::Url"
        case plainLayer = "AWS::Lambda::LayerVersion"

        case plainRestAPI = "AWS::ApiGateway::RestApi"
        case restResource = "AWS::ApiGateway::Resource"
        case restMethod = "AWS::ApiGateway::Method"
        case restStage = "AWS::ApiGateway::Stage"
        case restDeployment = "AWS::ApiGateway::Deployment"
        case restAuthorizer = "AWS::ApiGateway::Authorizer"
        case restModel = "AWS::ApiGateway::Model"
        case restValidator = "AWS::ApiGateway::RequestValidator"
        case restGatewayResponse = "AWS::ApiGateway::GatewayResponse"
        case restDomain = "AWS::ApiGateway::DomainName"
        case restMapping = "AWS::ApiGateway::BasePathMapping"
        case privateDomain = "AWS::ApiGateway::DomainNameV2"
        case privateMapping = "AWS::ApiGateway::BasePathMappingV2"
        case usagePlan = "AWS::ApiGateway::UsagePlan"
        case usagePlanKey = "AWS::ApiGateway::UsagePlanKey"
        case apiKey = "AWS::ApiGateway::ApiKey"

        case plainAPI = "AWS::ApiGatewayV2::Api"
        case route = "AWS::ApiGatewayV2::Route"
        case integration = "AWS::ApiGatewayV2::Integration"
        case stage = "AWS::ApiGatewayV2::Stage"
        case authorizer = "AWS::ApiGatewayV2::Authorizer"
        case domain = "AWS::ApiGatewayV2::DomainName"
        case mapping = "AWS::ApiGatewayV2::ApiMapping"
        case overrides = "AWS::ApiGatewayV2::ApiGatewayManagedOverrides"
        case routingRule = "AWS::ApiGatewayV2::RoutingRule"

        case firewall = "AWS::WAFv2::WebACLAssociation"
        case regionalFirewall = "AWS::WAFRegional::WebACLAssociation"

        /// Whether SAM's transform makes it.
        var isServerless: Bool { rawValue.hasPrefix("AWS::Serverless::") }

        /// Whether it is a function that the host may run.
        var isFunction: Bool { self == .function || self == .plainFunction }

        /// Whether routes, or who may call them, come or go with it, whatever its properties are.
        var makesRoutes: Bool {
            switch self {
            case .restAPI, .httpAPI, .webSocketAPI, .functionURL, .plainRestAPI, .restResource, .restMethod,
                .restAuthorizer, .restValidator, .plainAPI, .route, .integration, .authorizer,
                .overrides:
                true
            default: false
            }
        }
    }
}
