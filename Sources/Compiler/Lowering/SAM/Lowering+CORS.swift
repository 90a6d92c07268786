// Cors of REST APIs, whose values carry quotes of their own, and CorsConfiguration of HTTP APIs.

internal import Diagnostics
internal import Manifest

extension Lowering {
    mutating func lowerCORS(_ properties: Properties, into draft: inout APIDraft) {
        switch draft.kind {
        case .rest: draft.api.cors = properties["Cors"].flatMap { restCORS($0, of: &draft) }
        default:
            guard let property = properties["CorsConfiguration"], property.value.content != .null else { return }
            draft.api.cors = httpCORS(property, over: draft.api.cors)
        }
    }

    private mutating func restCORS(_ property: Property, of draft: inout APIDraft) -> CORS? {
        var cors = CORS()
        if property.value.members == nil {
            guard let origin = unquoted(property) else { return nil }
            cors.allowOrigins = origin.commaSeparated
        } else {
            guard let settings = property.properties(PropertyNames.restCORS, severity: .error, into: &diagnostics)
            else { return nil }
            // The translator's own default.
            cors.allowOrigins = ["*"]
            if let origin = settings["AllowOrigin"] { cors.allowOrigins = unquoted(origin)?.commaSeparated ?? [] }
            if let methods = settings["AllowMethods"] {
                cors.allowMethods = self.methods(unquoted(methods)?.commaSeparated ?? [], of: methods)
            }
            if let headers = settings["AllowHeaders"] { cors.allowHeaders = unquoted(headers)?.commaSeparated ?? [] }
            if let age = settings["MaxAge"], let text = unquoted(age) { cors.maxAgeSeconds = maximumAge(text, of: age) }
            if let credentials = settings["AllowCredentials"] {
                let quoted = credentials.value.text?.hasPrefix("'") == true ? unquoted(credentials) : nil
                switch quoted {
                case "true"?: cors.allowCredentials = true
                case "false"?: cors.allowCredentials = false
                default:
                    cors.allowCredentials =
                        credentials.boolean(unknown: .settingUnknown, into: &diagnostics) ?? false
                }
                checkCredentials(cors, credentials, severity: .warning)
            }
        }
        cors.isPreflightKeyRequired = draft.isKeyRequired && draft.requiresPreflightKey
        cors.preflightAuth =
            draft.guardsPreflight ? draft.defaultAuthorizer.map { draft.use($0) } ?? RouteAuth.none : RouteAuth.none
        return cors
    }

    /// The text within the single quotes that a REST API's values need: they are constants of a mapping.
    private mutating func unquoted(_ property: Property) -> String? {
        guard let text = property.text(unknown: .settingUnknown, into: &diagnostics) else { return nil }
        guard text.utf8.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") else {
            diagnostics.emit(.corsUnquoted(property, text))
            return text
        }
        return String(text.dropFirst().dropLast())
    }

    private mutating func httpCORS(_ property: Property, over document: CORS?) -> CORS? {
        if property.value.members == nil {
            guard let isOpen = property.boolean(unknown: .settingUnknown, into: &diagnostics), isOpen else {
                return document
            }
            var cors = document ?? CORS()
            cors.allowOrigins = ["*"]
            diagnostics.emit(.corsOriginsOnly(property))
            return cors
        }
        guard let settings = property.properties(PropertyNames.httpCORS, severity: .error, into: &diagnostics) else {
            return document
        }
        return httpCORS(settings, over: document) { $0 }
    }

    /// The cross-origin settings of an HTTP API.
    ///
    /// - Parameters:
    ///   - settings: `AllowOrigins` and so on.
    ///   - document: what holds where they say nothing.
    ///   - spelling: how the notation spells such a name.
    /// - Returns: the settings.
    mutating func httpCORS(
        _ settings: Properties,
        over document: CORS? = nil,
        named spelling: (String) -> String
    ) -> CORS {
        var cors = document ?? CORS()
        func list(_ name: String) -> [String]? {
            settings[spelling(name)]?.texts(unknown: .settingUnknown, into: &diagnostics)
        }
        cors.allowOrigins = list("AllowOrigins") ?? cors.allowOrigins
        cors.allowHeaders = list("AllowHeaders") ?? cors.allowHeaders
        cors.exposeHeaders = list("ExposeHeaders") ?? cors.exposeHeaders
        if let methods = settings[spelling("AllowMethods")] {
            cors.allowMethods = self.methods(list("AllowMethods") ?? [], of: methods)
        }
        if let age = settings[spelling("MaxAge")] {
            cors.maxAgeSeconds = age.integer(in: -1...86400, into: &diagnostics)
        }
        if let credentials = settings[spelling("AllowCredentials")] {
            cors.allowCredentials = credentials.boolean(unknown: .settingUnknown, into: &diagnostics) ?? false
            checkCredentials(cors, credentials, severity: .error)
        }
        return cors
    }

    private mutating func methods(_ texts: [String], of property: Property) -> [String] {
        texts.compactMap { text in
            let method = text.uppercased()
            guard method == "*" || RouteMethod(rawValue: method).map({ $0 != .any }) == true else {
                diagnostics.emit(.corsMethod(text, property))
                return nil
            }
            return method
        }
    }

    private mutating func maximumAge(_ text: String, of property: Property) -> Int? {
        guard let seconds = Int(text), (-1...86400).contains(seconds) else {
            diagnostics.emit(.corsAge(text, property))
            return nil
        }
        return seconds
    }

    private mutating func checkCredentials(_ cors: CORS, _ property: Property, severity: Severity) {
        guard cors.allowCredentials, cors.allowOrigins.contains("*") else { return }
        var diagnostic = Diagnostic.corsCredentials(property)
        diagnostic.severity = severity
        diagnostics.emit(diagnostic)
    }
}

