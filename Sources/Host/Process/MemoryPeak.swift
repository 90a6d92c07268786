// How much memory a function process has used at most, for the REPORT line.

internal import Glibc

/// Where the kernel says how much memory the processes of an execution environment have used.
package struct MemoryPeak: Hashable, Sendable {
    /// The runtime's process.
    let process: Int32
    /// The file of the environment's control group that holds a number of bytes; nil without one.
    let controlGroupFile: String?

    /// The peak so far.
    ///
    /// The group counts all processes, but a program or library that was in memory before is charged to whoever read it
    /// first; in Lambda that is the environment. So it is at least what the runtime's process has had in memory.
    ///
    /// - Returns: bytes; nil where the process has ended and had no control group.
    package func peakMemory() -> Int? {
        let ofGroup = controlGroupFile.flatMap(ControlGroup.number)
        let ofProcess = Folder.text("/proc/\(process)/status").flatMap(Self.peak)
        return [ofGroup, ofProcess].compactMap { $0 }.max()
    }

    /// The bytes of the line `VmHWM:     8124 kB`.
    static func peak(in status: String) -> Int? {
        let key = "\nVmHWM:"
        // This is read for each REPORT line, so nothing of it is copied.
        return status.withCString { text in strstr(text, key).map { strtol($0 + key.utf8.count, nil, 10) * 1024 } }
    }
}
