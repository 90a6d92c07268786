// For which of its commands git runs us.

internal import Glibc

/// The git that started this process, perhaps through a shell.
enum GitAncestor {
    /// How many parents are asked.
    private static let generations = 8

    /// Whether it is `git blame`.
    static var isBlame: Bool {
        var process = getppid()
        for _ in 0..<generations {
            guard process > 1, let words = commandLine(of: process) else { return false }
            if let program = words.first, program.split(separator: "/").last == "git" {
                return ["blame", "annotate"].contains(command(words.dropFirst()))
            }
            guard let parent = parent(of: process) else { return false }
            process = parent
        }
        return false
    }

    /// The command of git's words: the first that is neither an option nor the value of one.
    private static func command(_ words: some Sequence<String>) -> String? {
        var isValue = false
        for word in words {
            if isValue {
                isValue = false
            } else if word == "-C" || word == "-c" {
                isValue = true
            } else if !word.hasPrefix("-") {
                return word
            }
        }
        return nil
    }

    private static func commandLine(of process: pid_t) -> [String]? {
        guard let bytes = try? InputFile.read("/proc/\(process)/cmdline") else { return nil }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func parent(of process: pid_t) -> pid_t? {
        guard let bytes = try? InputFile.read("/proc/\(process)/stat") else { return nil }
        // The name in parentheses may hold anything, parentheses too; behind it come the state and the parent.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}
