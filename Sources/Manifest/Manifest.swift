// The route manifest as data: what crosses from the compiler to the proxy and the host.

/// A whole manifest, `samovar-manifest(5)`. Collections are keyed by identity.
package struct Manifest: Hashable, Sendable {
    /// The number of the format that this version writes and the highest that it reads.
    package static let formatVersion = 1

    /// The APIs by logical id.
    package var apis: [String: API]
    /// The functions by logical id.
    package var functions: [String: Function]

    package init(apis: [String: API] = [:], functions: [String: Function] = [:]) {
        self.apis = apis
        self.functions = functions
    }
}

/// Which of API Gateway's two products an API is.
package enum APIKind: String, CaseIterable, Hashable, Sendable {
    /// `AWS::Serverless::Api`, `AWS::ApiGateway::RestApi`.
    case rest
    /// `AWS::Serverless::HttpApi`, `AWS::ApiGatewayV2::Api` with the protocol HTTP.
    case http

    /// The payload format of a route that names none.
    package var defaultPayload: PayloadFormat { self == .rest ? .v1 : .v2 }
}

/// The shape of the event that a function receives.
package enum PayloadFormat: String, CaseIterable, Hashable, Sendable {
    case v1 = "1.0"
    case v2 = "2.0"
}

/// One API with its routes.
package struct API: Hashable, Sendable {
    /// REST or HTTP API.
    package var kind: APIKind
    /// The name of the stage: `Prod`, `$default`, …
    package var stage: String
    /// The stage's variables.
    package var stageVariables: [String: String] = [:]
    /// What is answered to browsers of other origins; nil where nothing is configured.
    package var cors: CORS?
    /// The media types whose bodies travel as base64 (REST).
    package var binaryTypes: [String] = []
    /// The authorizers by name.
    package var authorizers: [String: Authorizer] = [:]
    /// The routes.
    package var routes: [RouteKey: Route] = [:]

    package init(kind: APIKind, stage: String) {
        self.kind = kind
        self.stage = stage
    }
}

/// The cross-origin settings of an API.
///
/// For an HTTP API the gateway itself answers preflights and adds the fields. For a REST API they are the fixed fields
/// of the mock `OPTIONS` method that each path gets that has none of its own.
package struct CORS: Hashable, Sendable {
    package var allowOrigins: [String] = []
    /// Empty for a REST API means: the methods of the path and OPTIONS.
    package var allowMethods: [String] = []
    package var allowHeaders: [String] = []
    package var exposeHeaders: [String] = []
    package var maxAgeSeconds: Int?
    package var allowCredentials = false
    /// Who may send a preflight to a REST API; nil for an HTTP API, whose preflights are always open.
    package var preflightAuth: RouteAuth?

    package init() {}
}

/// Who may call a route.
package enum RouteAuth: Hashable, Sendable {
    /// Everyone.
    case none
    /// Whom the authorizer of this name lets in.
    case authorizer(String)

    package init(_ text: String) { self = text == "none" ? .none : .authorizer(text) }

    /// The spelling in a manifest: `none` or the authorizer's name.
    package var text: String {
        switch self {
        case .none: "none"
        case .authorizer(let name): name
        }
    }
}

/// An authorizer of an API.
package struct Authorizer: Hashable, Sendable {
    /// How it decides.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case lambda, jwt, cognito, iam
        /// One that this version cannot describe; its routes are refused.
        case unsupported
    }

    package var kind: Kind
    /// The function that decides (`lambda`).
    package var function: String?
    /// Who must have issued the token (`jwt`).
    package var issuer: String?
    /// For whom the token must be (`jwt`).
    package var audiences: [String] = []

    package init(kind: Kind) { self.kind = kind }
}

/// What a request of one method and path meets.
package struct Route: Hashable, Sendable {
    /// The logical id of the function that answers.
    package var function: String
    /// The format of its events.
    package var payload: PayloadFormat
    /// Who may call it.
    package var auth: RouteAuth
    /// Of these scopes the token must have one.
    package var scopes: [String] = []
    /// Settings of the template that the route needs and that the proxy cannot honour yet; it answers 501.
    package var unsupported: [String] = []
    /// How long the function may take to answer the gateway, in milliseconds; nil for the gateway's own limit.
    package var timeoutMilliseconds: Int?

    package init(function: String, payload: PayloadFormat, auth: RouteAuth = .none) {
        self.function = function
        self.payload = payload
        self.auth = auth
    }
}

/// A function, as the host runs it and the proxy calls it.
package struct Function: Hashable, Sendable {
    /// Lambda's own default for `Timeout`, in seconds.
    package static let defaultTimeoutSeconds = 3
    /// Lambda's own default for `MemorySize`, in mebibytes.
    package static let defaultMemoryMegabytes = 128

    /// `FunctionName`, where the template gives one; the Invoke API takes it as well as the logical id.
    package var name: String?
    /// `python3.12`, `nodejs20.x`, `provided.al2023`, …
    package var runtime: String?
    /// The entry point in the words of the runtime.
    package var handler: String?
    /// The folder of the code, relative to the folder of the template.
    package var code: String?
    /// Where the proxy reaches it; nil for the Invoke API at `Endpoint.standard`.
    package var endpoint: Endpoint?
    /// How long one invocation may take.
    package var timeoutSeconds = defaultTimeoutSeconds
    /// How much memory it may use.
    package var memoryMegabytes = defaultMemoryMegabytes
    /// The environment by name of variable.
    package var environment: [String: EnvironmentValue] = [:]

    package init() {}
}

/// The value of a variable, or where the value that must not be written down comes from.
package enum EnvironmentValue: Hashable, Sendable {
    case text(String)
    /// The value is in the sidecar file; this says where it came from: `env.json`, `NoEcho parameter 'Password'`, …
    case secret(String)
}
