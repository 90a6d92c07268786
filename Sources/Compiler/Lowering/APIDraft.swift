// An API while its routes are lowered: the manifest's part of it, and what its routes inherit.

internal import Diagnostics
internal import Manifest

/// What the lowering of routes needs to know of their API.
struct APIDraft: Sendable {
    /// The name in templates of the authorizer that checks AWS signatures.
    static let iamName = "AWS_IAM"
    /// The name in templates that stands for no authorizer.
    static let noneName = "NONE"

    let id: String
    var api: API
    let isImplicit: Bool
    /// The name of `DefaultAuthorizer`.
    var defaultAuthorizer: String?
    /// The scopes that each authorizer asks for where a route names none.
    var authorizerScopes: [String: [String]] = [:]
    /// `Auth.ApiKeyRequired`, which events may override.
    var isKeyRequired = false
    /// `EnableIamAuthorizer` of an HTTP API; REST APIs always have it.
    var isIAMEnabled = false
    /// Whether the default authorizer guards `OPTIONS` too.
    var guardsPreflight = true
    /// Settings of the whole API that its routes need and the proxy cannot honour.
    var unsupported: [String] = []

    var kind: APIKind { api.kind }

    /// Uses an authorizer for a route: the one for signatures exists without being declared.
    mutating func use(_ name: String) -> RouteAuth {
        if name == Self.iamName, api.authorizers[name] == nil { api.authorizers[name] = Authorizer(kind: .iam) }
        return .authorizer(name)
    }

    /// Whether routes may name the authorizer.
    func knows(_ name: String) -> Bool {
        if api.authorizers[name] != nil { return true }
        return name == Self.iamName && (kind == .rest || isIAMEnabled)
    }
}
