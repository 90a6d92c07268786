// .NET code as a function brings it: an executable assembly, or a class library with its runtime interface client.

/// The assemblies of a .NET function.
struct DotnetCode {
    private static let client = "Amazon.Lambda.RuntimeSupport"

    /// The folder of the code.
    let directory: String
    let function: String

    /// The words after `dotnet`, as in Lambda's own image for .NET.
    ///
    /// A handler without colons is the name of an executable assembly, which brings its client compiled in; otherwise it
    /// is `ASSEMBLY::TYPE::METHOD` (Lambda developer guide, "Define Lambda function handler in C#").
    ///
    /// - Parameters:
    ///   - handler: the function's handler.
    ///   - mainAssembly: the function's `LAMBDA_DOTNET_MAIN_ASSEMBLY`, which comes before the handler's first word.
    ///   - isExact: whether the version that the runtime names is on this machine; if not a newer one is to be taken.
    /// - Returns: the words.
    /// - Throws: `FunctionFailure` that says what is missing.
    func arguments(handler: String, mainAssembly: String?, isExact: Bool) throws(FunctionFailure) -> [String] {
        let start = ["exec"] + (isExact ? [] : ["--roll-forward", "Major"])
        guard let colon = handler.firstIndex(of: ":") else {
            let assembly = "\(directory)/\(Self.name(handler)).dll"
            guard Folder.hasFile(assembly) else { throw missing("the executable assembly '\(assembly)' is not there") }
            return start + [assembly]
        }
        let name = Self.name(mainAssembly ?? String(handler[..<colon]))
        let dependencies = try file(name, ".deps.json")
        let configuration = try file(name, ".runtimeconfig.json")
        let support = "\(directory)/\(Self.client).dll"
        guard Folder.hasFile(support) else {
            throw missing(
                "its code has no '\(Self.client).dll'; add the runtime interface client to the project with "
                    + "'dotnet add package \(Self.client)' and build it again"
            )
        }
        return start + ["--depsfile", dependencies, "--runtimeconfig", configuration, support, handler]
    }

    private static func name(_ text: String) -> String {
        text.hasSuffix(".dll") ? String(text.dropLast(4)) : text
    }

    /// The file of the assembly, else the only one with this ending.
    private func file(_ name: String, _ ending: String) throws(FunctionFailure) -> String {
        let path = "\(directory)/\(name)\(ending)"
        if Folder.hasFile(path) { return path }
        let others = Folder.names(in: directory).filter { $0.hasSuffix(ending) }
        guard others.count == 1, let other = others.first else {
            let advice =
                ending == ".runtimeconfig.json"
                ? "; set 'GenerateRuntimeConfigurationFiles' to 'true' in the project and build it again"
                : "; build it with 'dotnet publish'"
            throw missing("'\(path)' is not there" + advice)
        }
        return "\(directory)/\(other)"
    }

    private func missing(_ reason: String) -> FunctionFailure {
        .unstartable(
            type: "Runtime.InvalidEntrypoint",
            message: "the function '\(function)' cannot be started: \(reason)"
        )
    }
}
