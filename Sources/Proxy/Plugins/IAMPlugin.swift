// Signed requests: who has signed them, and whether policies let the signer call the method.

internal import JSON
internal import Manifest
internal import NIOCore

/// Lets those requests of a route pass that somebody has signed (`AWS_IAM`), as the policies of the signer and of the
/// API together say (developer guide, "Control access to a REST API with IAM permissions").
struct IAMPlugin: GuardPlugin {
    static let name = "iam"

    /// Whether signatures are verified.
    enum Mode: String, CaseIterable, Sendable {
        case verify
        /// The request has to look signed, and that is all.
        case trust
    }

    private let mode: Mode
    private let skewSeconds: Int
    private let keys: [String: IAMKey]
    /// The policy of the API; nil where it has none.
    private var policy: PolicyDocument?
    /// The name of the function whose URL it is; nil for a method of an API.
    private var functionName: String?

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        (mode, skewSeconds, keys) = try settings.object { (object) throws(JSONShapeError) in
            var keys = try Self.keys(object.optional("keys"))
            let mode = try object.optional("mode")?.choice(Mode.self) ?? .verify
            let skew = try object.optional("skewSeconds")?.integer(in: 1...86_400) ?? 300
            if let file = object.optional("keysFile"), file.value != .null {
                keys.merge(try Self.keys(inFile: file)) { $1 }
            }
            return (mode, skew, keys)
        }
    }

    private static func keys(_ reader: JSONReader?) throws(JSONShapeError) -> [String: IAMKey] {
        var keys: [String: IAMKey] = [:]
        for (name, key) in try reader?.members() ?? [] { keys[name] = try IAMKey(accessKey: name, key) }
        return keys
    }

    /// The keys of a file that has nothing but them.
    private static func keys(inFile reader: JSONReader) throws(JSONShapeError) -> [String: IAMKey] {
        let path = try reader.string()
        let value: JSONValue
        do { value = try JSONParser.parse(try FileReader.read(path, limit: 4 << 20)) } catch let error
            as FileReader.Failure
        { throw reader.error("\(path): \(error.reason)") } catch { throw reader.error("\(path): \(error)") }
        do throws(JSONShapeError) { return try keys(JSONReader(value)) } catch {
            throw reader.error("\(path): \(error)")
        }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.authorizer?.authorizer.kind == .iam else { return nil }
        var copy = self
        copy.policy = scope.resourcePolicy()
        if scope.api.kind == .functionURL, let id = scope.route?.route.function {
            copy.functionName = scope.directory.manifest.functions[id]?.name ?? id
        }
        return copy
    }

    var checks: GuardedCheck { policy == nil ? .authorization : [.authorization, .resourcePolicy] }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        do throws(SignatureError) {
            guard let key = try signer(of: exchange) else { return .readContent }
            return authorize(key, exchange)
        } catch { return .refuse(.signature(error, exchange.api.kind)) }
    }

    /// Who has signed a request.
    ///
    /// - Returns: nil where the content has to be read first.
    /// - Throws: `SignatureError` where nobody known has.
    private func signer(of exchange: Exchange) throws(SignatureError) -> IAMKey? {
        let signature = try RequestSignature(exchange.head)
        guard mode == .verify else {
            guard let key = keys[signature.accessKey] ?? IAMKey(unknown: signature.accessKey) else { throw .unknownKey }
            return key
        }
        guard let key = keys[signature.accessKey] else { throw .unknownKey }
        let verifier = SignatureVerifier(
            region: exchange.loop.configuration.region,
            service: functionName == nil ? "execute-api" : "lambda",
            skewSeconds: skewSeconds,
            semicolonSeparates: exchange.api.kind == .rest
        )
        try verifier.checkScope(signature, now: exchange.startTime)
        guard try key.verify(signature, of: exchange, with: verifier) else { return nil }
        try key.checkSession(signature, now: exchange.startTime)
        return key
    }

    private func authorize(_ key: IAMKey, _ exchange: Exchange) -> Verdict {
        let request = PolicyRequest(exchange: exchange, principal: key.principal, functionName: functionName)
        let resource = policy?.decision(for: request)
        exchange.resourcePolicyDecision = resource
        exchange.caller = key.caller
        let decision = PolicyDecision.combined(
            key.decision(for: request),
            resource: resource,
            crossesAccounts: key.principal.accountID != EventTemplate.accountID
        )
        guard decision == .allow else {
            return .refuse(
                .policyDenied(
                    caller: key.principal.arn,
                    decision,
                    exchange,
                    detail: decision == .explicitDeny ? "iam_denied_explicit" : "iam_denied"
                )
            )
        }
        if exchange.api.kind == .http { exchange.authorizer = key.context }
        return .proceed
    }
}
