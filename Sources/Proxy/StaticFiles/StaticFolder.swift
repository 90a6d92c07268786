// A folder whose files are served, and the one way into it.

internal import FileWatch
internal import Glibc
internal import NIOCore
internal import Routing

/// The folder of static files. Its methods block: they are called on a thread pool.
///
/// A path leads to a regular file below the folder or nowhere: it is decoded once, links are followed as long as they
/// stay below, and what has been opened is compared with what was asked for, so that nothing can be exchanged between.
final class StaticFolder: Sendable {
    /// The real path; empty for the root of the file system.
    private let root: [UInt8]

    /// - Throws: `ProxyError` where there is no such folder.
    init(_ path: String) throws(ProxyError) {
        guard let real = Self.realPath(Array(path.utf8)) else {
            throw ProxyError("staticDirectory: '\(path)': \(String(cString: strerror(errno)))")
        }
        guard FileStatus(path: path)?.kind == .folder else {
            throw ProxyError("staticDirectory: '\(path)' is no folder")
        }
        root = real == [UInt8(ascii: "/")] ? [] : real
    }

    /// The file that a request's path names.
    ///
    /// - Parameter path: the path as it was sent, percent-encoded.
    /// - Returns: nil for what is no regular file below the folder, or must not be read.
    func open(_ path: UnsafeRawBufferPointer) -> StaticFile? {
        guard let relative = Self.decoded(path), let real = Self.realPath(root + relative),
            real.starts(with: root), real.count > root.count, real[root.count] == UInt8(ascii: "/"),
            Self.isVisible(real[root.count...])
        else { return nil }
        // A named pipe must not make the open wait.
        let descriptor = Glibc.open(Self.cString(real), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        guard Self.openedPath(descriptor) == real, let file = StaticFile(descriptor, path: real) else {
            close(descriptor)
            return nil
        }
        return file
    }

    /// The decoded path, beginning with a slash; nil for one that names no file.
    static func decoded(_ path: UnsafeRawBufferPointer) -> [UInt8]? {
        let decoded = PercentEncoding.decode(path, plusIsSpace: false)
        guard decoded.first == UInt8(ascii: "/"), decoded.count <= 4096, !decoded.contains(0),
            isVisible(decoded[...])
        else { return nil }
        return decoded
    }

    /// Whether no segment is empty or begins with a dot; `.well-known` is meant to be seen (RFC 8615).
    private static func isVisible(_ path: ArraySlice<UInt8>) -> Bool {
        path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { segment in
            guard let first = segment.first else { return false }
            return first != UInt8(ascii: ".") || segment.elementsEqual(".well-known".utf8)
        }
    }

    private static func cString(_ path: [UInt8]) -> [CChar] { path.map { CChar(bitPattern: $0) } + [0] }

    private static func realPath(_ path: [UInt8]) -> [UInt8]? {
        guard let real = realpath(cString(path), nil) else { return nil }
        defer { free(real) }
        return Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
    }

    /// The path of what is open, as the kernel knows it.
    private static func openedPath(_ descriptor: CInt) -> [UInt8] {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink("/proc/self/fd/\(descriptor)", &path, path.count)
        return path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
    }
}

/// An open file, closed when nobody needs it any more.
final class StaticFile: Sendable {
    /// Its size in bytes when it was opened.
    let size: Int
    /// When it was changed, in seconds since 1970.
    let modified: Int
    /// The entity tag with its quotes.
    let tag: [UInt8]
    let mediaType: StaticString
    private let descriptor: CInt

    /// - Returns: nil, and the descriptor stays open, for what is no regular file.
    fileprivate init?(_ descriptor: CInt, path: [UInt8]) {
        guard let status = FileStatus(descriptor: descriptor), status.kind == .regular else { return nil }
        self.descriptor = descriptor
        size = status.size
        modified = status.modified.seconds
        let parts = [status.modified.seconds, status.modified.nanoseconds, status.size]
        tag = Array("\"\(parts.map { String($0, radix: 16) }.joined(separator: "-"))\"".utf8)
        mediaType = MediaType.ofFile(path)
    }

    deinit { close(descriptor) }

    /// Reads a piece.
    ///
    /// - Returns: at most `count` bytes; fewer where the file ends before, none where it cannot be read.
    func read(at offset: Int, count: Int) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
            var done = 0
            while done < count {
                let number = pread(descriptor, memory.baseAddress?.advanced(by: done), count - done, offset + done)
                if number < 0, errno == EINTR { continue }
                guard number > 0 else { break }
                done += number
            }
            return done
        }
        return buffer
    }
}
