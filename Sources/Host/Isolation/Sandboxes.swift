// Makes the sandboxes of execution environments, as far as the kernel and the places of their files permit.

internal import CProcess
internal import Glibc
internal import Logging
internal import Synchronization

/// Decides what the processes of a function see and may use.
final class Sandboxes: Sendable {
    private static let counter = Atomic<Int>(0)

    private let permitted: PermittedIsolation
    /// The host's private folder, without links.
    private let privateDirectory: String
    private let cleaner: Cleaner
    /// Where `/tmp` and `/opt` are no links: only there can be mounted.
    private let mountable: Set<String>

    /// Finds out what is permitted and says once what is missing. Blocks.
    init(wanted: Isolation, privateDirectory: String, cleaner: Cleaner, logger: Logger) {
        self.privateDirectory = Folder.resolved(privateDirectory) ?? privateDirectory
        self.cleaner = cleaner
        permitted = PermittedIsolation.find(wanted, folder: privateDirectory)
        mountable = Set(["/tmp", "/opt"].filter { Folder.resolved($0) == $0 })
        if !permitted.shortcomings.isEmpty {
            logger.notice(
                "functions are less apart from this machine than in Lambda",
                metadata: ["reason": "\(permitted.shortcomings.joined(separator: "; "))"]
            )
        }
    }

    /// What the paths of the control groups begin with.
    var controlGroupPrefixes: [String] { permitted.controlGroups?.prefixes ?? [] }

    /// The sandbox of a new execution environment.
    ///
    /// - Parameters:
    ///   - function: the function, with its code and layers placed.
    ///   - plan: the program that runs it.
    /// - Returns: the sandbox, of which nothing is made before a process enters it.
    func make(for function: FunctionDefinition, plan: LaunchPlan) -> Sandbox {
        let folder = "\(privateDirectory)/tmp/\(Self.counter.add(1, ordering: .relaxed).newValue)"
        var settings = SandboxSettings(namespaces: permitted.namespaces, processLimit: permitted.processLimit)
        let memory = function.memoryMegabytes << 20
        if permitted.controlGroups?.limitsMemory != true {
            settings.dataLimit = UInt64(memory + SandboxSettings.dataHeadroom)
        }
        var opt = function.optDirectory
        var hasOwnTemporary = false
        var mountPoint: String?
        if permitted.namespaces != Int32(SAMOVAR_NAMESPACE_NONE) {
            if let directory = opt, mayCover("/opt", function, plan) {
                settings.mounts.append(SandboxMount(source: directory, target: "/opt", isReadOnly: true))
                opt = "/opt"
            }
            if mayCover("/tmp", function, plan) {
                hasOwnTemporary = true
                if privateDirectory.hasPrefix("/tmp/") {
                    // The host's own files would vanish under the mount.
                    let point = folder + privateDirectory.dropFirst("/tmp".count)
                    settings.mounts.append(SandboxMount(source: privateDirectory, target: point, isReadOnly: true))
                    mountPoint = point
                }
                settings.mounts.append(SandboxMount(source: folder, target: "/tmp", isReadOnly: false))
            }
            // Nothing to mount needs no namespace; but a limit on processes may count by it.
            if settings.mounts.isEmpty, permitted.namespaces == Int32(SAMOVAR_NAMESPACE_MOUNT) {
                settings.namespaces = Int32(SAMOVAR_NAMESPACE_NONE)
            }
        }
        return Sandbox(
            settings: settings,
            optDirectory: opt,
            temporaryDirectory: folder,
            hasOwnTemporary: hasOwnTemporary,
            mountPoint: mountPoint,
            memoryLimit: memory,
            controlGroups: permitted.controlGroups,
            cleaner: cleaner
        )
    }

    /// Whether nothing that the function needs would vanish under a mount at this folder.
    private func mayCover(_ folder: String, _ function: FunctionDefinition, _ plan: LaunchPlan) -> Bool {
        guard mountable.contains(folder) else { return false }
        let paths = [plan.executable, plan.directory] + plan.arguments + function.layerDirectories
        return paths.allSatisfy { path in
            ([path] + [Folder.resolved(path)].compactMap { $0 }).allSatisfy { !names(folder, $0) }
        }
    }

    /// Whether a path, or a word that has paths in it, names something below a folder that is not the host's own.
    private func names(_ folder: String, _ text: String) -> Bool {
        if text == folder || text.hasPrefix("\(folder)/") { return !isPrivate(text) }
        // As in a list of paths, or the value of an option.
        return text.split { $0 == ":" || $0 == "=" }.contains { part in
            part.hasPrefix("\(folder)/") && !isPrivate(String(part))
        }
    }

    private func isPrivate(_ path: String) -> Bool { path.hasPrefix("\(privateDirectory)/") }
}
