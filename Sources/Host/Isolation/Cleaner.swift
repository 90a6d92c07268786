// Removes what nobody needs any more, on a thread of its own.

internal import Dispatch
internal import Glibc

/// Takes work that blocks and that nobody waits for, until the host ends.
final class Cleaner: Sendable {
    private let queue = DispatchQueue(label: "samovar-cleaner")

    /// Does something later.
    func submit(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

    /// Removes a folder later, with all that it holds.
    func remove(folder: String) { submit { Folder.remove(folder) } }

    /// Waits until everything is done that has been submitted.
    func finish() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }
}
