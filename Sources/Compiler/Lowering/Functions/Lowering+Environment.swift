// The environment of functions, as far as the template knows it.

internal import Diagnostics
internal import Manifest

extension Lowering {
    /// The variables that Lambda sets itself and refuses to be given (Lambda developer guide, "Defined runtime
    /// environment variables").
    static let reservedVariables: Set<String> = [
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    ]

    /// `Environment.Variables` of a function; secret values go to the sidecar.
    mutating func environment(
        of resource: ResolvedTemplate.Served,
        _ properties: Properties
    ) -> [String: EnvironmentValue] {
        guard
            let settings = properties["Environment"]?.properties(
                ["Variables"],
                unknown: .settingUnknown,
                into: &diagnostics
            )
        else { return [:] }
        guard let variables = settings["Variables"]?.properties(unknown: .settingUnknown, into: &diagnostics) else {
            return [:]
        }
        var environment: [String: EnvironmentValue] = [:]
        for variable in variables.all {
            guard Self.isVariableName(variable.name) else {
                diagnostics.emit(.variableName(variable, of: resource.id))
                continue
            }
            guard !Self.reservedVariables.contains(variable.name) else {
                diagnostics.emit(.variableReserved(variable, of: resource.id))
                continue
            }
            environment[variable.name] = value(of: variable, function: resource.id)
        }
        return environment
    }

    private mutating func value(of variable: Property, function: String) -> EnvironmentValue? {
        let value = variable.value
        switch (value.content, value.secretSource) {
        case (.text(let text, _), nil): return .text(text)
        case (.text(let text, _), let source?):
            secrets.functions[function, default: [:]][variable.name] = text
            return .secret(source)
        case (.unknown(let reason), let source):
            let diagnostic = Diagnostic.variableUnknown(variable, of: function, reason)
            openVariables.append(OpenVariable(function: function, name: variable.name, diagnostic: diagnostic))
            return source.map { .secret($0) } ?? .text(value.reference ?? "")
        default:
            // Reports that it is no text.
            _ = variable.text(into: &diagnostics)
            return nil
        }
    }

    /// Letters, digits and underscores, a letter or underscore first.
    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
        }
    }
}

extension DiagnosticCode {
    static let environmentReserved = DiagnosticCode(
        "environment-reserved",
        .error,
        "Lambda sets this variable itself and refuses functions that declare it. Choose another name."
    )
    static let environmentName = DiagnosticCode(
        "environment-name",
        .error,
        "The name of an environment variable begins with a letter and is made of letters, digits and underscores."
    )
    static let environmentUnknown = DiagnosticCode(
        "environment-unknown",
        .warning,
        """
        The value of an environment variable is known only once the stack is deployed, or is a secret that is fetched \
        then. The variable is declared, but empty, or holds the dynamic reference as it stands. Give it a value for \
        local use in `env.json`: under the function's logical id, or under `Parameters` for all functions.
        """
    )
}

extension Diagnostic {
    fileprivate static func variableUnknown(_ variable: Property, of function: String, _ reason: String) -> Diagnostic {
        Diagnostic(
            .environmentUnknown,
            "the value of '\(variable.name)' of '\(function)' cannot be known here: \(reason); set it in env.json",
            at: variable.span
        )
    }

    fileprivate static func variableReserved(_ variable: Property, of function: String) -> Diagnostic {
        Diagnostic(
            .environmentReserved,
            "'\(variable.name)' is reserved for Lambda and cannot be set by '\(function)'",
            at: variable.nameSpan
        )
    }

    fileprivate static func variableName(_ variable: Property, of function: String) -> Diagnostic {
        Diagnostic(
            .environmentName,
            "'\(variable.name)' of '\(function)' cannot be the name of an environment variable",
            at: variable.nameSpan
        )
    }
}
