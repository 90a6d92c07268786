// How much memory a function process has used at most, for the REPORT line.

internal import Glibc

/// Where the kernel says how much memory a process has used.
package enum MemoryPeak: Hashable, Sendable {
    /// A file of the environment's control group that holds a number of bytes.
    case controlGroup(file: String)
    /// The process alone, without what it has started.
    case process(Int32)

    /// The peak so far.
    ///
    /// - Returns: bytes; nil where the process has ended.
    package func peakMemory() -> Int? {
        switch self {
        case .controlGroup(let file): return ControlGroup.number(in: file)
        case .process(let identifier):
            guard let text = Folder.text("/proc/\(identifier)/status") else { return nil }
            return Self.peak(in: text)
        }
    }

    /// The bytes of the line `VmHWM:     8124 kB`.
    static func peak(in status: String) -> Int? {
        let key = "\nVmHWM:"
        // This is read for each REPORT line, so nothing of it is copied.
        return status.withCString { text in strstr(text, key).map { strtol($0 + key.utf8.count, nil, 10) * 1024 } }
    }
}