extension String {
    /// The parts between commas without white space around them, without empty ones.
    fileprivate var commaSeparated: [String] {
        split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }
}

extension DiagnosticCode {
    static let corsUnquoted = DiagnosticCode(
        "cors-unquoted",
        .warning,
        """
        The values of `Cors` of a REST API become constants of a response mapping and need single quotes of their own \
        within the quotes of YAML: `AllowOrigin: "'https://example.com'"`. Without them API Gateway refuses the \
        deployment; here the value is read as if it had them.
        """
    )
    static let corsOriginsOnly = DiagnosticCode(
        "cors-origins-only",
        .warning,
        """
        `CorsConfiguration: true` allows all origins and nothing else: no method beyond the simple ones and no header, \
        so browsers refuse requests with JSON bodies or an `Authorization` field. Write `AllowOrigins`, `AllowMethods` \
        and `AllowHeaders` out.
        """
    )
    static let corsCredentials = DiagnosticCode(
        "cors-credentials",
        .error,
        """
        Browsers do not accept credentials together with the origin `*`, and HTTP APIs refuse the pair. Name the \
        origins. For a REST API this is a warning: it can be deployed but does not work.
        """
    )
    static let corsValue = DiagnosticCode(
        "cors-value",
        .error,
        """
        A setting of CORS has a value that it cannot have: a method that does not exist, or an age that is no number \
        of seconds.
        """
    )
}

extension Diagnostic {
    fileprivate static func corsUnquoted(_ property: Property, _ text: String) -> Diagnostic {
        let replacement = "\"'\(text)'\""
        let fixIts =
            property.value.isComputed || text.contains("\"") || text.contains("'")
            ? [] : [FixIt("write \(replacement)", at: property.span, replacement: replacement)]
        return Diagnostic(
            .corsUnquoted,
            "\(property.words) needs single quotes within its quotes: \(replacement)",
            at: property.span,
            fixIts: fixIts
        )
    }

    fileprivate static func corsOriginsOnly(_ property: Property) -> Diagnostic {
        Diagnostic(
            .corsOriginsOnly,
            "\(property.words) as 'true' allows all origins but no methods and headers of preflights",
            at: property.span
        )
    }

    fileprivate static func corsCredentials(_ property: Property) -> Diagnostic {
        Diagnostic(
            .corsCredentials,
            "\(property.words) cannot be true together with the origin '*'; name the origins",
            at: property.span
        )
    }

    fileprivate static func corsMethod(_ text: String, _ property: Property) -> Diagnostic {
        let known = RouteMethod.allCases.filter { $0 != .any }.map(\.rawValue)
        return Diagnostic(
            .corsValue,
            "'\(text)' in \(property.words) is no method\(didYouMean(text, among: known))",
            at: property.span
        )
    }

    fileprivate static func corsAge(_ text: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .corsValue,
            "\(property.words) is a number of seconds up to 86400, not '\(text)'",
            at: property.span
        )
    }
}
