// Looks for interpreters on the PATH and asks each for its version and its own path.

internal import Dispatch
internal import Glibc
internal import Synchronization

/// An interpreter that has been tried.
struct Interpreter: Hashable, Sendable {
    /// Where it really is: a version manager's shim names another place.
    let path: String
    let version: String
    /// Whether it is of the version that the runtime names.
    let isExact: Bool
}

/// Finds the interpreter of a runtime. Blocks, as it starts programs.
struct InterpreterFinder: Sendable {
    /// How long an interpreter may take to say its version.
    private static let patience: Int32 = 10_000

    let keeper: ProcessKeeper
    /// The environment of the host: shims of version managers depend on it.
    let environment: [String: String]

    /// The interpreter of the version that the runtime names, else the first that works.
    func find(_ kind: RuntimeKind) -> Interpreter? {
        let names: [String]
        let arguments: [String]
        let wanted: String
        switch kind {
        case .python(let version):
            names = ["python\(version)", "python3", "python"]
            // The prefix keeps out a `python` that is Python 2.
            let program = "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])"
            arguments = ["-c", program]
            wanted = version
        case .node(let version):
            names = ["node", "nodejs"]
            arguments = ["-p", "process.execPath + '\\n' + process.versions.node.split('.')[0]"]
            wanted = version
        case .provided: return nil
        }
        var nearest: Interpreter?
        var tried: Set<String> = []
        for name in names {
            for directory in (environment["PATH"] ?? "").split(separator: ":") where directory.hasPrefix("/") {
                let path = "\(directory)/\(name)"
                guard access(path, X_OK) == 0, tried.insert(path).inserted, let answer = ask(path, arguments) else {
                    continue
                }
                let isExact = answer.version == wanted
                if case .python = kind, !answer.version.hasPrefix("3.") { continue }
                let interpreter = Interpreter(path: answer.path, version: answer.version, isExact: isExact)
                if isExact { return interpreter }
                nearest = nearest ?? interpreter
            }
        }
        return nearest
    }

    private func ask(_ path: String, _ arguments: [String]) -> (path: String, version: String)? {
        let command = ProcessCommand(executable: path, arguments: arguments, environment: environment, directory: "/")
        let answer = StartAnswer()
        keeper.start(command) { _ in
        } completion: {
            answer.give($0)
        }
        guard case .success(let process) = answer.wait() else { return nil }
        defer {
            keeper.kill(process.identifier)
            close(process.output)
            close(process.errorOutput)
        }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while text.count < 65536 {
            var ready = pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Self.patience) > 0 else { return nil }
            let count = read(process.output, &chunk, chunk.count)
            guard count > 0 else { break }
            text += chunk.prefix(count)
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0].hasPrefix("/") else { return nil }
        return (String(lines[0]), String(lines[1]))
    }
}

/// The answer of the keeper's thread to one that waits for it.
private final class StartAnswer: Sendable {
    private let result = Mutex<Result<StartedProcess, ProcessStartError>?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func give(_ answer: Result<StartedProcess, ProcessStartError>) {
        result.withLock { $0 = answer }
        isThere.signal()
    }

    func wait() -> Result<StartedProcess, ProcessStartError> {
        isThere.wait()
        return result.withLock { $0 } ?? .failure(ProcessStartError("no answer"))
    }
}
