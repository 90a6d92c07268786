// The script that a function puts before its runtime: `AWS_LAMBDA_EXEC_WRAPPER`.

internal import Glibc

/// A wrapper script is started in place of a runtime, with the runtime's program and words as its own words (Lambda
/// developer guide, "Modifying the runtime environment"). Lambda has none for `provided` runtimes.
enum ExecWrapper {
    /// - Returns: the variable's value; nil for a function without a wrapper.
    static func name(of function: FunctionDefinition) -> String? {
        function.environment["AWS_LAMBDA_EXEC_WRAPPER"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Puts the wrapper of a function before its program.
    ///
    /// - Parameters:
    ///   - plan: how it starts without one.
    ///   - function: with its code and layers placed.
    /// - Returns: how it starts.
    /// - Throws: `FunctionFailure` where the wrapper is not there or cannot be executed.
    static func wrap(_ plan: LaunchPlan, of function: FunctionDefinition) throws(FunctionFailure) -> LaunchPlan {
        guard let name = name(of: function) else { return plan }
        let path = place(name, directory: plan.directory, opt: function.optDirectory)
        guard access(path, X_OK) == 0 else {
            let reason = errorText(errno)
            throw .unstartable(
                type: "Runtime.InvalidEntrypoint",
                message:
                    "the wrapper '\(name)' that AWS_LAMBDA_EXEC_WRAPPER names cannot be executed: '\(path)': \(reason)"
            )
        }
        return LaunchPlan(executable: path, arguments: [plan.executable] + plan.arguments, directory: plan.directory)
    }

    /// Where a path of Lambda's is here: code and layers have folders of their own.
    private static func place(_ path: String, directory: String, opt: String?) -> String {
        for (prefix, folder) in [("/var/task/", directory), ("/opt/", opt)] {
            if let folder, path.hasPrefix(prefix) { return "\(folder)/\(path.dropFirst(prefix.count))" }
        }
        return path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
