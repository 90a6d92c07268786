// An API as data: its kind, its stage, what all its routes share, and the routes.

package import JSON

/// Which of AWS's products an API is.
package enum APIKind: String, CaseIterable, Hashable, Sendable {
    /// `AWS::Serverless::Api`, `AWS::ApiGateway::RestApi`.
    case rest
    /// `AWS::Serverless::HttpApi`, `AWS::ApiGatewayV2::Api` with the protocol HTTP.
    case http
    /// `AWS::Serverless::WebSocketApi`, `AWS::ApiGatewayV2::Api` with the protocol WEBSOCKET.
    case webSocket = "websocket"
    /// `FunctionUrlConfig`, `AWS::Lambda::Url`: one function behind an address of its own.
    case functionURL = "function-url"

    /// The payload format of a route that names none.
    package var defaultPayload: PayloadFormat {
        switch self {
        case .rest, .webSocket: .v1
        case .http, .functionURL: .v2
        }
    }
}

/// The shape of the event that a function receives.
package enum PayloadFormat: String, CaseIterable, Hashable, Sendable {
    case v1 = "1.0"
    case v2 = "2.0"
}

/// One API with its routes.
package struct API: Hashable, Sendable {
    /// Which product it is.
    package var kind: APIKind
    /// The name of the stage: `Prod`, `$default`, …
    package var stage: String
    /// The stage's variables.
    package var stageVariables: [String: String] = [:]
    /// The custom domains by name.
    package var domains: [String: Domain] = [:]
    /// Whether the host name that API Gateway gives every API answers (`DisableExecuteApiEndpoint`).
    package var hasDefaultEndpoint = true
    /// The expression that finds the route of a message (WebSocket).
    package var routeSelection: String?
    /// What is answered to browsers of other origins; nil where nothing is configured.
    package var cors: CORS?
    /// The media types whose bodies travel as base64 (REST).
    package var binaryTypes: [String] = []
    /// From how many bytes on answers are compressed (REST); nil for never.
    package var minimumCompressionBytes: Int?
    /// The resource policy, an IAM policy document (REST).
    package var policy: JSONValue?
    /// Whether API keys come from the authorizer in place of the field `x-api-key` (REST).
    package var takesKeysFromAuthorizer = false
    /// The authorizers by name.
    package var authorizers: [String: Authorizer] = [:]
    /// The JSON schemas of bodies by name (REST).
    package var models: [String: JSONValue] = [:]
    /// What is answered in place of API Gateway's own errors, by type of response (REST).
    package var gatewayResponses: [String: GatewayResponse] = [:]
    /// The stage's limit of requests.
    package var throttle: Throttle?
    /// The part of the traffic that another deployment answers (REST).
    package var canary: Canary?
    /// The format of a line of the access log.
    package var accessLogFormat: String?
    /// The routes.
    package var routes: [RouteKey: Route] = [:]

    package init(kind: APIKind, stage: String) {
        self.kind = kind
        self.stage = stage
    }
}

/// A custom domain of an API.
package struct Domain: Hashable, Sendable {
    /// The first segments of paths that belong to the API, without slashes; empty for every path.
    package var basePaths: [String] = []
    /// Whether clients must show a certificate.
    package var isMutualTLS = false

    package init() {}
}

/// How many requests pass: a token bucket.
package struct Throttle: Hashable, Sendable {
    /// How fast it fills.
    package var requestsPerSecond: Double?
    /// How many it holds.
    package var burst: Int?

    package init(requestsPerSecond: Double? = nil, burst: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.burst = burst
    }
}

/// The canary of a stage.
package struct Canary: Hashable, Sendable {
    /// How much of the traffic it takes, in percent.
    package var percent: Double = 0
    /// The stage's variables that are different for it.
    package var stageVariables: [String: String] = [:]

    package init() {}
}

/// What is answered in place of an error of the gateway's own.
package struct GatewayResponse: Hashable, Sendable {
    /// The status; nil for the one that the error has.
    package var statusCode: Int?
    /// The fields: `gatewayresponse.header.NAME` and an expression, static ones in single quotes.
    package var parameters: [String: String] = [:]
    /// The bodies by media type.
    package var templates: [String: String] = [:]

    package init() {}
}
