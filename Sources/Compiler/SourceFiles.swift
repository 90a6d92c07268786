// The files that a compilation reads, remembered for renderers and watchers.

internal import Diagnostics

/// Reads files and remembers which, and their texts.
struct SourceFiles {
    /// Larger files are refused before they are read.
    static let maximumBytes = 5 << 20

    /// Every path that was asked for, each once, in order.
    private(set) var paths: [String] = []
    private var known: Set<String> = []
    /// The texts by path.
    private(set) var texts: [String: String] = [:]
    /// What stands in the place of files, by path.
    private let contents: [String: [UInt8]]
    /// Where files are read from now on.
    var tree: any FileTree

    init(contents: [String: [UInt8]] = [:], tree: any FileTree = LocalFiles()) {
        self.contents = contents
        self.tree = tree
    }

    /// The bytes of a file; where there are none to be had, says why and returns nil.
    mutating func read(_ path: String, at span: Span?, into diagnostics: inout DiagnosticCollector) -> [UInt8]? {
        if known.insert(path).inserted { paths.append(path) }
        if let bytes = contents[path] {
            texts[path] = String(decoding: bytes, as: UTF8.self)
            return bytes
        }
        let bytes: [UInt8]
        switch tree.read(path, limit: Self.maximumBytes) {
        case .file(let found): bytes = found
        case .folder:
            diagnostics.emit(.unreadable(path, "it is a folder", at: span))
            return nil
        case .missing:
            diagnostics.emit(.unreadable(path, "no such file", at: span))
            return nil
        case .unreadable(let reason):
            diagnostics.emit(.unreadable(path, reason, at: span))
            return nil
        }
        guard bytes.count <= Self.maximumBytes else {
            diagnostics.emit(.unreadable(path, "it is larger than 5 MB", at: span))
            return nil
        }
        texts[path] = String(decoding: bytes, as: UTF8.self)
        return bytes
    }
}

extension DiagnosticCode {
    static let fileUnreadable = DiagnosticCode(
        "file-unreadable",
        .error,
        """
        A file that was named on the command line or in the template could not be read: it does not exist, it is a \
        folder, its permissions forbid reading, or it is larger than 5 MB. Check the path; a relative one starts from \
        the current folder.
        """
    )
}

extension Diagnostic {
    fileprivate static func unreadable(_ path: String, _ reason: String, at span: Span?) -> Diagnostic {
        Diagnostic(.fileUnreadable, "cannot read '\(path)': \(reason)", at: span)
    }
}
