// The control group of one execution environment: its limits, what it has used, and its end.

internal import Glibc

/// A folder in each hierarchy that limits something.
struct ControlGroup: Hashable, Sendable {
    /// Where the kernel keeps the group, once for each hierarchy.
    let directories: [String]
    /// The one that counts memory; nil where none does.
    let memory: (directory: String, version: ControlGroupVersion)?

    static func == (one: ControlGroup, other: ControlGroup) -> Bool { one.directories == other.directories }
    func hash(into hasher: inout Hasher) { hasher.combine(directories) }

    /// The file with the most memory that its processes have used together, in bytes.
    var peakFile: String? {
        memory.map { "\($0.directory)/\($0.version == .two ? "memory.peak" : "memory.max_usage_in_bytes")" }
    }

    /// Whether the kernel has killed one of its processes for want of memory.
    var hasRunOutOfMemory: Bool {
        guard let memory else { return false }
        let file = memory.version == .two ? "memory.events" : "memory.oom_control"
        let lines = Folder.text("\(memory.directory)/\(file)")?.split(separator: "\n") ?? []
        return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    /// The files that a process enters the group by, open for writing; the receiver owns them.
    ///
    /// - Throws: `ProcessStartError` where one cannot be opened.
    func open() throws(ProcessStartError) -> [Int32] {
        var descriptors: [Int32] = []
        for directory in directories {
            // Version 1 moves one thread, which is all that a new process has, without stopping the forks of the whole
            // machine; version 2 moves processes only.
            var file = "\(directory)/tasks"
            if access(file, F_OK) != 0 { file = "\(directory)/cgroup.procs" }
            let descriptor = Glibc.open(file, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                let reason = errorText(errno)
                for descriptor in descriptors { close(descriptor) }
                throw ProcessStartError("cannot enter the control group '\(directory)': \(reason)")
            }
            descriptors.append(descriptor)
        }
        return descriptors
    }

    /// Kills what is still in the group, wherever it has moved in the tree of processes, and removes it. Blocks.
    func remove() { for directory in directories { Self.remove(directory) } }

    static func remove(_ directory: String) {
        // A process that forks as fast as it is killed is caught by the limit on processes.
        for _ in 0..<500 {
            if rmdir(directory) == 0 || errno == ENOENT { return }
            for line in Folder.text("\(directory)/cgroup.procs")?.split(separator: "\n") ?? [] {
                if let process = Int32(line), process > 0 { kill(process, SIGKILL) }
            }
            usleep(2000)
        }
    }

    static func number(in file: String) -> Int? {
        Folder.text(file).flatMap { Int($0.prefix { $0 != "\n" }) }
    }
}

/// The two interfaces of the kernel (`man 7 cgroups`).
enum ControlGroupVersion: Hashable, Sendable { case one, two }
