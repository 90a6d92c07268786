// What an authorizer wants of a request, as security schemes of a document.

internal import JSON
internal import Manifest

/// A place in a request that API Gateway has an expression for.
struct RequestPlace: Hashable {
    /// `header`, `query` or `path`, as OpenAPI has it.
    let location: String
    let name: String

    /// What they are sorted by.
    var sortKey: String { "\(location) \(name)" }

    /// Reads what REST APIs write, `method.request.header.X-Tenant`; nil for a place outside of the request's header and
    /// query, since parameters of the path are always there.
    init?(rest expression: String) {
        self.init(expression, prefix: "method.request.")
    }

    /// Reads what REST and HTTP APIs write, `$request.querystring.key`; nil for what no client sends.
    init?(identitySource expression: String) {
        if let place = Self(expression, prefix: "$request.") {
            self = place
        } else if let place = Self(rest: expression) {
            self = place
        } else {
            return nil
        }
    }

    private init?(_ expression: String, prefix: String) {
        guard expression.hasPrefix(prefix) else { return nil }
        let rest = expression.dropFirst(prefix.count)
        for (word, location) in [
            ("header.", "header"), ("querystring.", "query"), ("multivalueheader.", "header"),
            ("multivaluequerystring.", "query"),
        ] where rest.hasPrefix(word) && rest.utf8.count > word.utf8.count {
            (self.location, name) = (location, String(rest.dropFirst(word.count)))
            return
        }
        return nil
    }
}

extension Authorizer {
    /// The schemes that a request satisfies all of, at least one.
    ///
    /// Extensions are those that Amazon API Gateway writes into its own exports (developer guide,
    /// "x-amazon-apigateway-authtype property").
    var securitySchemes: [JSONValue] {
        let places = identitySources.compactMap(RequestPlace.init(identitySource:))
        switch kind {
        case .jwt: return [jwtScheme(at: places.first)]
        case .iam:
            return [
                Self.scheme(
                    at: nil,
                    "A signature of AWS, version 4.",
                    extensions: [("x-amazon-apigateway-authtype", "awsSigv4")]
                )
            ]
        case .cognito:
            return [
                Self.scheme(
                    at: places.first,
                    "A token of a user pool of Amazon Cognito.",
                    extensions: [("x-amazon-apigateway-authtype", "cognito_user_pools")]
                )
            ]
        case .lambda:
            let text = function.map { "The function \($0) decides." } ?? "A function decides."
            let wanted = places.isEmpty ? [nil] : places.map(Optional.some)
            return wanted.map {
                Self.scheme(at: $0, text, extensions: [("x-amazon-apigateway-authtype", "custom")])
            }
        case .unsupported: return [Self.scheme(at: nil, "Nothing passes: the authorizer cannot be described.")]
        }
    }

    private func jwtScheme(at place: RequestPlace?) -> JSONValue {
        let isBearer = place.map { $0.location == "header" && $0.name.lowercased() == "authorization" } ?? true
        guard isBearer else { return Self.scheme(at: place, "A JSON Web Token\(issuer.map { " of \($0)" } ?? "").") }
        // The address is a reference of RFC 3986; what is none stays in the words.
        guard let issuer, issuer.hasPrefix("https://"), issuer.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !issuer.contains(where: { "\"<>\\^`{|}".contains($0) })
        else { return ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"] }
        let address = issuer + (issuer.hasSuffix("/") ? "" : "/") + ".well-known/openid-configuration"
        return ["type": "openIdConnect", "openIdConnectUrl": .string(address)]
    }

    private static func scheme(
        at place: RequestPlace?,
        _ description: String,
        extensions: [(String, JSONValue)] = []
    ) -> JSONValue {
        var object = JSONObject()
        object["type"] = "apiKey"
        object["description"] = .string(description)
        object["in"] = .string(place?.location ?? "header")
        object["name"] = .string(place?.name ?? "Authorization")
        for (name, value) in extensions { object[name] = value }
        return .object(object)
    }
}
