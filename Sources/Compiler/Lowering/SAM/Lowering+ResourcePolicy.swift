// `ResourcePolicy` of SAM, shorthands for a policy document, as the document that it stands for.

internal import Diagnostics
internal import JSON
internal import Manifest

extension Lowering {
    /// Adds the statements of `Auth.ResourcePolicy` to the API's policy.
    ///
    /// - Parameters:
    ///   - property: the shorthands, of an API or of one event.
    ///   - route: the only route that they are for; nil for all.
    ///   - draft: the API.
    mutating func lowerResourcePolicy(_ property: Property, route: RouteKey? = nil, into draft: inout APIDraft) {
        guard property.value.content != .null else { return }
        guard let settings = property.properties(Self.policyNames, severity: .error, into: &diagnostics) else { return }
        let method = route.map { $0.method == .any ? "*" : $0.method.rawValue } ?? "*"
        let resource = "execute-api:/\(draft.api.stage)/\(method)\(route?.pathText ?? "/*")"
        var statements = draft.api.policy?["Statement"]?.array ?? []
        func add(_ effect: String, _ principal: JSONValue, _ condition: JSONValue? = nil) {
            var statement = JSONObject()
            statement["Effect"] = .string(effect)
            statement["Principal"] = principal
            statement["Action"] = "execute-api:Invoke"
            statement["Resource"] = .string(resource)
            statement["Condition"] = condition
            if !statements.contains(.object(statement)) { statements.append(.object(statement)) }
        }
        /// Everyone may, and whom the condition describes may not.
        func deny(_ operation: String, _ members: [(String, JSONValue)]) {
            add("Allow", "*")
            add("Deny", "*", .object(JSONObject([(operation, .object(JSONObject(members)))])))
        }

        for (name, effect) in [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")] {
            guard let accounts = settings[name] else { continue }
            add(effect, .object(JSONObject([("AWS", .array(list(accounts)))])))
        }
        for (name, operation) in [("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")] {
            if let ranges = settings[name] { deny(operation, [("aws:SourceIp", .array(list(ranges)))]) }
        }
        for (suffix, operation) in [("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")] {
            let sources = settings["SourceVpc\(suffix)"].map { list($0) } ?? []
            let networks =
                sources.filter { $0.string?.hasPrefix("vpc-") == true }
                + (settings["IntrinsicVpc\(suffix)"].map { list($0) } ?? [])
            let endpoints =
                sources.filter { $0.string?.hasPrefix("vpce-") == true }
                + (settings["IntrinsicVpce\(suffix)"].map { list($0) } ?? [])
            var members: [(String, JSONValue)] = []
            if !networks.isEmpty { members.append(("aws:SourceVpc", .array(networks))) }
            if !endpoints.isEmpty { members.append(("aws:SourceVpce", .array(endpoints))) }
            if !members.isEmpty { deny(operation, members) }
        }
        if let custom = settings["CustomStatements"], let document = document(of: custom, unknown: .valueUnknown) {
            statements += document.array ?? [document]
        }
        draft.api.policy = ["Version": "2012-10-17", "Statement": .array(statements)]
    }

    private static let policyNames = [
        "AwsAccountBlacklist", "AwsAccountWhitelist", "CustomStatements", "IntrinsicVpcBlacklist",
        "IntrinsicVpcWhitelist", "IntrinsicVpceBlacklist", "IntrinsicVpceWhitelist", "IpRangeBlacklist",
        "IpRangeWhitelist", "SourceVpcBlacklist", "SourceVpcWhitelist",
    ]

    /// The elements of a list, or the one text in its place; an unknown one is an error.
    private mutating func list(_ property: Property) -> [JSONValue] {
        if let part = property.value.unwritablePart {
            report(part, of: property, .valueUnknown)
            return []
        }
        // Account numbers are texts, whatever YAML makes of their digits.
        return (property.value.list ?? [property.value]).map { $0.text.map { .string($0) } ?? $0.jsonValue }
    }
}
