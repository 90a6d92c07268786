// How one function is debugged: which one, on which port, and the words that start its runtime with a debugger.

internal import Manifest

/// What a debugger needs to get at a function.
///
/// A function that is debugged has one environment, whose requests may take ten hours, and requests wait for it: a
/// person is looking at it.
package struct DebugSettings: Hashable, Sendable {
    /// How long a request may take, in seconds; SAM CLI has the same.
    static let timeoutSeconds = 36_000
    /// Who can reach the debugger can run anything.
    private static let host = "127.0.0.1"

    /// Where the debugger listens, on the loopback interface.
    package let port: Int
    /// The logical id or the name of the function; nil for the only one.
    package let function: String?
    /// The folder that the debugger's own code is in; nil where the runtime has it.
    package let debuggerPath: String?
    /// More words for the debugger or the runtime.
    package let arguments: [String]

    /// - Parameters:
    ///   - port: where the debugger listens.
    ///   - function: the logical id or the name of the function; nil for the only one.
    ///   - debuggerPath: the absolute path of the folder that the debugger's own code is in.
    ///   - arguments: more words as a shell would read them; quotation marks and backslashes are heeded.
    package init(port: Int, function: String? = nil, debuggerPath: String? = nil, arguments: String = "") {
        self.port = port
        self.function = function
        self.debuggerPath = debuggerPath
        self.arguments = Self.words(arguments)
    }

    private var address: String { "\(Self.host):\(port)" }

    /// Marks the function that is to be debugged.
    ///
    /// - Parameter definitions: all functions by logical id.
    /// - Returns: the same functions, one with these settings and without its timeout.
    /// - Throws: `HostError` where it cannot be told which one.
    func mark(in definitions: [String: FunctionDefinition]) throws(HostError) -> [String: FunctionDefinition] {
        var marked = definitions
        let id = try functionID(definitions)
        marked[id]?.debugging = self
        marked[id]?.timeoutSeconds = Self.timeoutSeconds
        return marked
    }

    private func functionID(_ definitions: [String: FunctionDefinition]) throws(HostError) -> String {
        let names = definitions.keys.sorted()
        guard let function else {
            if names.count == 1, let name = names.first { return name }
            throw HostError(
                names.isEmpty
                    ? "there is no function to debug in the manifest"
                    : "'--debug-port' debugs one function of \(names.count); name it with '--debug-function': "
                        + names.joined(separator: ", ")
            )
        }
        if definitions[function] != nil { return function }
        if let named = names.first(where: { definitions[$0]?.name == function }) { return named }
        throw HostError(
            "'--debug-function' names '\(function)', which is no function of the manifest; it has "
                + names.joined(separator: ", ")
        )
    }

    /// The words that start Python under debugpy.
    ///
    /// Where the arguments name a module of their own with `-m`, as SAM CLI wants it, they stand alone.
    ///
    /// - Parameters:
    ///   - interpreter: the Python that is started.
    ///   - program: what follows it without a debugger.
    ///   - hasDebugger: whether this Python can import debugpy.
    /// - Returns: what follows the interpreter.
    /// - Throws: `FunctionFailure` that says how to install debugpy.
    func python(
        _ interpreter: Interpreter,
        program: [String],
        hasDebugger: () -> Bool
    ) throws(FunctionFailure) -> [String] {
        guard !arguments.contains("-m") else { return arguments + program }
        let module: [String]
        if let debuggerPath {
            guard let folder = [debuggerPath, "\(debuggerPath)/debugpy"].first(where: Self.isDebugpy) else {
                throw .unstartable(
                    type: "Runtime.InvalidEntrypoint",
                    message: "'\(debuggerPath)' holds no debugpy; put it there with "
                        + "'\(interpreter.path) -m pip install --target \(debuggerPath) debugpy'"
                )
            }
            module = [folder]
        } else {
            guard hasDebugger() else {
                throw .unstartable(
                    type: "Runtime.InvalidEntrypoint",
                    message: "debugpy is not installed for '\(interpreter.path)'; install it with "
                        + "'\(interpreter.path) -m pip install debugpy', or name a folder that holds it with "
                        + "'--debugger-path'"
                )
            }
            module = ["-m", "debugpy"]
        }
        // Modules that are part of the interpreter since 3.11 have no lines to stop at; debugpy asks for this.
        let version = RuntimeVersion(interpreter.version, of: .python(version: interpreter.version))
        let flags = (version?.minor ?? 0) >= 11 ? ["-Xfrozen_modules=off"] : []
        return flags + module + ["--listen", address] + arguments + program
    }

    private static func isDebugpy(_ folder: String) -> Bool {
        folder.hasSuffix("/debugpy") && Folder.hasFile("\(folder)/__main__.py")
    }

    /// The words that start Node.js with its inspector: `--inspect`, or what the arguments have in its place.
    func node(program: [String]) -> [String] {
        let hasOwn = arguments.contains { $0.hasPrefix("--inspect") }
        let words = arguments.map { word in
            // Without an address it would take Node's own port.
            ["--inspect", "--inspect-brk", "--inspect-wait"].contains(word) ? "\(word)=\(address)" : word
        }
        return (hasOwn ? [] : ["--inspect=\(address)"]) + words + program
    }

    /// The words that start Java with its debug agent, or with the one that the arguments name.
    func java(program: [String]) -> [String] {
        let hasOwn = arguments.contains { $0.hasPrefix("-agentlib:jdwp") || $0.hasPrefix("-Xrunjdwp") }
        let agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=\(address)"
        return (hasOwn ? [] : [agent]) + arguments + program
    }

    /// Splits a text into words as a shell does, without variables and patterns.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let complete = word { words.append(complete) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        return words
    }
}
