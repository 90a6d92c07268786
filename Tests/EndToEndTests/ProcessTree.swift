// Which processes descend from another, as /proc tells.

import Foundation

/// The processes that a test looks after.
enum ProcessTree {
    /// The children of a process, their children, and so on.
    static func descendants(of process: pid_t) -> [pid_t] {
        let parents = all().compactMap { entry in parent(of: entry).map { (entry, $0) } }
        var found: [pid_t] = []
        var level: Set<pid_t> = [process]
        while !level.isEmpty {
            level = Set(parents.filter { level.contains($0.1) }.map(\.0))
            found += level
        }
        return found
    }

    /// Whether a process still runs. One that has ended and that nobody has waited for does not.
    static func isRunning(_ process: pid_t) -> Bool {
        guard let fields = status(of: process) else { return false }
        return fields[0] != "Z" && fields[0] != "X"
    }

    /// The name of the program that a process runs; the kernel keeps 15 characters of it.
    static func name(of process: pid_t) -> String? {
        let name = try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)
        return name?.trimmingCharacters(in: .newlines)
    }

    private static func all() -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }
    }

    private static func parent(of process: pid_t) -> pid_t? { status(of: process).flatMap { pid_t($0[1]) } }

    /// The fields of `/proc/PID/stat` behind the name, which may itself hold blanks: state, parent, ….
    private static func status(of process: pid_t) -> [Substring]? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
        guard let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        return fields.count > 2 ? fields : nil
    }
}
