// What a policy is asked: who wants to do what, and the circumstances.

internal import Manifest
internal import NIOCore

/// A question to a policy. It is asked and forgotten within one call.
struct PolicyRequest {
    /// What is to be done: `execute-api:Invoke`.
    var action = "execute-api:Invoke"
    /// With what: the ARN of the method.
    let resource: String
    /// Who asks; nil is anonymous.
    var principal: PolicyPrincipal?
    /// What is known of the request by condition keys in lower case; these come before all others.
    private let keys: [String: [String]]
    private let others: (String) -> [String]?

    /// - Parameters:
    ///   - action: what is to be done.
    ///   - resource: the ARN that it is done with.
    ///   - principal: who asks; nil is anonymous.
    ///   - keys: the values of condition keys, whose names are in lower case.
    ///   - others: the values of all other keys; called with a name in lower case.
    init(
        action: String = "execute-api:Invoke",
        resource: String,
        principal: PolicyPrincipal? = nil,
        keys: [String: [String]] = [:],
        others: @escaping (String) -> [String]? = { _ in nil }
    ) {
        self.action = action
        self.resource = resource
        self.principal = principal
        self.keys = keys
        self.others = others
    }

    /// The values of a condition key, whose name has no case; nil where the request has none.
    func values(ofKey key: String) -> [String]? {
        let key = key.lowercased()
        return keys[key] ?? principal?.values(ofKey: key) ?? others(key)
    }
}

extension PolicyRequest {
    /// The question whether a request's method may be invoked.
    ///
    /// - Parameters:
    ///   - exchange: the request.
    ///   - principal: who has signed it; nil is anonymous.
    ///   - functionName: the function whose URL may be invoked; nil for a method
    ///     (Lambda developer guide, "Security and auth model for Lambda function URLs").
    init(exchange: Exchange, principal: PolicyPrincipal? = nil, functionName: String? = nil) {
        let region = exchange.loop.configuration.region
        self.init(
            action: functionName == nil ? "execute-api:Invoke" : "lambda:InvokeFunctionUrl",
            resource: functionName.map { "arn:aws:lambda:\(region):\(EventTemplate.accountID):function:\($0)" }
                ?? MethodARN.text(exchange),
            principal: principal,
            keys: functionName == nil ? [:] : ["lambda:functionurlauthtype": ["AWS_IAM"]]
        ) { key in
            // Who runs the proxy may know better than it does.
            if let values = exchange.loop.configuration.conditionKeys[key] { return values }
            return switch key {
            case "aws:sourceip": [String(decoding: exchange.remoteAddress, as: UTF8.self)]
            case "aws:useragent": exchange.head.fields.text(of: .userAgent).map { [$0] }
            case "aws:referer": exchange.head.fields.text(ofName: "referer").map { [$0] }
            case "aws:currenttime": [exchange.startTime.timestamp]
            case "aws:epochtime": [String(exchange.startTime.seconds)]
            // TLS, where there is any, ends before this proxy; who knows of it sets the key.
            case "aws:securetransport": ["false"]
            case "aws:requestedregion": [region]
            default: nil
            }
        }
    }
}

extension FieldSection {
    /// The value of the first field of a name, which is in lower case.
    func text(ofName name: StaticString) -> String? {
        withBytes { memory in
            for field in fields where field.name(in: memory).equalsIgnoringCase(name) {
                return String(decoding: field.value(in: memory), as: UTF8.self)
            }
            return nil
        }
    }
}
