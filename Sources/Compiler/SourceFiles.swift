// The files that a compilation reads, remembered for renderers and watchers.

internal import Diagnostics
internal import Foundation

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

    init(contents: [String: [UInt8]] = [:]) { self.contents = contents }

    /// The bytes of a file; where there are none to be had, says why and returns nil.
    mutating func read(_ path: String, at span: Span?, into diagnostics: inout DiagnosticCollector) -> [UInt8]? {
        if known.insert(path).inserted { paths.append(path) }
        if let bytes = contents[path] {
            texts[path] = String(decoding: bytes, as: UTF8.self)
            return bytes
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            diagnostics.emit(.unreadable(path, "no such file", at: span))
            return nil
        }
        guard !isFolder.boolValue else {
            diagnostics.emit(.unreadable(path, "it is a folder", at: span))
            return nil
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            diagnostics.emit(.unreadable(path, "permission denied", at: span))
            return nil
        }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: Self.maximumBytes + 1) ?? Data() else {
            diagnostics.emit(.unreadable(path, "reading failed", at: span))
            return nil
        }
        guard data.count <= Self.maximumBytes else {
            diagnostics.emit(.unreadable(path, "it is larger than 5 MB", at: span))
            return nil
        }
        let bytes = Array(data)
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
