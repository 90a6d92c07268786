// The process that outlives the host for a moment, to kill what its functions have started.

internal import CProcess
internal import Glibc

/// Kills process groups when the host ends in a way that leaves it no time to.
struct Guardian: Sendable {
    private let identifier: Int32
    private let channel: Int32

    /// - Throws: `ProcessStartError` where the kernel gives no process.
    init() throws(ProcessStartError) {
        var identifier: Int32 = 0
        var channel: Int32 = -1
        let status = samovar_guardian_start(&identifier, &channel)
        guard status == 0 else { throw ProcessStartError("no guardian process: \(errorText(status))") }
        self.identifier = identifier
        self.channel = channel
    }

    /// Puts a group on the list.
    func watch(_ group: Int32) { send(group) }

    /// Takes a group off the list, before its number can become another's.
    func forget(_ group: Int32) { send(-group) }

    /// Puts all control groups on the list whose paths begin so; only their processes can be found that leave their
    /// process group.
    func watch(controlGroups prefix: String) {
        _ = samovar_guardian_watch_control_groups(channel, prefix)
    }

    /// Ends the guardian, which kills what is still on its list.
    func stop() {
        close(channel)
        _ = samovar_process_reap(identifier)
    }

    private func send(_ message: Int32) {
        var message = message
        _ = write(channel, &message, MemoryLayout<Int32>.size)
    }
}
