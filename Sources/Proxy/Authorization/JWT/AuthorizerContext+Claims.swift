// What a good token says, as events and logs have it.

internal import JSON

extension AuthorizerContext {
    /// The context that a JWT authorizer makes.
    ///
    /// - Parameters:
    ///   - claims: those of the token.
    ///   - routeScopes: the scopes that the route asks for; without any the list is null.
    /// - Returns: the context.
    static func jwt(_ claims: TokenClaims, routeScopes: [String]) -> AuthorizerContext {
        let texts = texts(of: claims) { ClaimText.http($1) }
        let granted = Set(claims.scopes)
        let scopes = routeScopes.filter(granted.contains)
        let writer = ByteWriter(capacity: 512)
        writer.write(#"{"claims":"#)
        write(texts, to: writer)
        writer.write(#","scopes":"#)
        if routeScopes.isEmpty {
            writer.write("null")
        } else {
            writer.write(UInt8(ascii: "["))
            for (index, scope) in scopes.enumerated() {
                if index > 0 { writer.write(UInt8(ascii: ",")) }
                writer.write(jsonString: scope)
            }
            writer.write(UInt8(ascii: "]"))
        }
        writer.write(UInt8(ascii: "}"))
        let version1 = Array(writer.bytes)
        return AuthorizerContext(
            version1: version1,
            version2: Array(#"{"jwt":"#.utf8) + version1 + Array("}".utf8),
            properties: properties(texts)
        )
    }

    /// The context that a Cognito authorizer makes.
    static func cognito(_ claims: TokenClaims) -> AuthorizerContext {
        let texts = texts(of: claims) { ClaimText.rest($1, name: $0) }
        let writer = ByteWriter(capacity: 512)
        writer.write(#"{"claims":"#)
        write(texts, to: writer)
        writer.write(UInt8(ascii: "}"))
        let context = Array(writer.bytes)
        return AuthorizerContext(version1: context, version2: context, properties: properties(texts))
    }

    private static func texts(
        of claims: TokenClaims,
        _ spell: (String, JSONValue) -> String?
    ) -> [(name: String, text: String)] {
        claims.object.members.compactMap { name, value in spell(name, value).map { (name, $0) } }
    }

    private static func write(_ texts: [(name: String, text: String)], to writer: ByteWriter) {
        for (index, (name, text)) in texts.enumerated() {
            writer.write(UInt8(ascii: index == 0 ? "{" : ","))
            writer.write(jsonString: name)
            writer.write(UInt8(ascii: ":"))
            writer.write(jsonString: text)
        }
        if texts.isEmpty { writer.write(UInt8(ascii: "{")) }
        writer.write(UInt8(ascii: "}"))
    }

    private static func properties(_ texts: [(name: String, text: String)]) -> [String: String] {
        Dictionary(texts.map { ("claims.\($0.name)", $0.text) }) { first, _ in first }
    }
}
