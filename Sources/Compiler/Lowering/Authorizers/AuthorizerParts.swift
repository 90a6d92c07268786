// An authorizer as it is spelled, in `Auth`, a document or a resource, before it is lowered.

/// The settings of an authorizer by what they mean, whatever the notations call them.
struct AuthorizerParts {
    /// The authorizer itself, for messages.
    let property: Property
    /// `TOKEN`, `REQUEST`, `COGNITO_USER_POOLS`, `JWT`, in any case.
    var type: Property?
    /// The same where no property says it.
    var typeWord: String?
    /// The function: its ARN, or the URI that calls it.
    var uri: Property?
    /// Where the identity stands: one text with commas, or a list.
    var identitySource: Property?
    /// The same where no property says it.
    var identitySources: [String] = []
    /// The field that holds the token.
    var header: String?
    var validation: Property?
    var cacheSeconds: Property?
    var payload: Property?
    var simpleResponses: Property?
    /// The ARNs of user pools: one, or a list.
    var userPools: Property?
    /// `{issuer, audience}`.
    var jwt: Property?

    init(property: Property) { self.property = property }
}
