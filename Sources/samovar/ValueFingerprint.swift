// Short marks of values that may be secret, by which two can be told apart and none can be found.

internal import Crypto
internal import Glibc
internal import SystemPackage

/// A keyed fingerprint of values, so that whoever reads a review cannot try passwords until one fits.
///
/// The key is `$SAMOVAR_FINGERPRINT_KEY` where that is set, so that a team's fingerprints are the same everywhere. Else
/// it is made once and kept in `samovar/fingerprint.key` below `$XDG_STATE_HOME`, or `~/.local/state` (XDG Base
/// Directory Specification). Where it cannot be kept, it lasts for this run.
struct ValueFingerprint: Sendable {
    /// The names of the variables that say where the key is.
    private enum Variable {
        static let key = "SAMOVAR_FINGERPRINT_KEY"
        static let stateFolder = "XDG_STATE_HOME"
        static let home = "HOME"
    }

    private static let keyBytes = 32

    private let key: SymmetricKey

    init() {
        if let given = HostEnvironment.variable(Variable.key) {
            key = SymmetricKey(data: Array(given.utf8))
        } else {
            let made = SymmetricKey(size: .bits256)
            let kept = Self.stateFolder.flatMap { Self.keep(made.withUnsafeBytes { Array($0) }, in: $0) }
            key = kept.map { SymmetricKey(data: $0) } ?? made
        }
    }

    /// The first 8 hexadecimal digits of the value's HMAC-SHA-256 (RFC 2104).
    func callAsFunction(_ value: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array(value.utf8), using: key)
        return code.prefix(4).hexadecimal
    }

    /// The folder of the key; nil where no variable says where people keep such things.
    private static var stateFolder: FilePath? {
        if let folder = HostEnvironment.variable(Variable.stateFolder), folder.hasPrefix("/") {
            return FilePath(folder).appending("samovar")
        }
        guard let home = HostEnvironment.variable(Variable.home), home.hasPrefix("/") else { return nil }
        return FilePath(home).appending(".local").appending("state").appending("samovar")
    }

    /// The key that the folder keeps.
    ///
    /// - Parameters:
    ///   - key: what it keeps from now on, where there is none.
    ///   - folder: made where it is not there.
    /// - Returns: the key; nil where none can be kept.
    private static func keep(_ key: [UInt8], in folder: FilePath) -> [UInt8]? {
        let file = folder.appending("fingerprint.key")
        if let kept = read(file) { return kept }
        makeFolder(folder)
        // Linked into its place whole: of two runs at once the second finds the key of the first.
        let fresh = "\(file).\(getpid()).new"
        unlink(fresh)
        defer { unlink(fresh) }
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(fresh),
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite
            )
            try descriptor.closeAfter { _ = try descriptor.writeAll(key) }
        } catch { return nil }
        return link(fresh, file.string) == 0 ? key : read(file)
    }

    private static func read(_ file: FilePath) -> [UInt8]? {
        guard let descriptor = try? FileDescriptor.open(file, .readOnly, options: [.closeOnExec, .nonBlocking]) else {
            return nil
        }
        let bytes = try? descriptor.closeAfter {
            try [UInt8](unsafeUninitializedCapacity: keyBytes) { buffer, count in
                count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        return bytes?.count == keyBytes ? bytes : nil
    }

    private static func makeFolder(_ folder: FilePath) {
        var path = FilePath(root: folder.root)
        for component in folder.components {
            path.append(component)
            mkdir(path.string, 0o700)
        }
    }
}
