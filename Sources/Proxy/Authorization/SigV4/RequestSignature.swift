// What a signed request says of its signature, in its fields or in its query.

internal import NIOCore

/// The parts of a signature of version 4, as the request has them; nothing of it is verified
/// (IAM user guide, "Authentication methods", `Authorization` header and query parameters).
struct RequestSignature: Sendable, Equatable {
    /// The one algorithm.
    static let algorithm = "AWS4-HMAC-SHA256"
    /// The most fields that a signature may name: a request has no more.
    private static let signedFieldLimit = 256

    let accessKey: String
    /// The credential scope: the day, the region, the service and `aws4_request`.
    let scope: [String]
    /// The names of the signed fields, in their order, in lower case.
    let signedFields: [String]
    /// The signature in hexadecimal digits.
    let digest: String
    /// When it was signed: `20261121T150000Z`.
    let date: String
    let securityToken: String?
    /// What the request says is the hash of its content; nil where it says nothing.
    let contentHash: String?
    /// Whether it stands in the query.
    let isPresigned: Bool
    /// For how many seconds one in the query holds; nil where it does not say.
    let lifetime: Int?

    /// The scope as it is signed.
    var scopeText: String { scope.joined(separator: "/") }

    /// Whether a value of `Authorization` is a signature of version 4, well formed or not.
    static func isSignature(_ value: UnsafeRawBufferPointer) -> Bool {
        let prefix = algorithm.utf8
        guard value.count >= prefix.count, value.prefix(prefix.count).elementsEqual(prefix) else { return false }
        return value.count == prefix.count || value[prefix.count] == 0x20
    }

    /// Reads the signature of a request: from its `Authorization` field, else from its query.
    ///
    /// - Throws: `SignatureError` where there is none, or it lacks a part.
    init(_ head: RequestHead) throws(SignatureError) {
        if let value = try Self.field("authorization", of: head) {
            let isSignature = Self.isSignature(value: value)
            let isPresigned = !isSignature && Self.hasSignedQuery(head)
            if isSignature || !isPresigned {
                try self.init(authorization: value, of: head)
                return
            }
        }
        guard Self.hasSignedQuery(head) else { throw .missing }
        try self.init(queryOf: head)
    }

    private static func isSignature(value: String) -> Bool {
        var value = value
        return value.withUTF8 { isSignature(UnsafeRawBufferPointer($0)) }
    }

    /// The value of a field that may stand once.
    private static func field(_ name: StaticString, of head: RequestHead) throws(SignatureError) -> String? {
        var count = 0
        var value: String?
        head.fields.forEach { _, candidate, text in
            guard candidate.equalsIgnoringCase(name) else { return }
            count += 1
            value = String(decoding: text, as: UTF8.self)
        }
        guard count <= 1 else { throw .invalid("The request has more than one '\(name)' header.") }
        return value
    }

    // MARK: In the fields

    private static func misread(_ value: String) -> String {
        var text = value
        return text.withUTF8 { MisreadSignature.message(UnsafeRawBufferPointer($0)) }
            ?? "Unsupported AWS 'algorithm': '\(value.prefix { $0 != " " })'."
    }

    private init(authorization value: String, of head: RequestHead) throws(SignatureError) {
        guard Self.isSignature(value: value) else { throw .incomplete(Self.misread(value)) }
        let parameters = try Self.parameters(of: value)
        var problems = ["Credential", "Signature", "SignedHeaders"].filter { parameters[$0] == nil }.map {
            "Authorization header requires '\($0)' parameter."
        }
        let signingDate = try Self.field("x-amz-date", of: head)
        let sendingDate = try Self.field("date", of: head)
        let date = signingDate ?? sendingDate
        if date == nil {
            problems.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        }
        guard let credential = parameters["Credential"], let digest = parameters["Signature"],
            let names = parameters["SignedHeaders"], let date
        else {
            throw .incomplete((problems + ["Authorization=\(value)"]).joined(separator: " "))
        }
        (accessKey, scope) = try Self.credential(credential)
        signedFields = try Self.names(names)
        self.digest = digest
        self.date = SignatureDate.basic(ofField: date) ?? date
        securityToken = try Self.field("x-amz-security-token", of: head)
        contentHash = try Self.field("x-amz-content-sha256", of: head)
        isPresigned = false
        lifetime = nil
    }

