// Where this host may make control groups for its execution environments.

internal import Glibc
internal import Synchronization

/// The hierarchies of the kernel in which this process may make groups of its own.
struct ControlGroups: Hashable, Sendable {
    /// A folder below which groups can be made.
    struct Base: Hashable, Sendable {
        let directory: String
        let version: ControlGroupVersion
        let limitsMemory: Bool
        let limitsProcesses: Bool
    }

    /// Lambda's limit on processes and threads of an environment (Lambda quotas).
    static let maximumProcesses = 1024

    private static let counter = Atomic<Int>(0)
    private static let hostCounter = Atomic<Int>(0)

    var bases: [Base]
    /// What the names of the groups of this host begin with, and those of no other host in this process.
    private let namePrefix = "samovar-\(getpid())-\(hostCounter.add(1, ordering: .relaxed).newValue)-"

    /// What the paths of the groups of this host begin with.
    var prefixes: [String] { bases.map { "\($0.directory)/\(namePrefix)" } }

    var limitsMemory: Bool { bases.contains(where: \.limitsMemory) }
    var limitsProcesses: Bool { bases.contains(where: \.limitsProcesses) }

    /// Finds the folders from what the kernel says about this process.
    ///
    /// - Parameters:
    ///   - own: the text of `/proc/self/cgroup`.
    ///   - mounts: the text of `/proc/self/mountinfo`.
    ///   - controllers: the controllers that children of a group of version 2 have, by its folder.
    init(own: String, mounts: String, controllers: (String) -> String?) {
        let hierarchies = Self.hierarchies(mounts)
        var bases: [Base] = []
        for line in own.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3 else { continue }
            if parts[0] == "0", parts[1].isEmpty {
                guard let hierarchy = hierarchies.first(where: { $0.version == .two }),
                    let directory = hierarchy.directory(of: parts[2])
                else { continue }
                // A group with processes has no children with controllers, so siblings of the host's it is.
                let parent = directory.lastIndex(of: "/").map { String(directory[..<$0]) }
                let candidates = [directory] + (directory == hierarchy.mount ? [] : [parent].compactMap { $0 })
                for candidate in candidates {
                    let names = controllers(candidate)?.split { $0 == " " || $0 == "\n" } ?? []
                    guard names.contains("memory") || names.contains("pids") else { continue }
                    let base = Base(
                        directory: candidate,
                        version: .two,
                        limitsMemory: names.contains("memory"),
                        limitsProcesses: names.contains("pids")
                    )
                    bases.append(base)
                    break
                }
            } else {
                let names = parts[1].split(separator: ",").map(String.init)
                for name in ["memory", "pids"] where names.contains(name) {
                    guard let hierarchy = hierarchies.first(where: { $0.controllers.contains(name) }),
                        let directory = hierarchy.directory(of: parts[2])
                    else { continue }
                    let base = Base(
                        directory: directory,
                        version: .one,
                        limitsMemory: names.contains("memory"),
                        limitsProcesses: names.contains("pids")
                    )
                    if !bases.contains(base) { bases.append(base) }
                }
            }
        }
        self.bases = bases
    }

    private struct Hierarchy {
        let mount: String
        let root: String
        let version: ControlGroupVersion
        let controllers: Set<String>

        /// Where a group is: in a container the mount shows only a part of the tree.
        func directory(of group: String) -> String? {
            var path = group[...]
            if root != "/" {
                guard path.hasPrefix(root) else { return nil }
                path = path.dropFirst(root.count)
            }
            // Outside of the part that this process may see.
            guard !path.hasPrefix("/..") else { return nil }
            return path.isEmpty || path == "/" ? mount : mount + path
        }
    }

    /// `id parent device root mount options - type source options`, with optional fields before the dash.
    private static func hierarchies(_ mounts: String) -> [Hierarchy] {
        mounts.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), dash > 5, fields.count > dash + 3 else { return nil }
            let type = fields[dash + 1]
            guard type == "cgroup" || type == "cgroup2" else { return nil }
            return Hierarchy(
                mount: fields[4],
                root: fields[3],
                version: type == "cgroup2" ? .two : .one,
                controllers: Set(fields[dash + 3].split(separator: ",").map(String.init))
            )
        }
    }

    /// Makes the group of an environment.
    ///
    /// - Parameter memory: the limit in bytes.
    /// - Returns: the group, without processes.
    /// - Throws: `ProcessStartError` that says what the kernel refused; then there is no group.
    func make(memory: Int) throws(ProcessStartError) -> ControlGroup {
        let name = namePrefix + "\(Self.counter.add(1, ordering: .relaxed).newValue)"
        var made: [String] = []
        var counting: (directory: String, version: ControlGroupVersion)?
        do throws(ProcessStartError) {
            for base in bases {
                let directory = "\(base.directory)/\(name)"
                guard mkdir(directory, 0o755) == 0 else {
                    throw ProcessStartError("cannot make the control group '\(directory)': \(errorText(errno))")
                }
                made.append(directory)
                if base.limitsMemory {
                    counting = (directory, base.version)
                    try Self.limitMemory(directory, base.version, bytes: memory)
                }
                if base.limitsProcesses { try Self.write("\(Self.maximumProcesses)", to: "\(directory)/pids.max") }
            }
        } catch {
            for directory in made { rmdir(directory) }
            throw error
        }
        return ControlGroup(directories: made, memory: counting)
    }

    private static func limitMemory(
        _ directory: String,
        _ version: ControlGroupVersion,
        bytes: Int
    ) throws(ProcessStartError) {
        let (limit, swap) =
            switch version {
            case .one: ("memory.limit_in_bytes", ("memory.memsw.limit_in_bytes", "\(bytes)"))
            case .two: ("memory.max", ("memory.swap.max", "0"))
            }
        try write("\(bytes)", to: "\(directory)/\(limit)")
        // Not every kernel counts swap.
        do throws(ProcessStartError) { try write(swap.1, to: "\(directory)/\(swap.0)") } catch {}
    }

    private static func write(_ text: String, to file: String) throws(ProcessStartError) {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProcessStartError("cannot write '\(file)': \(errorText(errno))") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ProcessStartError("cannot write '\(file)': \(errorText(errno))")
        }
    }

    /// Removes the groups of hosts that were killed. Blocks.
    func removeStale() {
        for base in bases {
            for name in Folder.names(in: base.directory) where name.hasPrefix("samovar-") {
                guard let host = name.split(separator: "-").dropFirst().first.flatMap({ Int32($0) }), host > 0 else {
                    continue
                }
                if kill(host, 0) != 0, errno == ESRCH { ControlGroup.remove("\(base.directory)/\(name)") }
            }
        }
    }
}
