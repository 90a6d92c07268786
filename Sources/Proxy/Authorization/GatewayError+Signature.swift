// The errors of signed requests, resource policies and ARNs that are too long.

internal import Manifest

extension GatewayError {
    /// What a request that is not properly signed is answered with. An HTTP API says no more than that.
    static func signature(_ error: SignatureError, _ kind: GatewayKind) -> GatewayError {
        guard kind == .rest else { return .forbidden(detail: error.detail) }
        switch error {
        case .missing: return .missingAuthenticationToken(detail: error.detail)
        case .incomplete(let message): return .incompleteSignature(message, detail: error.detail)
        case .unknownKey:
            return signature(
                .invalidSignature,
                "The security token included in the request is invalid.",
                errorType: "UnrecognizedClientException",
                detail: error.detail
            )
        case .expiredToken:
            return signature(
                .expiredToken,
                "The security token included in the request is expired",
                errorType: "ExpiredTokenException",
                detail: error.detail
            )
        case .invalid(let message), .scope(let message), .expired(let message), .mismatch(let message):
            return signature(.invalidSignature, message, errorType: "InvalidSignatureException", detail: error.detail)
        }
    }

    private static func signature(
        _ type: GatewayResponseType,
        _ message: String,
        errorType: StaticString,
        detail: StaticString
    ) -> GatewayError {
        GatewayError(type: type, status: 403, message: message, errorType: errorType, detail: detail)
    }

    /// Policies do not let the caller in: who, what and, but for the digits of the account, where.
    ///
    /// - Parameters:
    ///   - caller: the ARN of who has signed the request; nil for nobody.
    ///   - decision: what the policies say.
    ///   - exchange: the request.
    ///   - detail: why, for log and metrics.
    /// - Returns: the error.
    static func policyDenied(
        caller: String? = nil,
        _ decision: PolicyDecision,
        _ exchange: Exchange,
        detail: StaticString
    ) -> GatewayError {
        guard exchange.api.kind == .rest else { return .forbidden(detail: detail) }
        let text = """
            User: \(caller ?? "anonymous") is not authorized to perform: execute-api:Invoke \
            on resource: \(MethodARN.maskedText(exchange))
            """
        return .accessDenied(decision == .explicitDeny ? text + " with an explicit deny" : text, detail: detail)
    }

    /// The ARN of the method is too long to be authorised (developer guide, "Amazon API Gateway quotas").
    static let methodARNTooLong = GatewayError(
        status: 414,
        message: "Request URI too long",
        detail: "method_arn_too_long"
    )
}
