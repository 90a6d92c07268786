// The field names that the gateway treats in a special way.

/// A known field name; everything else is `other`.
enum FieldName: UInt8, Sendable {
    case other
    case host, connection, contentLength, transferEncoding, contentType, contentEncoding, contentMD5
    case cookie, setCookie, userAgent, authorization, expect, te, upgrade, keepAlive, proxyConnection, trailer
    case accept, acceptEncoding, origin, accessControlRequestMethod, accessControlRequestHeaders, maxForwards
    case proxyAuthenticate, proxyAuthorization, server, date, via, wwwAuthenticate
    case xForwardedFor, xForwardedPort, xForwardedProto, xForwardedHost, forwarded, xAmznTraceId, xAmznRequestId
    case xAmzFunctionError, xHTTPMethodOverride
    /// A name that begins with `access-control-` and is none of the two above.
    case accessControl

    /// Recognises a name without regard to case. The length comes first: it rules out nearly everything.
    init(_ name: UnsafeRawBufferPointer) {
        switch name.count {
        case 2:
            switch name {
            case "te": self = .te
            default: self = .other
            }
        case 3:
            switch name {
            case "via": self = .via
            default: self = .other
            }
        case 4:
            switch name {
            case "host": self = .host
            case "date": self = .date
            default: self = .other
            }
        case 6:
            switch name {
            case "cookie": self = .cookie
            case "expect": self = .expect
            case "accept": self = .accept
            case "origin": self = .origin
            case "server": self = .server
            default: self = .other
            }
        case 7:
            switch name {
            case "upgrade": self = .upgrade
            case "trailer": self = .trailer
            default: self = .other
            }
        case 9:
            switch name {
            case "forwarded": self = .forwarded
            default: self = .other
            }
        case 10:
            switch name {
            case "connection": self = .connection
            case "set-cookie": self = .setCookie
            case "user-agent": self = .userAgent
            case "keep-alive": self = .keepAlive
            default: self = .other
            }
        case 11:
            switch name {
            case "content-md5": self = .contentMD5
            default: self = .other
            }
        case 12:
            switch name {
            case "content-type": self = .contentType
            case "max-forwards": self = .maxForwards
            default: self = .other
            }
        case 13:
            switch name {
            case "authorization": self = .authorization
            default: self = .other
            }
        case 14:
            switch name {
            case "content-length": self = .contentLength
            default: self = .other
            }
        case 15:
            switch name {
            case "x-forwarded-for": self = .xForwardedFor
            case "x-amzn-trace-id": self = .xAmznTraceId
            case "accept-encoding": self = .acceptEncoding
            default: self = .other
            }
        case 16:
            switch name {
            case "content-encoding": self = .contentEncoding
            case "proxy-connection": self = .proxyConnection
            case "www-authenticate": self = .wwwAuthenticate
            case "x-forwarded-port": self = .xForwardedPort
            case "x-forwarded-host": self = .xForwardedHost
            case "x-amzn-requestid": self = .xAmznRequestId
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 17:
            switch name {
            case "transfer-encoding": self = .transferEncoding
            case "x-forwarded-proto": self = .xForwardedProto
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 18:
            switch name {
            case "proxy-authenticate": self = .proxyAuthenticate
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 19:
            switch name {
            case "proxy-authorization": self = .proxyAuthorization
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 20:
            switch name {
            case "x-amz-function-error": self = .xAmzFunctionError
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 22:
            switch name {
            case "x-http-method-override": self = .xHTTPMethodOverride
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 29:
            switch name {
            case "access-control-request-method": self = .accessControlRequestMethod
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        case 30:
            switch name {
            case "access-control-request-headers": self = .accessControlRequestHeaders
            default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
            }
        default: self = name.hasPrefixIgnoringCase("access-control-") ? .accessControl : .other
        }
    }
}

/// Matches a name against fixed text in lower case.
private func ~= (text: StaticString, name: UnsafeRawBufferPointer) -> Bool { name.equalsIgnoringCase(text) }
