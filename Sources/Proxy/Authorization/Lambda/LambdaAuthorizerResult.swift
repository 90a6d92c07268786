// What a Lambda authorizer has returned, read as the gateway reads it.

internal import JSON
internal import Manifest
internal import NIOCore

/// An answer of a Lambda authorizer: who calls, what they may call, and what the function behind is to know of them.
///
/// (Developer guide, "Output from an API Gateway Lambda authorizer" and "Lambda authorizer response format".)
struct LambdaAuthorizerResult: Sendable {
    /// The result is no answer.
    struct Failure: Error, Sendable {
        let detail: StaticString
        init(_ detail: StaticString) { self.detail = detail }
    }

    /// Whom it lets in.
    enum Decision: Sendable {
        /// What the policy says of each request; it is asked anew for each, a cached one too.
        case policy(PolicyDocument)
        /// Everything or nothing (HTTP, simple responses).
        case simple(isAuthorized: Bool)
    }

    /// The longest text of a resource in a policy, in characters (developer guide, "Output from a Lambda authorizer").
    private static let resourceLimit = 512
    /// The longest result that is read, in bytes. All its parts go into one event, whose limit is 6 MiB.
    static let sizeLimit = 1 << 20

    let decision: Decision
    private let kind: GatewayKind
    private let principalID: String?
    private let context: JSONObject
    private let usageKey: String?

    /// Reads a result.
    ///
    /// - Parameters:
    ///   - content: what the function has returned.
    ///   - kind: REST APIs take flat contexts only.
    ///   - isSimple: whether it says `isAuthorized` in place of a policy.
    /// - Throws: `Failure` for what is no answer: nobody is let in by guessing.
    init(parsing content: ByteBuffer, kind: GatewayKind, isSimple: Bool) throws(Failure) {
        guard content.readableBytes <= Self.sizeLimit else { throw Failure("authorizer_result_too_large") }
        let value: JSONValue
        do throws(JSONSyntaxError) { value = try JSONParser.parse(content.readableBytesView) } catch {
            throw Failure("authorizer_result_not_json")
        }
        guard let object = value.object else { throw Failure("authorizer_result_no_object") }
        self.kind = kind
        context = try Self.context(object["context"], kind: kind)
        if isSimple {
            guard let isAuthorized = object["isAuthorized"]?.boolean else {
                throw Failure("authorizer_result_without_boolean")
            }
            decision = .simple(isAuthorized: isAuthorized)
            principalID = nil
            usageKey = nil
            return
        }
        guard let principalID = object["principalId"]?.string else {
            throw Failure("authorizer_result_without_principal")
        }
        guard let policy = object["policyDocument"], policy.object != nil else {
            throw Failure("authorizer_result_without_policy")
        }
        guard Self.hasShortResources(policy) else { throw Failure("authorizer_policy_invalid") }
        do throws(PolicyError) { decision = .policy(try PolicyDocument(policy)) } catch {
            throw Failure("authorizer_policy_invalid")
        }
        self.principalID = principalID
        switch object["usageIdentifierKey"] {
        case nil, .null?: usageKey = nil
        case .string(let key)?: usageKey = key
        default: throw Failure("authorizer_result_key_no_string")
        }
    }

    private static func context(_ value: JSONValue?, kind: GatewayKind) throws(Failure) -> JSONObject {
        guard let value, value != .null else { return JSONObject() }
        guard let object = value.object else { throw Failure("authorizer_context_no_object") }
        guard kind == .rest else { return object }
        for (_, value) in object.members where value.array != nil || value.object != nil {
            throw Failure("authorizer_context_nested")
        }
        return object
    }

    private static func hasShortResources(_ policy: JSONValue) -> Bool {
        guard let statement = policy["Statement"] else { return true }
        for statement in statement.array ?? [statement] {
            for name in ["Resource", "NotResource"] {
                guard let resource = statement[name] else { continue }
                for text in (resource.array ?? [resource]).compactMap(\.string)
                where text.unicodeScalars.count > resourceLimit { return false }
            }
        }
        return true
    }

    /// What events, templates and logs have of the answer.
    ///
    /// - Parameter milliseconds: how long the authorizer took; 0 for an answer from the cache.
    /// - Returns: the context.
    func authorizerContext(milliseconds: Int) -> AuthorizerContext {
        var properties: [String: String] = [:]
        // A REST API makes texts of all values; what is null has none.
        var flat = JSONObject()
        for (name, value) in context.members {
            guard let text = Self.text(value) else { continue }
            properties[name] = text
            flat[name] = .string(text)
        }
        if let principalID {
            properties["principalId"] = principalID
            flat["principalId"] = .string(principalID)
        }
        if kind == .rest { flat["integrationLatency"] = .integer(Int64(milliseconds)) }
        let lambda = JSONValue.object(JSONObject([("lambda", .object(context))]))
        return AuthorizerContext(
            version1: Array(JSONValue.object(flat).compactText.utf8),
            version2: kind == .http ? Array(lambda.compactText.utf8) : [],
            properties: properties,
            usageKey: usageKey
        )
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        default: value.compactText
        }
    }
}
