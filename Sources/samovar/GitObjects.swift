// The objects of a repository, from one git that stays open.

internal import Synchronization

/// Reads objects by their ids through `git cat-file --batch`.
final class GitObjects: Sendable {
    /// An object as git stores it.
    struct Object {
        /// `blob`, `tree`, `commit`, `tag`.
        let kind: String
        /// The bytes, cut behind the limit.
        let bytes: [UInt8]
    }

    private struct Session: ~Copyable {
        var process: GitProcess?
        /// What was read and not yet used.
        var pending: [UInt8] = []
    }

    private let session = Mutex(Session())

    deinit { session.withLock { _ = $0.process?.end() } }

    /// The object of an id.
    ///
    /// - Parameters:
    ///   - id: the id, in hexadecimal digits.
    ///   - limit: how many bytes are kept at most; one more says that there are more.
    /// - Returns: nil where there is none, as in a clone without it.
    func object(_ id: String, limit: Int) -> Object? {
        session.withLock { session in
            if session.process == nil { session.process = try? GitProcess(["cat-file", "--batch"], hasInput: true) }
            guard let process = session.process, process.write(Array("\(id)\n".utf8)) else { return nil }
            while !session.pending.contains(UInt8(ascii: "\n")) {
                let bytes = process.read(atMost: 1 << 16)
                guard !bytes.isEmpty else { return nil }
                session.pending += bytes
            }
            let end = session.pending.firstIndex(of: UInt8(ascii: "\n")) ?? 0
            let header = String(decoding: session.pending[..<end], as: UTF8.self).split(separator: " ")
            session.pending.removeSubrange(...end)
            // "<id> <kind> <size>", or "<id> missing".
            guard header.count == 3, let size = Int(header[2]) else { return nil }
            var kept: [UInt8] = []
            // The line feed behind the object as well.
            var rest = size + 1
            while rest > 0 {
                if session.pending.isEmpty { session.pending = process.read(atMost: 1 << 16) }
                guard !session.pending.isEmpty else { return nil }
                let part = session.pending.prefix(rest)
                kept += part.prefix(max(0, min(size, limit + 1) - kept.count))
                rest -= part.count
                session.pending.removeFirst(part.count)
            }
            return Object(kind: String(header[1]), bytes: kept)
        }
    }
}
