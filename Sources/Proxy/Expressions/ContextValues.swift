// The values of `$context` for one request.

internal import Manifest
internal import NIOCore

/// Writes the values of variables. What is not known, or not yet, has none.
struct ContextValues {
    let exchange: Exchange
    let writer: ByteWriter

    /// - Returns: whether there is a value.
    func write(_ name: ContextVariable.Name) -> Bool {
        switch name {
        case .accountId: return write(EventTemplate.accountID)
        case .apiId: return write(exchange.api.publicID)
        case .stage: return write(exchange.api.stage)
        case .deploymentId: return write(exchange.api.kind == .rest ? "local0" : nil)
        case .domainName: return writeDomain(prefix: false)
        case .domainPrefix: return writeDomain(prefix: true)
        case .basePathMatched: return write(exchange.basePath)
        case .isCanaryRequest: return write(exchange.isCanary ? "true" : nil)
        case .httpMethod: exchange.head.fields.withBytes { writer.write(exchange.head.method(in: $0)) }
        case .path: writePath()
        case .protocolName: writer.write("HTTP/1.1")
        case .resourceId: return writeResourceID()
        case .resourcePath: return write(exchange.route?.key.pathText)
        case .routeKey: return write(exchange.route?.name)
        case .operationName: return write(exchange.route?.operationName)
        case .requestId:
            switch exchange.api.kind {
            case .rest: exchange.requestID.withUUID { writer.write($0) }
            case .http: exchange.requestID.withExtendedID { writer.write($0) }
            }
        case .extendedRequestId: exchange.requestID.withExtendedID { writer.write($0) }
        case .requestTime: writer.write(exchange.loop.clock.eventDate(of: exchange.startTime))
        case .requestTimeEpoch: writer.write(decimal: exchange.startTime.milliseconds)
        case .xrayTraceId: writeTraceRoot()
        case .status: return write(exchange.status)
        case .responseLength: writer.write(decimal: exchange.responseBytes)
        case .responseLatency: return write(exchange.start, .now())
        case .dataProcessed: writer.write(decimal: exchange.responseBytes + exchange.content.readableBytes)
        case .detail:
            guard let detail = exchange.detail else { return false }
            writer.write(detail)
        case .errorMessage, .errorMessageString, .errorResponseType, .validationErrorString: return writeError(name)
        default: return writeParty(name)
        }
        return true
    }

    // MARK: The parties: who calls, who lets in, who answers

    private func writeParty(_ name: ContextVariable.Name) -> Bool {
        let caller = exchange.caller
        switch name {
        case .accessKey: return write(caller?.accessKey)
        case .callerAccountId: return write(caller?.accountID)
        case .caller, .user: return write(caller?.caller)
        case .userArn: return write(caller?.userARN)
        case .principalOrgId: return write(caller?.principalOrganizationID)
        case .cognitoAuthenticationProvider: return write(caller?.cognito?.authenticationProvider)
        case .cognitoAuthenticationType: return write(caller?.cognito?.authenticationType)
        case .cognitoIdentityId: return write(caller?.cognito?.identityID)
        case .cognitoIdentityPoolId: return write(caller?.cognito?.identityPoolID)
        case .apiKey: return write(exchange.apiKey?.value)
        case .apiKeyId: return write(exchange.apiKey?.id)
        case .sourceIp:
            writer.write(exchange.remoteAddress)
            return true
        case .userAgent:
            return exchange.head.fields.withValue(of: .userAgent) { value in
                guard let value else { return false }
                writer.write(value)
                return true
            }
        // Only IAM authenticates apart from authorizing; a request that it refuses has no caller.
        case .authenticateStatus: return write(caller == nil ? nil : "200")
        case .authenticateError, .authenticateLatency: return false
        case .authorizeStatus, .authorizerStatus, .authorizerIntegrationStatus:
            return write(exchange.authorizerCall?.status ?? 0)
        case .authorizeLatency, .authorizerLatency, .authorizerIntegrationLatency:
            guard let call = exchange.authorizerCall else { return false }
            writer.write(decimal: call.milliseconds)
            return true
        case .authorizeError, .authorizerError: return write(exchange.authorizerCall?.error)
        case .integrationStatus, .integrationIntegrationStatus: return write(exchange.integrationStatus)
        // What the function has answered, not what Lambda has: the client's status where nothing went wrong.
        case .functionStatus: return write(exchange.error == nil ? exchange.answeredStatus : exchange.integrationStatus)
        case .integrationLatency, .integrationsLatency:
            return write(exchange.integrationStart, exchange.integrationEnd)
        case .integrationErrorMessage, .integrationError:
            return write(exchange.integrationStart == nil ? nil : exchange.error?.message)
        case .integrationRequestId, .awsEndpointRequestId, .awsEndpointRequestId2:
            return write(exchange.endpointHead?.fields.text(of: .xAmznRequestId))
        default: return false
        }
    }

    private func writeError(_ name: ContextVariable.Name) -> Bool {
        guard let error = exchange.error else { return false }
        switch name {
        case .errorMessage: return write(error.message)
        case .errorResponseType: return write(error.type == .none ? nil : error.type.rawValue)
        case .validationErrorString: return write(error.validationError)
        default:
            if let message = error.message { writer.write(jsonString: message) } else { writer.write("null") }
            return true
        }
    }

    // MARK: Parts of the request

    /// The path with the stage before it, as `requestContext.path` of events has it.
    private func writePath() {
        if exchange.api.stage != "$default", !exchange.isOnDomain {
            writer.write(UInt8(ascii: "/"))
            writer.write(text: exchange.api.stage)
        }
        exchange.head.fields.withBytes { exchange.withShownPath(in: $0) { writer.write($0) } }
    }

    private func writeDomain(prefix: Bool) -> Bool {
        exchange.head.fields.withBytes { memory in
            let domain = exchange.head.domainName(in: memory)
            writer.write(prefix ? Exchange.prefix(ofDomain: domain) : domain)
            return !domain.isEmpty
        }
    }

    private func writeResourceID() -> Bool {
        guard exchange.api.kind == .rest, let route = exchange.route else { return false }
        return write(EventTemplate.resourceID(apiID: exchange.api.id, key: route.key))
    }

    /// `1-5759e988-bd862e3fe1be46a994272793`: the root that the client has sent, or the gateway's own.
    private func writeTraceRoot() {
        let sent = exchange.head.fields.text(of: .xAmznTraceId)?.split(separator: ";").lazy
            .compactMap { String($0.drop { $0 == " " }).suffix(after: "Root=") }.first
        if let sent {
            writer.write(text: sent)
        } else {
            exchange.requestID.writeTraceRoot(seconds: exchange.startTime.seconds, to: writer)
        }
    }

    // MARK: Values

    private func write(_ text: String?) -> Bool {
        guard let text else { return false }
        writer.write(text: text)
        return true
    }

    /// 0 is a status that there is not.
    private func write(_ status: Int) -> Bool {
        guard status != 0 else { return false }
        writer.write(decimal: status)
        return true
    }

    private func write(_ start: NIODeadline?, _ end: NIODeadline?) -> Bool {
        guard let start, let end else { return false }
        writer.write(decimal: Int((end - start).nanoseconds / 1_000_000))
        return true
    }
}
