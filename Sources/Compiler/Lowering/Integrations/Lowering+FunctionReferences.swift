// Functions as routes and authorizers name them: by ARN, by the ARN of an invocation, by name.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The logical id of the function that the URI of an integration or authorizer calls.
    ///
    /// It has the form `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`, or is the ARN
    /// itself. A function that the template does not have becomes one of the manifest's that runs elsewhere.
    ///
    /// - Parameters:
    ///   - text: the URI.
    ///   - property: where it stands.
    ///   - draft: the API; its stage's variables stand in for `${stageVariables.NAME}`.
    /// - Returns: nil where it names no function, which is reported.
    mutating func function(ofURI text: String, _ property: Property, of draft: APIDraft) -> String? {
        var arn = text[...]
        if let marker = arn.firstRange(of: "/functions/") {
            arn = arn[marker.upperBound...]
            for ending in ["/invocations", "/response-streaming-invocations"] where arn.hasSuffix(ending) {
                arn = arn.dropLast(ending.count)
            }
        }
        let known = Self.substitute(draft.api.stageVariables, in: String(arn))
        let isARN = known.contains(":function:") || !known.contains(where: { $0 == "/" || $0 == "." })
        let name = isARN ? Self.functionName(ofARN: known) : ""
        if let id = function(named: name) { return id }
        if let condition = template.absent[name] {
            diagnostics.emit(.functionAbsent(name, condition, property))
            return nil
        }
        guard name.isMadeOfNameCharacters else {
            diagnostics.emit(.functionUnnamed(property, text))
            return nil
        }
        if functions[name] == nil {
            functions[name] = Function()
            diagnostics.emit(.functionElsewhere(name, property))
        }
        return name
    }

    /// The function of a name, or of a logical id; that of another stack begins with a slash.
    private func function(named name: String) -> String? {
        let own = functionsByName[name]
        if let own, template.functionNames[own] == name { return own }
        return template.foreignFunctions[name] ?? own
    }

    /// The name within an ARN, without a version or alias; any other text is a name itself.
    static func functionName(ofARN arn: String) -> String {
        let start = arn.firstRange(of: ":function:")?.upperBound ?? arn.startIndex
        return String(arn[start...].prefix { $0 != ":" && $0 != "/" })
    }

    /// Puts the values of variables in the place of `${stageVariables.NAME}`.
    private static func substitute(_ variables: [String: String], in text: String) -> String {
        guard text.contains("stageVariables.") else { return text }
        return variables.reduce(text) { text, variable in
            text.replacing("${stageVariables.\(variable.key)}", with: variable.value)
        }
    }
}

extension DiagnosticCode {
    static let functionElsewhere = DiagnosticCode(
        "function-elsewhere",
        .warning,
        """
        A route calls a function that the template does not declare. It is in the manifest under its name, without \
        code: say where it runs with `--endpoints` or the proxy's `--endpoint NAME=URL`.
        """
    )
    static let functionAbsent = DiagnosticCode(
        "function-absent",
        .warning,
        """
        A route or an authorizer calls a function whose condition does not hold. There is no such function, so there is \
        no such route, and an authorizer refuses.
        """
    )
    static let functionUnnamed = DiagnosticCode(
        "function-unnamed",
        .error,
        """
        The URI of an integration or authorizer does not name a function. Use \
        `!Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations`. A stage \
        variable in it needs a value in the stage.
        """
    )
}

extension Diagnostic {
    fileprivate static func functionElsewhere(_ name: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .functionElsewhere,
            "\(property.words) calls '\(name)', which the template does not declare; give it an endpoint where it runs",
            at: property.span
        )
    }

    fileprivate static func functionAbsent(_ name: String, _ condition: String, _ property: Property) -> Diagnostic {
        Diagnostic(
            .functionAbsent,
            "\(property.words) calls '\(name)', which does not exist: its condition '\(condition)' does not hold",
            at: property.span
        )
    }

    fileprivate static func functionUnnamed(_ property: Property, _ text: String) -> Diagnostic {
        Diagnostic(.functionUnnamed, "\(property.words) names no function: '\(text)'", at: property.span)
    }
}
