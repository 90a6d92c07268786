// Who asks for something, and whom a statement of a resource policy is about.

internal import JSON

/// An identity that has signed a request.
struct PolicyPrincipal: Sendable, Hashable {
    /// The ARN of the user, or of the session of a role.
    let arn: String
    /// The twelve digits of the account.
    let accountID: String
    /// `AIDA…`, or `AROA…:session`.
    let userID: String
    var organizationID: String?

    /// The ARN that conditions have: a session of a role acts as the role
    /// (IAM user guide, "AWS global condition context keys", `aws:PrincipalArn`).
    let principalARN: String
    private let kind: String
    /// The name of a user; nil for others.
    private let userName: String?

    /// It is nil for what is no ARN of an identity.
    ///
    /// - Parameters:
    ///   - arn: `arn:aws:iam::123456789012:user/alice`, `arn:aws:sts::123456789012:assumed-role/Admin/session`, …
    ///   - userID: the unique id; nil for one that is always the same for the same ARN.
    ///   - organizationID: the organisation of the account.
    init?(arn: String, userID: String? = nil, organizationID: String? = nil) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts", parts[3].isEmpty,
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy(\.isDigit)
        else { return nil }
        let names = parts[5].split(separator: "/", omittingEmptySubsequences: false)
        switch (parts[2], names[0]) {
        case ("iam", "root") where names.count == 1: (kind, userName, principalARN) = ("Account", nil, arn)
        case ("iam", "user") where names.count >= 2 && !names[names.count - 1].isEmpty:
            (kind, userName, principalARN) = ("User", String(names[names.count - 1]), arn)
        case ("iam", "role") where names.count >= 2 && !names[names.count - 1].isEmpty:
            (kind, userName, principalARN) = ("AssumedRole", nil, arn)
        case ("sts", "assumed-role") where names.count == 3 && !names[1].isEmpty && !names[2].isEmpty:
            (kind, userName) = ("AssumedRole", nil)
            principalARN = "arn:\(parts[1]):iam::\(parts[4]):role/\(names[1])"
        case ("sts", "federated-user") where names.count == 2 && !names[1].isEmpty:
            (kind, userName, principalARN) = ("FederatedUser", nil, arn)
        default: return nil
        }
        self.arn = arn
        accountID = String(parts[4])
        let prefix = kind == "AssumedRole" ? "AROA" : "AIDA"
        let session = parts[2] == "sts" && names.count == 3 ? ":\(names[2])" : ""
        self.userID = userID ?? prefix + (EventTemplate.stableID(principalARN) + "SAMOVAR").uppercased() + session
        self.organizationID = organizationID
    }

    /// What conditions can ask of it, by a key in lower case.
    func values(ofKey key: String) -> [String]? {
        switch key {
        case "aws:principalarn": [principalARN]
        case "aws:principalaccount": [accountID]
        case "aws:principaltype": [kind]
        case "aws:principalorgid": organizationID.map { [$0] }
        case "aws:userid": [userID]
        case "aws:username": userName.map { [$0] }
        default: nil
        }
    }
}

/// The element `Principal` or `NotPrincipal` of a statement
/// (IAM user guide, "AWS JSON policy elements: Principal").
struct PolicyPrincipalElement: Sendable {
    private let isNegated: Bool
    private var isEveryone = false
    /// Account numbers and ARNs.
    private var names: [String] = []

    /// - Throws: `PolicyError` for what names nobody.
    init(_ value: JSONValue, isNegated: Bool) throws(PolicyError) {
        self.isNegated = isNegated
        if value.string == "*" {
            isEveryone = true
            return
        }
        guard let members = value.object?.members, !members.isEmpty else {
            throw PolicyError("the principal is neither '*' nor an object of principals")
        }
        for (kind, value) in members {
            let names = try PolicyDocument.texts(value, of: kind)
            switch kind {
            case "AWS":
                if names.contains("*") { isEveryone = true }
                self.names += names
            // No service, identity provider or canonical user signs requests to a method.
            case "Service", "Federated", "CanonicalUser": break
            default: throw PolicyError("'\(kind)' is no kind of principal")
            }
        }
    }

    /// Whether the statement is about who asks.
    func matches(_ principal: PolicyPrincipal?) -> Bool {
        let isNamed =
            isEveryone
            || principal.map { principal in
                names.contains { name in
                    name == principal.arn || name == principal.principalARN || name == principal.userID
                        || name == principal.accountID || name.isRoot(ofAccount: principal.accountID)
                }
            } ?? false
        return isNamed != isNegated
    }
}

extension String {
    /// Whether this is `arn:aws:iam::ACCOUNT:root`, which means everyone of the account.
    fileprivate func isRoot(ofAccount account: String) -> Bool {
        guard hasPrefix("arn:"), hasSuffix(":iam::\(account):root") else { return false }
        return split(separator: ":", omittingEmptySubsequences: false).count == 6
    }
}
