// Payload format 1.0, of REST APIs and of HTTP APIs that ask for it.

internal import Manifest
internal import NIOCore
internal import Routing

extension EventWriter {
    /// Writes the whole event. Members that have no value are there as `null`.
    func writeVersion1() {
        writer.write(template.kind == .http ? #"{"version":"1.0","# : "{")
        writeRequest1()
        writer.write(#","body":"#)
        let encodes = encodesContent
        if exchange.content.readableBytes == 0 { writer.write("null") } else { writeContent(base64: encodes) }
        writer.write(encodes ? #","isBase64Encoded":true}"# : #","isBase64Encoded":false}"#)
    }

    /// Writes the members that say what has been requested, which functions and authorizers both get.
    func writeRequest1() {
        writer.write(#""resource":"#)
        writer.write(template.resource)
        writer.write(#","path":"#)
        writeRequestPath()
        writer.write(#","httpMethod":"#)
        writeMethod()
        writeHeaders()
        writeQuery()
        writer.write(#","pathParameters":"#)
        if exchange.captures.isEmpty { writer.write("null") } else { writePathParameters() }
        writer.write(#","stageVariables":"#)
        if stageVariables.isEmpty { writer.write("null") } else { writer.write(stageVariables) }
        writeContext()
    }

    /// `path`: of a REST API without the stage, with the base path of a custom domain, and without repeated slashes before it, of an HTTP API with the stage.
    private func writeRequestPath() {
        guard template.kind == .rest else {
            writePath(decoded: false)
            return
        }
        let shown = exchange.shownPath(in: memory)
        let path = shown.isEmpty ? RoutePath.from(1, shown) : shown
        let start = RoutePath.rest(path).lowerBound
        writer.write(jsonString: path.slice(start, path.count))
    }

    private func writeMethod() { writer.write(jsonString: head.method(in: memory)) }

    // MARK: Fields

    private func writeHeaders() {
        let fields = eventFields()
        let duplicates = hasDuplicates(fields)
        writer.write(#","headers":{"#)
        forEachName(fields, duplicates: duplicates) { field, values in
            writeName(field)
            writer.write(UInt8(ascii: ":"))
            writer.write(jsonString: values.last)
            writer.write(UInt8(ascii: ","))
        }
        writeOwnHeaders(open: "", close: "")
        writer.write(#"},"multiValueHeaders":{"#)
        forEachName(fields, duplicates: duplicates) { field, values in
            writeName(field)
            writer.write(UInt8(ascii: ":"))
            writeArray(values)
            writer.write(UInt8(ascii: ","))
        }
        writeOwnHeaders(open: "[", close: "]")
        writer.write(UInt8(ascii: "}"))
    }

    private func writeOwnHeaders(open: StaticString, close: StaticString) {
        if template.kind == .http {
            writer.write(#""Content-Length":"#)
            writer.write(open)
            writer.write(UInt8(ascii: "\""))
            writer.write(decimal: contentLength)
            writer.write(UInt8(ascii: "\""))
            writer.write(close)
            writer.write(UInt8(ascii: ","))
        }
        writer.write(#""X-Amzn-Trace-Id":"#)
        writer.write(open)
        writeTraceID()
        writer.write(close)
        writer.write(#","X-Forwarded-For":"#)
        writer.write(open)
        writeForwardedFor()
        writer.write(close)
        writer.write(#","X-Forwarded-Port":"#)
        writer.write(open)
        writer.write(UInt8(ascii: "\""))
        writer.write(decimal: exchange.localPort)
        writer.write(UInt8(ascii: "\""))
        writer.write(close)
        writer.write(#","X-Forwarded-Proto":"#)
        writer.write(open)
        writer.write(#""http""#)
        writer.write(close)
    }

    /// A REST API keeps the client's case but for a few names; an HTTP API writes every name in title case.
    private func writeName(_ field: FieldSection.Field) {
        switch field.name {
        case .host: writer.write(#""Host""#)
        case .userAgent: writer.write(#""User-Agent""#)
        case .authorization: writer.write(#""Authorization""#)
        default:
            let name = field.name(in: memory)
            guard template.kind == .http else {
                writer.write(jsonString: name)
                return
            }
            writer.write(UInt8(ascii: "\""))
            writer.write(titleCased: name)
            writer.write(UInt8(ascii: "\""))
        }
    }

    // MARK: Query

    private func writeQuery() {
        let query = QueryParameters(head.query(in: memory), semicolonSeparates: template.kind == .rest)
        guard !query.isEmpty else {
            writer.write(#","queryStringParameters":null,"multiValueQueryStringParameters":null"#)
            return
        }
        writer.write(#","queryStringParameters":"#)
        var separator = UInt8(ascii: "{")
        query.forEachName { name, values in
            writer.write(separator)
            writer.write(jsonString: name)
            writer.write(UInt8(ascii: ":"))
            writer.write(jsonString: values.last)
            separator = UInt8(ascii: ",")
        }
        writer.write(#"},"multiValueQueryStringParameters":"#)
        separator = UInt8(ascii: "{")
        query.forEachName { name, values in
            writer.write(separator)
            writer.write(jsonString: name)
            writer.write(UInt8(ascii: ":"))
            writeArray(values)
            separator = UInt8(ascii: ",")
        }
        writer.write(UInt8(ascii: "}"))
    }

    private func writeArray(_ values: NamedValues) {
        writer.write(UInt8(ascii: "["))
        writer.write(jsonString: values.first)
        for value in values.others {
            writer.write(UInt8(ascii: ","))
            writer.write(jsonString: value)
        }
        writer.write(UInt8(ascii: "]"))
    }

    // MARK: Context

    private func writeContext() {
        writer.write(#","requestContext":{"resourceId":"#)
        writer.write(template.resourceID)
        writer.write(#","resourcePath":"#)
        writer.write(template.resource)
        writer.write(#","httpMethod":"#)
        writeMethod()
        writer.write(UInt8(ascii: ","))
        writer.write(template.operationName)
        if template.hasCanary {
            writer.write(exchange.isCanary ? #""isCanaryRequest":true,"# : #""isCanaryRequest":false,"#)
        }
        writer.write(#""extendedRequestId":""#)
        exchange.requestID.withExtendedID { writer.write($0) }
        writer.write(#"","requestTime":"#)
        writeEventDate()
        writer.write(#","path":"#)
        writePath(decoded: true)
        writer.write(#","protocol":"HTTP/1.1","stage":""#)
        writer.write(template.stage)
        writer.write(#"","requestTimeEpoch":"#)
        writer.write(decimal: exchange.startTime.milliseconds)
        writer.write(#","requestId":""#)
        if template.kind == .rest {
            exchange.requestID.withUUID { writer.write($0) }
            writer.write(#"","deploymentId":"local0","#)
        } else {
            exchange.requestID.withExtendedID { writer.write($0) }
            writer.write(#"","#)
        }
        writeIdentity()
        if let authorizer = exchange.authorizer {
            writer.write(#","authorizer":"#)
            writer.write(authorizer.version1)
        }
        writer.write(UInt8(ascii: ","))
        writeDomain()
        writer.write(UInt8(ascii: ","))
        writer.write(template.identifiers)
        writer.write(UInt8(ascii: "}"))
    }

    private func writeIdentity() {
        guard exchange.caller == nil, exchange.apiKey == nil else {
            writeKnownIdentity()
            return
        }
        writer.write(
            #""identity":{"accessKey":null,"accountId":null,"caller":null,"cognitoAuthenticationProvider":null,"#
        )
        writer.write(#""cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"#)
        writer.write(#""principalOrgId":null,"sourceIp":""#)
        writer.write(exchange.remoteAddress)
        writer.write(#"","user":null,"userAgent":"#)
        writeUserAgent(missing: template.kind == .rest ? "null" : "\"\"")
        writer.write(#","userArn":null}"#)
    }

    /// The identity of a request that is signed, or comes with an API key.
    private func writeKnownIdentity() {
        let caller = exchange.caller
        writer.write(#""identity":{"#)
        writeMember("accessKey", caller?.accessKey)
        writeMember("accountId", caller?.accountID)
        if let key = exchange.apiKey {
            writeMember("apiKey", key.value)
            writeMember("apiKeyId", key.id)
        }
        writeMember("caller", caller?.caller)
        writeMember("cognitoAuthenticationProvider", caller?.cognito?.authenticationProvider)
        writeMember("cognitoAuthenticationType", caller?.cognito?.authenticationType)
        writeMember("cognitoIdentityId", caller?.cognito?.identityID)
        writeMember("cognitoIdentityPoolId", caller?.cognito?.identityPoolID)
        writeMember("principalOrgId", caller?.principalOrganizationID)
        writer.write(#""sourceIp":""#)
        writer.write(exchange.remoteAddress)
        writer.write(#"","#)
        writeMember("user", caller?.caller)
        writer.write(#""userAgent":"#)
        writeUserAgent(missing: template.kind == .rest ? "null" : "\"\"")
        writer.write(#","userArn":"#)
        if let arn = caller?.userARN { writer.write(jsonString: arn) } else { writer.write("null") }
        writer.write(UInt8(ascii: "}"))
    }

    /// Writes `"name":value,`.
    private func writeMember(_ name: StaticString, _ value: String?) {
        writer.write(UInt8(ascii: "\""))
        writer.write(name)
        writer.write("\":")
        if let value { writer.write(jsonString: value) } else { writer.write("null") }
        writer.write(UInt8(ascii: ","))
    }
}
