// What authorizers find out about a caller, for events, templates, limits and logs.

/// The answer of an authorizer that has let a request in, made ready to be written into events.
///
/// A class, so that a cached answer costs a request one reference count.
final class AuthorizerContext: Sendable {
    /// The member `authorizer` of `requestContext` in format 1.0: a JSON object.
    let version1: [UInt8]
    /// The same in format 2.0: `{"jwt":{…}}`, `{"lambda":{…}}`.
    let version2: [UInt8]
    /// What `$context.authorizer.NAME` stands for: `principalId`, `claims.sub`, a key of the context.
    let properties: [String: String]
    /// The API key that the authorizer has named (`usageIdentifierKey`).
    let usageKey: String?

    init(version1: [UInt8], version2: [UInt8], properties: [String: String], usageKey: String? = nil) {
        self.version1 = version1
        self.version2 = version2
        self.properties = properties
        self.usageKey = usageKey
    }
}

/// What became of asking an authorizer, for the access log.
struct AuthorizerCall: Sendable {
    /// The status of its answer; 200 for one from the cache.
    var status = 200
    /// How long it took; 0 for an answer from the cache.
    var milliseconds = 0
    /// What it said in place of an answer.
    var error: String?
}

/// Who has signed a request: the members of `identity` in events (IAM).
final class CallerIdentity: Sendable {
    let accessKey: String
    let accountID: String
    /// The unique id of the principal: `AIDA…`, `AROA…:session`.
    let caller: String
    let userARN: String
    let principalOrganizationID: String?
    let cognito: Cognito?

    /// Where the credentials come from an identity pool.
    struct Cognito: Sendable {
        var identityID: String
        var identityPoolID: String
        var authenticationType: String?
        var authenticationProvider: String?
    }

    init(
        accessKey: String,
        accountID: String,
        caller: String,
        userARN: String,
        principalOrganizationID: String? = nil,
        cognito: Cognito? = nil
    ) {
        self.accessKey = accessKey
        self.accountID = accountID
        self.caller = caller
        self.userARN = userARN
        self.principalOrganizationID = principalOrganizationID
        self.cognito = cognito
    }
}

/// An API key that a request came with.
struct UsageKey: Sendable {
    /// Its id, as `identity.apiKeyId` has it.
    let id: String
    let value: String
}

/// What policies say of a request (IAM user guide, "Policy evaluation logic").
enum PolicyDecision: Sendable {
    case allow
    /// A statement denies it.
    case explicitDeny
    /// No statement speaks of it.
    case implicitDeny
}
