// Files that the commands read themselves; templates are the compiler's.

internal import Glibc
internal import SystemPackage

/// Reads whole files.
enum InputFile {
    /// Larger files are not read, endless ones such as /dev/zero neither.
    private static let maximumBytes = 64 << 20

    /// The absolute path of the folder that relative paths start from; the root where that folder is gone.
    static var workingFolder: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The bytes of a file.
    ///
    /// - Throws: `Errno` that says why it cannot be read.
    static func read(_ path: String) throws(Errno) -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter { try contents(of: descriptor) }
        } catch { throw error as? Errno ?? .ioError }
    }

    /// What standard input holds, up to its end.
    ///
    /// - Throws: `Errno` that says why it cannot be read.
    static func readStandardInput() throws(Errno) -> [UInt8] {
        do { return try contents(of: .standardInput) } catch { throw error as? Errno ?? .ioError }
    }

    private static func contents(of descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
        defer { buffer.deallocate() }
        while true {
            let count = try descriptor.read(into: buffer)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > maximumBytes { throw Errno.fileTooLarge }
        }
    }
}