    /// The parameters after the first word: `Credential=…, SignedHeaders=…, Signature=…`.
    private static func parameters(of value: String) throws(SignatureError) -> [String: String] {
        guard let space = value.firstIndex(of: " ") else { return [:] }
        var parameters: [String: String] = [:]
        for part in value[value.index(after: space)...].split(separator: ",") {
            let text = part.drop { $0 == " " || $0 == "\t" }
            guard let equals = text.firstIndex(of: "=") else {
                throw .incomplete(
                    """
                    '\(text)' not a valid key=value pair (missing equal-sign) in Authorization header: '\(value)'.
                    """
                )
            }
            var word = text[text.index(after: equals)...]
            while word.last == " " || word.last == "\t" { word.removeLast() }
            guard parameters.updateValue(String(word), forKey: String(text[..<equals])) == nil else {
                throw .incomplete("Authorization header has '\(text[..<equals])' twice. Authorization=\(value)")
            }
        }
        return parameters
    }

    private static func credential(_ text: String) throws(SignatureError) -> (key: String, scope: [String]) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, !parts[0].isEmpty else {
            throw .invalid(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
            )
        }
        return (parts[0], Array(parts[1...]))
    }

    private static func names(_ text: String) throws(SignatureError) -> [String] {
        let names = text.split(separator: ";", omittingEmptySubsequences: false).map { $0.lowercased() }
        guard names.contains("host"), names.count <= signedFieldLimit else {
            throw .invalid("'Host' must be a 'SignedHeader' in the AWS Authorization.")
        }
        // One long field named many times would be spelled, hashed and shown to the client as often.
        guard Set(names).count == names.count else {
            throw .invalid("'SignedHeaders' names a header more than once.")
        }
        return names
    }

    // MARK: In the query

    private static let queryNames = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Expires",
        "X-Amz-Security-Token", "X-Amz-Content-Sha256",
    ]

    private static func hasSignedQuery(_ head: RequestHead) -> Bool {
        head.fields.withBytes { memory in
            let text = String(decoding: head.query(in: memory), as: UTF8.self)
            return text.contains("X-Amz-Signature=") || text.contains("X-Amz-Algorithm=")
        }
    }

    private init(queryOf head: RequestHead) throws(SignatureError) {
        var parameters: [String: String] = [:]
        var duplicate: String?
        head.fields.withBytes { memory in
            QueryParameters(head.query(in: memory), semicolonSeparates: false).forEachName { name, values in
                let name = String(decoding: name, as: UTF8.self)
                guard Self.queryNames.contains(name) else { return }
                if !values.others.isEmpty { duplicate = name }
                parameters[name] = String(decoding: values.first, as: UTF8.self)
            }
        }
        if let duplicate { throw .invalid("The request has more than one '\(duplicate)' parameter.") }
        let missing = Self.queryNames.prefix(5).filter { parameters[$0] == nil }
        guard let algorithm = parameters["X-Amz-Algorithm"], let credential = parameters["X-Amz-Credential"],
            let date = parameters["X-Amz-Date"], let names = parameters["X-Amz-SignedHeaders"],
            let digest = parameters["X-Amz-Signature"]
        else {
            throw .incomplete(
                missing.map { "AWS query-string parameters must include '\($0)'." }.joined(separator: " ")
            )
        }
        guard algorithm == Self.algorithm else { throw .incomplete("Unsupported AWS 'algorithm': '\(algorithm)'.") }
        (accessKey, scope) = try Self.credential(credential)
        signedFields = try Self.names(names)
        self.digest = digest
        self.date = date
        let token = try Self.field("x-amz-security-token", of: head)
        securityToken = parameters["X-Amz-Security-Token"] ?? token
        let hash = try Self.field("x-amz-content-sha256", of: head)
        contentHash = parameters["X-Amz-Content-Sha256"] ?? hash
        isPresigned = true
        if let expires = parameters["X-Amz-Expires"] {
            guard expires.utf8.count <= 6, expires.utf8.allSatisfy(\.isDigit), let seconds = Int(expires),
                (1...604_800).contains(seconds)
            else { throw .invalid("X-Amz-Expires must be a number of seconds from 1 to 604800.") }
            lifetime = seconds
        } else {
            lifetime = nil
        }
    }
}
