// The variables of `$context`, as access logs, templates and mappings name them.

internal import Manifest
internal import NIOCore

/// A variable of `$context`, found once and then written for each request.
///
/// (Developer guide, "Variables for data models, authorizers, mapping templates, and CloudWatch access logging" and
/// "Customize HTTP API access logs".)
struct ContextVariable: Sendable {
    /// The variables whose names are fixed.
    enum Name: String, CaseIterable, Sendable {
        case accountId, apiId
        case authenticateError = "authenticate.error"
        case authenticateLatency = "authenticate.latency"
        case authenticateStatus = "authenticate.status"
        case authorizeError = "authorize.error"
        case authorizeLatency = "authorize.latency"
        case authorizeStatus = "authorize.status"
        case authorizerError = "authorizer.error"
        case authorizerIntegrationLatency = "authorizer.integrationLatency"
        case authorizerIntegrationStatus = "authorizer.integrationStatus"
        case authorizerLatency = "authorizer.latency"
        case authorizerStatus = "authorizer.status"
        case awsEndpointRequestId, awsEndpointRequestId2
        case basePathMatched = "customDomain.basePathMatched"
        case dataProcessed, deploymentId, domainName, domainPrefix
        case errorMessage = "error.message"
        case errorMessageString = "error.messageString"
        case errorResponseType = "error.responseType"
        case validationErrorString = "error.validationErrorString"
        case extendedRequestId, httpMethod
        case accessKey = "identity.accessKey"
        case callerAccountId = "identity.accountId"
        case apiKey = "identity.apiKey"
        case apiKeyId = "identity.apiKeyId"
        case caller = "identity.caller"
        case cognitoAuthenticationProvider = "identity.cognitoAuthenticationProvider"
        case cognitoAuthenticationType = "identity.cognitoAuthenticationType"
        case cognitoIdentityId = "identity.cognitoIdentityId"
        case cognitoIdentityPoolId = "identity.cognitoIdentityPoolId"
        case principalOrgId = "identity.principalOrgId"
        case sourceIp = "identity.sourceIp"
        case user = "identity.user"
        case userAgent = "identity.userAgent"
        case userArn = "identity.userArn"
        case integrationError = "integration.error"
        case integrationIntegrationStatus = "integration.integrationStatus"
        case integrationsLatency = "integration.latency"
        case integrationRequestId = "integration.requestId"
        case functionStatus = "integration.status"
        case integrationErrorMessage, integrationLatency, integrationStatus, isCanaryRequest, operationName, path
        case protocolName = "protocol"
        case requestId, requestTime, requestTimeEpoch, resourceId, resourcePath, responseLatency, responseLength
        case routeKey, stage, status, xrayTraceId
        /// Why the gateway answered in place of the handler; of this gateway's own.
        case detail
    }

    /// What only the gateway's own format of the access log has.
    enum Own: Sendable {
        /// The logical id of the API.
        case api
        /// The path as it was sent.
        case path
        /// The time now, in RFC 3339 with milliseconds.
        case timestamp
        /// The first eight characters of the id that the function's own log has for the request; `-` in their absence.
        case functionRequest
        /// `detail`, after a space; nothing where there is none.
        case remark
    }

    private enum Meaning: Sendable {
        case named(Name)
        case own(Own)
        /// What an authorizer has said: `principalId`, `claims.sub`, a key of its context; else what became of asking
        /// it.
        case authorizer(String, Name?)
        /// What API Gateway has and this gateway does not.
        case nothing
    }

    private let meaning: Meaning

    init(_ name: Name) { meaning = .named(name) }

    init(_ own: Own) { meaning = .own(own) }

    /// Nil for a variable that there is not.
    ///
    /// - Parameter text: the name without `$context.`, such as `identity.sourceIp`.
    init?(_ text: String) {
        if let property = text.suffix(after: "authorizer.") {
            meaning = .authorizer(property, Name(rawValue: text))
        } else if let name = Name(rawValue: text) {
            meaning = .named(name)
        } else if Self.withoutValue.contains(text) || text.suffix(after: "identity.clientCert.") != nil {
            meaning = .nothing
        } else {
            return nil
        }
    }

    /// What firewalls, private endpoints and WebSocket APIs would say.
    private static let withoutValue: Set<String> = [
        "authorizer.requestId", "identity.vpcId", "identity.vpceId", "waf.error", "waf.latency", "waf.status",
        "wafResponseCode", "webaclArn", "customDomain.routingRuleIdMatched",
    ]

    /// Whether the value is the text of a JSON value, which must not be escaped once more.
    var isJSON: Bool {
        if case .named(.errorMessageString) = meaning { true } else { false }
    }

    /// Writes the value as it is, unescaped.
    ///
    /// - Returns: whether there is one.
    func write(_ exchange: Exchange, to writer: ByteWriter) -> Bool {
        let values = ContextValues(exchange: exchange, writer: writer)
        switch meaning {
        case .named(let name): return values.write(name)
        case .own(.api):
            writer.write(text: exchange.api.id)
            return true
        case .own(.path):
            exchange.head.fields.withBytes { writer.write(exchange.head.path(in: $0)) }
            return true
        case .own(.timestamp):
            writer.write(text: WallTime.now().timestamp)
            return true
        case .own(.functionRequest):
            let id = exchange.endpointHead?.fields.text(of: .xAmznRequestId)?.prefix(8) ?? "-"
            writer.write(text: id + String(repeating: " ", count: max(0, 8 - id.count)))
            return true
        case .own(.remark):
            guard let detail = exchange.detail else { return true }
            writer.write(" ")
            writer.write(detail)
            return true
        case .authorizer(let property, let name):
            guard let value = exchange.authorizer?.properties[property] else {
                return name.map { values.write($0) } ?? false
            }
            writer.write(text: value)
            return true
        case .nothing: return false
        }
    }
}
