// Running git: no shell, no input, and its own words where it fails.

internal import Glibc

/// What a run of git left behind.
struct GitCommand {
    /// More is not read, and an error.
    private static let maximumBytes = 64 << 20

    /// The exit status; 128 and the signal where a signal ended it.
    let status: Int32
    /// What it wrote to standard output.
    let output: [UInt8]
    /// What it wrote to standard error.
    let errors: String

    /// Runs git to its end. It finds the repository as it always does: from the working folder, or from `GIT_DIR`.
    ///
    /// - Parameter arguments: what stands behind `git`; whoever puts in text of users makes sure that it is no option.
    /// - Throws: `CommandError` where git is not there.
    init(_ arguments: [String]) throws(CommandError) {
        let child = try GitProcess(arguments, hasInput: false)
        (output, errors) = child.readToEnd(limit: Self.maximumBytes)
        status = child.end()
    }

    /// Runs git where it is to succeed.
    ///
    /// - Returns: its output, without the line feed at the end.
    /// - Throws: `CommandError` with git's own words where it does not.
    static func line(_ arguments: [String]) throws(CommandError) -> String {
        let command = try GitCommand(arguments)
        guard command.status == 0 else { throw CommandError(command.complaint) }
        return command.lines.joined(separator: "\n")
    }

    /// The lines of its output, without line feeds; a last one that is empty is left out.
    var lines: [String] {
        var lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first thing that git said of why it failed, without `fatal: `.
    var complaint: String {
        let lines = errors.split(separator: "\n").map(String.init)
        for prefix in ["fatal: ", "error: "] {
            if let line = lines.first(where: { $0.hasPrefix(prefix) }) { return String(line.dropFirst(prefix.count)) }
        }
        return lines.first ?? "git ended with status \(status)"
    }
}

/// A git that runs.
final class GitProcess: Sendable {
    private let process: pid_t
    /// Where to write what it reads; -1 for nowhere.
    private let input: Int32
    private let output: Int32
    /// -1 where what it complains of is thrown away.
    private let errors: Int32

    /// Starts git.
    ///
    /// - Parameters:
    ///   - arguments: what stands behind `git`.
    ///   - hasInput: whether it is asked through its standard input, and its complaints are of no interest.
    /// - Throws: `CommandError` where git is not there.
    init(_ arguments: [String], hasInput: Bool) throws(CommandError) {
        // Sockets and not pipes: writing to a git that is gone must not end us, and no other child inherits them.
        var fault: Int32 = 0
        func pair(if isWanted: Bool) -> [Int32] {
            var ends: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            if isWanted, fault == 0, socketpair(AF_UNIX, kind, 0, &ends) != 0 { fault = errno }
            return ends
        }
        let (inputs, outputs, complaints) = (pair(if: hasInput), pair(if: true), pair(if: !hasInput))

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if hasInput {
            posix_spawn_file_actions_adddup2(&actions, inputs[1], STDIN_FILENO)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, complaints[1], STDERR_FILENO)
        }
        posix_spawn_file_actions_adddup2(&actions, outputs[1], STDOUT_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var started: pid_t = 0
        if fault == 0 { fault = posix_spawnp(&started, "git", &actions, nil, &words, environ) }
        for descriptor in [inputs[1], outputs[1], complaints[1]] where descriptor >= 0 { close(descriptor) }
        (process, input, output, errors) = (started, inputs[0], outputs[0], complaints[0])
        guard fault == 0 else {
            for descriptor in [inputs[0], outputs[0], complaints[0]] where descriptor >= 0 { close(descriptor) }
            throw CommandError(
                fault == ENOENT
                    ? "the program 'git' is not on PATH; without it only files can be compared"
                    : "git cannot be started: \(String(cString: strerror(fault)))"
            )
        }
    }

    /// Writes what it is to read.
    ///
    /// - Returns: whether it could be written.
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(input, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Some of what it has written; empty at the end.
    func read(atMost limit: Int) -> [UInt8] { Self.read(output, atMost: limit) }

    /// All that it writes, up to a limit for each.
    func readToEnd(limit: Int) -> (output: [UInt8], errors: String) {
        var texts: [Int32: [UInt8]] = [output: [], errors: []]
        var open: Set = [output, errors]
        while !open.isEmpty {
            var waits = open.sorted().map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, nfds_t(waits.count), -1) > 0 || errno == EINTR else { break }
            for wait in waits where wait.revents != 0 {
                let bytes = Self.read(wait.fd, atMost: 1 << 16)
                if bytes.isEmpty || texts[wait.fd, default: []].count > limit { open.remove(wait.fd) }
                texts[wait.fd, default: []] += bytes
            }
        }
        return (texts[output] ?? [], String(decoding: texts[errors] ?? [], as: UTF8.self))
    }

    /// Closes what leads to it, and waits for its end.
    ///
    /// - Returns: the exit status; 128 and the signal where a signal ended it.
    func end() -> Int32 {
        for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }

    private static func read(_ descriptor: Int32, atMost limit: Int) -> [UInt8] {
        while true {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: min(limit, 1 << 16)) { buffer, size in
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                size = max(0, count)
            }
            if count >= 0 || errno != EINTR { return bytes }
        }
    }
}
