// Who may sign requests, and what they may call: the access keys of the configuration.

internal import JSON
internal import NIOCore

/// An access key with its secret, whose it is, and what its owner may do.
struct IAMKey: Sendable {
    fileprivate let secret: [UInt8]
    private let sessionToken: [UInt8]?
    /// When the session ends, in seconds since 1970.
    private let expiry: Double?
    let principal: PolicyPrincipal
    /// The caller as events of format 1.0 have it.
    let caller: CallerIdentity
    /// The caller as events of an HTTP API have it.
    let context: AuthorizerContext
    private let policies: [PolicyDocument]

    /// Whoever signs with an access key that nobody has told of, where signatures are not verified.
    init?(unknown accessKey: String) {
        let arn = "arn:aws:iam::\(EventTemplate.accountID):user/unknown"
        guard let principal = PolicyPrincipal(arn: arn) else { return nil }
        self.init(accessKey: accessKey, principal: principal)
    }

    private init(
        accessKey: String,
        principal: PolicyPrincipal,
        secret: [UInt8] = [],
        sessionToken: [UInt8]? = nil,
        expiry: Double? = nil,
        policies: [PolicyDocument] = [],
        cognito: CallerIdentity.Cognito? = nil
    ) {
        self.secret = secret
        self.sessionToken = sessionToken
        self.expiry = expiry
        self.principal = principal
        self.policies = policies
        caller = CallerIdentity(
            accessKey: accessKey,
            accountID: principal.accountID,
            caller: principal.userID,
            userARN: principal.arn,
            principalOrganizationID: principal.organizationID,
            cognito: cognito
        )
        context = AuthorizerContext(signedBy: caller)
    }

    /// Reads an access key.
    ///
    /// - Throws: `JSONShapeError` with the place of what is wrong.
    init(accessKey: String, _ reader: JSONReader) throws(JSONShapeError) {
        guard (1...128).contains(accessKey.utf8.count),
            accessKey.utf8.allSatisfy({ $0.isDigit || ($0 | 0x20) &- 97 < 26 || $0 == UInt8(ascii: "_") })
        else { throw reader.error("'\(accessKey)' is no access key id: letters, digits and '_'") }
        self = try reader.object { (object) throws(JSONShapeError) in
            let secret = try object.required("secretKey")
            guard case let text = try secret.string(), !text.isEmpty else { throw secret.error("the secret is empty") }
            let arn = try object.required("arn")
            let userID = try object.optional("userId")?.string()
            let organization = try object.optional("organizationId")?.string()
            let name = try arn.string()
            guard let principal = PolicyPrincipal(arn: name, userID: userID, organizationID: organization) else {
                throw arn.error("'\(name)' is no ARN of a user, a role or a session of one")
            }
            let expires = object.optional("expires")
            let expiry = try expires?.string()
            let moment = expiry.flatMap { PolicyValue.date($0) }
            if let expires, moment == nil { throw expires.error("expected a time, such as '2026-11-21T15:00:00Z'") }
            var policies: [PolicyDocument] = []
            for policy in try object.optional("policies")?.elements() ?? [] {
                do throws(PolicyError) { policies.append(try PolicyDocument(policy.value)) } catch {
                    throw policy.error(error.description)
                }
            }
            return IAMKey(
                accessKey: accessKey,
                principal: principal,
                secret: Array(text.utf8),
                sessionToken: try object.optional("sessionToken").map { (token) throws(JSONShapeError) in
                    Array(try token.string().utf8)
                },
                expiry: moment,
                policies: policies,
                cognito: try object.optional("cognitoIdentity").map { (cognito) throws(JSONShapeError) in
                    try CallerIdentity.Cognito(cognito)
                }
            )
        }
    }

    /// Checks that the request has the key's session token, and that the session is not over.
    ///
    /// - Throws: `SignatureError` where it is not so.
    func checkSession(_ signature: RequestSignature, now: WallTime) throws(SignatureError) {
        switch (sessionToken, signature.securityToken) {
        case (nil, nil): break
        case (let expected?, let sent?) where ConstantTime.equals(expected, Array(sent.utf8)): break
        default: throw .unknownKey
        }
        if let expiry, Double(now.seconds) >= expiry { throw .expiredToken }
    }

    /// Checks the signature of a request.
    ///
    /// - Parameters:
    ///   - signature: what the request says of it.
    ///   - exchange: the request.
    ///   - verifier: what verifies it.
    /// - Returns: whether all is verified; false where the content has to be read first.
    /// - Throws: `SignatureError` where it is not that of the request.
    func verify(
        _ signature: RequestSignature,
        of exchange: Exchange,
        with verifier: SignatureVerifier
    ) throws(SignatureError) -> Bool {
        try verifier.verify(
            signature,
            of: exchange.head,
            content: exchange.contentIsWhole ? exchange.content : nil,
            secret: secret
        )
    }

    /// What the policies of the key's owner say; who has none may call everything.
    func decision(for request: PolicyRequest) -> PolicyDecision {
        guard !policies.isEmpty else { return .allow }
        return policies.reduce(.implicitDeny) { .combined($0, resource: $1.decision(for: request)) }
    }
}

extension CallerIdentity.Cognito {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            CallerIdentity.Cognito(
                identityID: try object.required("identityId").string(),
                identityPoolID: try object.required("identityPoolId").string(),
                authenticationType: try object.optional("authenticationType")?.string(),
                authenticationProvider: try object.optional("authenticationProvider")?.string()
            )
        }
    }
}
