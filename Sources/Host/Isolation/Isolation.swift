// How far functions are kept from the machine, as it was asked for and as the kernel permits.

internal import CProcess
internal import Glibc

/// What the host asks the kernel for.
package enum Isolation: Hashable, Sendable {
    /// Mount namespaces and control groups, or as much of them as the kernel permits.
    case full
    /// As without the right to mount: each process is in a user namespace.
    case userNamespaces
    /// Neither; only the limits that every process may set for itself.
    case none
}

/// What the kernel permits, found out by trying.
struct PermittedIsolation: Sendable {
    /// One of `SAMOVAR_NAMESPACE_…`.
    let namespaces: Int32
    /// Nil where no group can be made or entered.
    let controlGroups: ControlGroups?
    /// The limit on the processes of the user, where no group has one; 0 for none.
    let processLimit: UInt64
    /// What is missing, in words for the log.
    let shortcomings: [String]

    /// Tries what is asked for. Blocks, and starts processes that end at once.
    ///
    /// - Parameters:
    ///   - wanted: what is asked for.
    ///   - folder: any folder, to mount.
    /// - Returns: what is permitted of it.
    static func find(_ wanted: Isolation, folder: String) -> PermittedIsolation {
        var shortcomings: [String] = []
        let namespaces = findNamespaces(wanted, folder: folder)
        if namespaces == Int32(SAMOVAR_NAMESPACE_NONE) {
            shortcomings.append("/opt and /tmp are the machine's: there are no mount namespaces")
        }
        let groups = wanted == .none ? nil : findControlGroups()
        if groups?.limitsMemory != true {
            shortcomings.append("memory is limited by RLIMIT_DATA alone: there are no control groups for memory")
        }
        var processLimit: UInt64 = 0
        if groups?.limitsProcesses != true {
            let maximum = UInt64(ControlGroups.maximumProcesses)
            if namespaces == Int32(SAMOVAR_NAMESPACE_USER_AND_MOUNT) {
                // The user has no other processes in a new namespace.
                processLimit = maximum
            } else if geteuid() != 0, wanted != .none {
                // The limit counts all processes of the user, so what runs already must fit, and may grow.
                processLimit = maximum + 2 * UInt64(taskCount(ofUser: geteuid()))
            } else {
                shortcomings.append("the number of processes is not limited: there are no control groups for them")
            }
        }
        return PermittedIsolation(
            namespaces: namespaces,
            controlGroups: groups,
            processLimit: processLimit,
            shortcomings: shortcomings
        )
    }

    private static func findNamespaces(_ wanted: Isolation, folder: String) -> Int32 {
        let candidates: [Int] =
            switch wanted {
            case .full: [SAMOVAR_NAMESPACE_MOUNT, SAMOVAR_NAMESPACE_USER_AND_MOUNT]
            case .userNamespaces: [SAMOVAR_NAMESPACE_USER_AND_MOUNT]
            case .none: []
            }
        for candidate in candidates.map({ Int32($0) }) {
            let mounts = [SandboxMount(source: folder, target: "/tmp", isReadOnly: true)]
            let settings = SandboxSettings(namespaces: candidate, mounts: mounts)
            if settings.withCStructure(groups: [], { isPermitted($0) }) { return candidate }
        }
        return Int32(SAMOVAR_NAMESPACE_NONE)
    }

    private static func isPermitted(_ sandbox: UnsafePointer<samovar_sandbox>) -> Bool {
        var step: UnsafePointer<CChar>?
        return samovar_sandbox_try(sandbox, &step) == 0
    }

    /// The hierarchies in which a group can be made and entered.
    private static func findControlGroups() -> ControlGroups? {
        guard let own = Folder.text("/proc/self/cgroup"), let mounts = Folder.text("/proc/self/mountinfo") else {
            return nil
        }
        var groups = ControlGroups(own: own, mounts: mounts) { Folder.text("\($0)/cgroup.subtree_control") }
        groups.removeStale()
        groups.bases = groups.bases.filter { base in
            var one = groups
            one.bases = [base]
            guard let group = try? one.make(memory: 1 << 30) else { return false }
            defer { group.remove() }
            guard let descriptors = try? group.open() else { return false }
            defer { for descriptor in descriptors { close(descriptor) } }
            return SandboxSettings().withCStructure(groups: descriptors) { isPermitted($0) }
        }
        return groups.bases.isEmpty ? nil : groups
    }

    /// How many threads a user has.
    private static func taskCount(ofUser user: UInt32) -> Int {
        Folder.names(in: "/proc").reduce(0) { sum, name in
            var status = stat()
            guard name.allSatisfy(\.isNumber), stat("/proc/\(name)", &status) == 0, status.st_uid == user else {
                return sum
            }
            return sum + Folder.names(in: "/proc/\(name)/task").count
        }
    }
}
