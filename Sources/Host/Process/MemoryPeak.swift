// How much memory a process has used at most, for the REPORT line.

internal import Glibc

/// Where the kernel says how much memory a process has used.
enum MemoryPeak: Hashable, Sendable {
    /// The process alone, without what it has started.
    case process(Int32)

    /// The peak so far (`VmHWM` of proc_pid_status(5)).
    ///
    /// - Returns: bytes; nil where the process has ended.
    func peakMemory() -> Int? {
        guard case .process(let identifier) = self else { return nil }
        let descriptor = open("/proc/\(identifier)/status", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        for line in bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"))
        where line.starts(with: "VmHWM:".utf8) {
            let digits = line.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self)).map { $0 * 1024 }
        }
        return nil
    }
}
