// A route as data: what answers a request of one method and path, and who may send it.

/// What a request of one method and path meets.
package struct Route: Hashable, Sendable {
    /// What answers.
    package enum Target: Hashable, Sendable {
        /// A function, by logical id, that is given the whole request (`AWS_PROXY`).
        case function(String, PayloadFormat)
        // Rare and large: elsewhere, it takes no room in the other routes.
        indirect case integration(Integration)

        /// The function that is asked, whether it is given the whole request or not.
        package var function: String? {
            switch self {
            case .function(let id, _): id
            case .integration(let integration): integration.function
            }
        }
    }

    /// What answers.
    package var target: Target
    /// How an HTTP API changes the request before the function has it: `overwrite:path` by an expression.
    package var requestParameters: [String: String] = [:]
    /// How an HTTP API changes the function's answer, by status.
    package var responseParameters: [String: [String: String]] = [:]
    /// Whether the answer is passed on while it is made (`ResponseTransferMode`).
    package var isStreamed = false
    /// Who may call it.
    package var auth: RouteAuth
    /// Of these scopes the token must have one.
    package var scopes: [String] = []
    /// Whether an API key is needed too (REST).
    package var isKeyRequired = false
    /// What a request is checked for before it is answered (REST).
    package var validation: RequestValidation?
    /// The route's limit of requests; nil for the stage's.
    package var throttle: Throttle?
    /// The name of the operation, which functions find in their events (REST).
    package var operationName: String?
    /// How long the answer may take, in milliseconds; nil for the gateway's own limit.
    package var timeoutMilliseconds: Int?

    package init(target: Target, auth: RouteAuth = .none) {
        self.target = target
        self.auth = auth
    }

    package init(function: String, payload: PayloadFormat, auth: RouteAuth = .none) {
        self.init(target: .function(function, payload), auth: auth)
    }

    /// The function that is given the whole request; nil for another integration.
    package var function: String? {
        if case .function(let id, _) = target { id } else { nil }
    }
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

/// What a REST API checks of a request by itself.
package struct RequestValidation: Hashable, Sendable {
    /// What must be there: `method.request.querystring.page`, `method.request.header.X-Tenant`.
    package var requiredParameters: [String] = []
    /// The names of the models that bodies must match, by media type.
    package var models: [String: String] = [:]

    package init() {}

    /// Whether it checks nothing.
    package var isEmpty: Bool { requiredParameters.isEmpty && models.isEmpty }
}
