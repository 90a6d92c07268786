// What a process is kept in, as the C code that starts it takes it.

internal import CProcess
internal import Glibc

/// A folder that a process sees in another place.
struct SandboxMount: Hashable, Sendable {
    let source: String
    let target: String
    let isReadOnly: Bool
}

/// What a process starts with beside its program.
struct SandboxSettings: Hashable, Sendable {
    /// What Lambda lets a process have open (Lambda quotas).
    static let maximumDescriptors: UInt64 = 1024
    /// How much more than its memory a process may ask the kernel for where only that can be limited: stacks and heaps
    /// are asked for long before they are used. Node.js asks for 50 MB before it reads a line.
    static let dataHeadroom = 512 << 20

    /// One of `SAMOVAR_NAMESPACE_…`.
    var namespaces: Int32 = 0
    var mounts: [SandboxMount] = []
    /// Bytes, 0 for no limit.
    var dataLimit: UInt64 = 0
    var processLimit: UInt64 = 0

    /// Lends the settings as a structure of C.
    ///
    /// - Parameters:
    ///   - groups: the open files of the control groups to enter.
    ///   - body: what needs the structure.
    /// - Returns: what `body` returns.
    func withCStructure<Result>(groups: [Int32], _ body: (UnsafePointer<samovar_sandbox>) -> Result) -> Result {
        let texts = mounts.flatMap { [strdup($0.source), strdup($0.target)] }
        defer { for text in texts { free(text) } }
        let mounts = mounts.enumerated().map { index, mount in
            samovar_mount(
                source: texts[2 * index],
                target: texts[2 * index + 1],
                is_read_only: mount.isReadOnly ? 1 : 0
            )
        }
        return mounts.withUnsafeBufferPointer { mounts in
            groups.withUnsafeBufferPointer { groups in
                var structure = samovar_sandbox(
                    namespaces: namespaces,
                    mounts: mounts.baseAddress,
                    mount_count: mounts.count,
                    groups: groups.baseAddress,
                    group_count: groups.count,
                    data_limit: dataLimit,
                    descriptor_limit: Self.maximumDescriptors,
                    process_limit: processLimit
                )
                return withUnsafePointer(to: &structure, body)
            }
        }
    }
}
