// The other programs of the product, as this one finds them.

internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Finds `samovar-host` and `samovar-proxy`.
enum SiblingProgram {
    /// The program beside our own, or else the one on PATH.
    static func executable(_ name: String) -> Executable {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard length > 0 else { return .name(name) }
        let own = FilePath(String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        let beside = own.removingLastComponent().appending(name)
        return access(beside.string, X_OK) == 0 ? .path(beside) : .name(name)
    }

    /// What is said where there is none.
    static func missing(_ name: String) -> String { "the program '\(name)' is neither beside samovar nor on PATH" }
}
