// What the processes of one execution environment share and are kept in.

internal import CProcess
internal import Glibc
internal import Synchronization

/// The `/tmp`, the `/opt` and the limits of an execution environment, from its first process to the end of its last.
///
/// Then the folder and the control group go, and whatever has got out of the process group is killed.
package final class Sandbox: Sendable {
    /// What the processes see as `/opt`: `/opt`, or the folder itself; nil for a function without layers.
    let optDirectory: String?
    /// What the processes take for `TMPDIR`; nil where they have a `/tmp` of their own.
    let temporaryVariable: String?
    private let settings: SandboxSettings
    private let temporaryDirectory: String
    /// Where the host's own files are mounted, below the folder for `/tmp`.
    private let mountPoint: String?
    private let controlGroups: ControlGroups?
    private let memoryLimit: Int
    private let cleaner: Cleaner
    private let state = Mutex(State())

    private struct State {
        var group: ControlGroup?
        /// How many processes have entered and not left.
        var processes = 0
        var isOver = false
    }

    init(
        settings: SandboxSettings,
        optDirectory: String?,
        temporaryDirectory: String,
        hasOwnTemporary: Bool,
        mountPoint: String?,
        memoryLimit: Int,
        controlGroups: ControlGroups?,
        cleaner: Cleaner
    ) {
        self.settings = settings
        self.optDirectory = optDirectory
        self.temporaryDirectory = temporaryDirectory
        temporaryVariable = hasOwnTemporary ? nil : temporaryDirectory
        self.mountPoint = mountPoint
        self.memoryLimit = memoryLimit
        self.controlGroups = controlGroups
        self.cleaner = cleaner
    }

    /// Makes the folder and the control group, once, and lends what a process starts in. Blocks.
    ///
    /// Each process that enters must leave.
    ///
    /// - Throws: `ProcessStartError` that says what could not be made; then nothing has entered.
    func enter<Result>(
        _ body: (UnsafePointer<samovar_sandbox>) -> Result
    ) throws(ProcessStartError) -> Result {
        let group = try state.withLock { state throws(ProcessStartError) in
            guard !state.isOver else { throw ProcessStartError("the execution environment has ended") }
            try Folder.make(mountPoint ?? temporaryDirectory)
            // A process that changes to another user must find it, as it would in Lambda.
            chmod(temporaryDirectory, 0o1777)
            if let controlGroups, state.group == nil { state.group = try controlGroups.make(memory: memoryLimit) }
            state.processes += 1
            return state.group
        }
        let descriptors: [Int32]
        do throws(ProcessStartError) { descriptors = try group?.open() ?? [] } catch {
            leave()
            throw error
        }
        defer { for descriptor in descriptors { close(descriptor) } }
        return settings.withCStructure(groups: descriptors, body)
    }

    /// Notes the end of a process that has entered, or that could not be started after all.
    func leave() {
        let group: ControlGroup? = state.withLock { state in
            state.processes -= 1
            state.isOver = state.processes == 0
            return state.group
        }
        guard state.withLock({ $0.isOver }) else { return }
        let folder = temporaryDirectory
        cleaner.submit {
            // First what may still write.
            group?.remove()
            Folder.remove(folder)
        }
    }

    /// Whether the kernel has killed one of the processes for want of memory.
    var hasRunOutOfMemory: Bool { state.withLock { $0.group }?.hasRunOutOfMemory ?? false }

    /// The file of the control group that counts the memory of the processes; nil where nothing does.
    var memoryPeakFile: String? { state.withLock { $0.group }?.peakFile }
}

extension Sandbox: Hashable {
    package static func == (one: Sandbox, other: Sandbox) -> Bool { one === other }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
