// The environment of a function process: Lambda's own variables, then the function's.

/// Where the host pretends to be.
package struct HostIdentity: Hashable, Sendable {
    package let region: String
    package let account: String
    /// The variables of the host that functions see: credentials and the search path.
    private let inherited: [String: String]

    /// - Parameter environment: the host's own environment.
    package init(environment: [String: String]) {
        region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? "us-east-1"
        account = environment["AWS_ACCOUNT_ID"] ?? "123456789012"
        var inherited = ["PATH": environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]
        // Half of a key pair is of no use, and a dummy half would hide that.
        if let key = environment["AWS_ACCESS_KEY_ID"], let secret = environment["AWS_SECRET_ACCESS_KEY"] {
            inherited["AWS_ACCESS_KEY_ID"] = key
            inherited["AWS_SECRET_ACCESS_KEY"] = secret
            inherited["AWS_SESSION_TOKEN"] = environment["AWS_SESSION_TOKEN"]
        } else {
            inherited["AWS_ACCESS_KEY_ID"] = "defaultkey"
            inherited["AWS_SECRET_ACCESS_KEY"] = "defaultsecret"
        }
        // Lambda has it under both names.
        inherited["AWS_ACCESS_KEY"] = inherited["AWS_ACCESS_KEY_ID"]
        self.inherited = inherited
    }

    /// The ARN of a function here.
    package func arn(function: String) -> String { "arn:aws:lambda:\(region):\(account):function:\(function)" }

    /// The environment of a process (Lambda developer guide, "Defined runtime environment variables").
    ///
    /// - Parameters:
    ///   - function: whose process it is, with its code and layers placed.
    ///   - optDirectory: where the process finds its layers; nil for a function without.
    ///   - temporaryDirectory: the folder for temporary files; nil where the process has a `/tmp` of its own.
    ///   - runtimeAPI: `host:port` of the process's own Runtime API.
    ///   - runtimeDirectory: where the host's bootstraps stand.
    ///   - logStream: the name of the process's log stream.
    /// - Returns: the values by name.
    func environment(
        of function: FunctionDefinition,
        optDirectory: String?,
        temporaryDirectory: String?,
        runtimeAPI: String,
        runtimeDirectory: String,
        logStream: String
    ) -> [String: String] {
        var variables = inherited
        variables["LANG"] = "en_US.UTF-8"
        variables["TZ"] = ":UTC"
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        variables["AWS_XRAY_CONTEXT_MISSING"] = "LOG_ERROR"
        variables["AWS_XRAY_DAEMON_ADDRESS"] = "169.254.79.129:2000"
        variables["AWS_REGION"] = region
        variables["AWS_DEFAULT_REGION"] = region
        variables["AWS_ACCOUNT_ID"] = account
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.name
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST"
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = String(function.memoryMegabytes)
        variables["AWS_LAMBDA_FUNCTION_TIMEOUT"] = String(function.timeoutSeconds)
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand"
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/\(function.name)"
        variables["AWS_LAMBDA_LOG_STREAM_NAME"] = logStream
        // As `sam local` has it: what code asks for when it wants to know that it is not in AWS.
        variables["AWS_SAM_LOCAL"] = "true"
        variables["TMPDIR"] = temporaryDirectory
        for (name, value) in function.environment { variables[name] = value }
        let paths = SearchPaths(runtime: function.runtime, code: function.codeDirectory, opt: optDirectory)
        for name in paths.folders.keys { variables[name] = paths.value(of: name, after: variables[name]) }
        // These tie the process to the host; the function's own would cut it off.
        variables["AWS_EXECUTION_ENV"] = function.runtime.flatMap { runtime in
            // Runtimes that are an operating system alone have none.
            runtime.hasPrefix("provided") ? nil : "AWS_Lambda_\(runtime)"
        }
        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeAPI
        variables["LAMBDA_TASK_ROOT"] = function.codeDirectory
        variables["LAMBDA_RUNTIME_DIR"] = runtimeDirectory
        variables["_HANDLER"] = function.handler ?? ""
        return variables
    }
}
