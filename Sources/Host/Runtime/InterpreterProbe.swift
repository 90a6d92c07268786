// Asks an interpreter for its version and its own path, within a time limit.

internal import Dispatch
internal import Glibc
internal import Manifest
internal import NIOCore
internal import Synchronization

/// Starts programs to ask them something. Blocks.
struct InterpreterProbe: Sendable {
    /// How long a program may take to answer; a shim of a version manager takes a tenth of a second.
    private static let patience = TimeAmount.seconds(5)
    /// How much it may say, in bytes.
    private static let maximumAnswer = 65536

    let keeper: ProcessKeeper
    /// The environment of the host: shims of version managers depend on it.
    let environment: [String: String]

    /// What an interpreter says of itself.
    struct Answer: Hashable, Sendable {
        /// Where it really is: a shim names another place.
        let path: String
        /// More than one only for .NET, whose one program runs all versions that are installed.
        let versions: [RuntimeVersion]
    }

    /// Asks a program what it is; nil where it does not answer as an interpreter of this kind.
    func ask(_ path: String, kind: RuntimeKind) -> Answer? {
        switch kind {
        case .python:
            // `python` may be Python 2, for which this is no syntax error either.
            let program = "import sys; print(sys.executable); print('%d.%d' % sys.version_info[:2])"
            return pathAndVersion(path, ["-S", "-c", program], kind)
        case .node: return pathAndVersion(path, ["-p", "process.execPath + '\\n' + process.versions.node"], kind)
        case .ruby:
            return pathAndVersion(
                path,
                ["--disable-gems", "-rrbconfig", "-e", "puts RbConfig.ruby, RUBY_VERSION"],
                kind
            )
        case .java:
            // A file beside it says the same in no time.
            if let file = Folder.resolved(path), let version = releasedVersion(of: file, kind) {
                return Answer(path: file, versions: [version])
            }
            // `openjdk version "17.0.15" 2025-04-15`
            let words = run(path, ["-version"])?.errorOutput.split(separator: "\"") ?? []
            guard words.count > 1, let version = RuntimeVersion(words[1], of: kind) else { return nil }
            return Answer(path: path, versions: [version])
        case .dotnet:
            // `Microsoft.NETCore.App 8.0.11 [/usr/lib/dotnet/shared/Microsoft.NETCore.App]`
            let lines = run(path, ["--list-runtimes"])?.output.split(separator: "\n") ?? []
            let versions = lines.compactMap { line -> RuntimeVersion? in
                let words = line.split(separator: " ")
                guard words.count > 1, words[0] == "Microsoft.NETCore.App" else { return nil }
                return RuntimeVersion(words[1], of: kind)
            }
            return versions.isEmpty ? nil : Answer(path: path, versions: versions)
        case .provided: return nil
        }
    }

    private func pathAndVersion(_ path: String, _ arguments: [String], _ kind: RuntimeKind) -> Answer? {
        let lines = run(path, arguments)?.output.split(separator: "\n") ?? []
        guard lines.count == 2, lines[0].hasPrefix("/"), let version = RuntimeVersion(lines[1], of: kind) else {
            return nil
        }
        return Answer(path: String(lines[0]), versions: [version])
    }

    /// What the file `release` of a JDK says: `JAVA_VERSION="17.0.15"`.
    private func releasedVersion(of program: String, _ kind: RuntimeKind) -> RuntimeVersion? {
        let home = Folder.parent(of: Folder.parent(of: program))
        for line in (Folder.text("\(home)/release") ?? "").split(separator: "\n") where line.hasPrefix("JAVA_VERSION=")
        {
            return RuntimeVersion(line.dropFirst("JAVA_VERSION=\"".count), of: kind)
        }
        return nil
    }

    /// Runs a program to its end, or to the end of patience.
    ///
    /// - Parameters:
    ///   - path: the program.
    ///   - arguments: what follows its name.
    ///   - directory: where it starts.
    ///   - variables: what its environment has in place of the host's values, or beside them.
    /// - Returns: what it has printed; nil where it could not be started or has not ended.
    func run(
        _ path: String,
        _ arguments: [String],
        directory: String = "/",
        variables: [String: String] = [:]
    ) -> (output: String, errorOutput: String)? {
        let command = ProcessCommand(
            executable: path,
            arguments: arguments,
            environment: environment.merging(variables) { $1 },
            directory: directory
        )
        let deadline = NIODeadline.now() + Self.patience
        let answer = StartAnswer()
        keeper.start(command) { _ in
        } completion: {
            answer.give($0)
        }
        guard case .success(let process) = answer.wait(seconds: 5) else { return nil }
        defer {
            keeper.kill(process.identifier)
            close(process.output)
            close(process.errorOutput)
        }
        var texts: [[UInt8]] = [[], []]
        var descriptors = [process.output, process.errorOutput]
        var chunk = [UInt8](repeating: 0, count: 4096)
        while descriptors.contains(where: { $0 >= 0 }) {
            let left = (deadline - .now()).nanoseconds / 1_000_000
            var ready = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard left > 0, poll(&ready, 2, Int32(left)) > 0 else { return nil }
            for index in ready.indices where ready[index].revents != 0 {
                let count = read(descriptors[index], &chunk, chunk.count)
                if count > 0 { texts[index] += chunk.prefix(count) } else { descriptors[index] = -1 }
                guard texts[index].count < Self.maximumAnswer else { return nil }
            }
        }
        return (String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self))
    }
}

/// The answer of the keeper's thread to one that waits for it.
private final class StartAnswer: Sendable {
    private struct State {
        var result: Result<StartedProcess, ProcessStartError>?
        var isGivenUp = false
    }

    private let state = Mutex(State())
    private let isThere = DispatchSemaphore(value: 0)

    func give(_ answer: Result<StartedProcess, ProcessStartError>) {
        let isTooLate = state.withLock { state in
            if !state.isGivenUp { state.result = answer }
            return state.isGivenUp
        }
        if isTooLate, case .success(let process) = answer {
            close(process.output)
            close(process.errorOutput)
        }
        isThere.signal()
    }

    func wait(seconds: Int) -> Result<StartedProcess, ProcessStartError> {
        _ = isThere.wait(timeout: .now() + .seconds(seconds))
        return state.withLock { state in
            state.isGivenUp = state.result == nil
            return state.result ?? .failure(ProcessStartError("no answer"))
        }
    }
}
