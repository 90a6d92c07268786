// Several layers as one tree of links.

internal import FileWatch
internal import Glibc

/// A folder in which the contents of layers lie above one another.
///
/// What only one layer has is one link, however much it holds; what several have as a folder is a folder again. Nothing
/// is copied, and a file that changes in its layer has changed here.
struct LayerMerge: Sendable {
    /// Folders in folders that several layers have are followed so far.
    static let maximumDepth = 64
    /// How many links there may be.
    static let maximumLinks = 200_000

    let folder: CodeFolder
    /// The folders that were read, as they were: a name that comes or goes changes them.
    private var read: [String: FileFingerprint?] = [:]
    private var links = 0

    /// Merges layers. Blocks.
    ///
    /// - Parameters:
    ///   - layers: their folders in order; a later one lies above an earlier one.
    ///   - folder: an empty folder.
    /// - Throws: `ArchiveError` that says what cannot be merged.
    init(_ layers: [String], into folder: CodeFolder) throws(ArchiveError) {
        self.folder = folder
        try merge(layers, into: folder.path, depth: 0)
    }

    /// Whether no name has come or gone since. Blocks.
    var isCurrent: Bool { read.allSatisfy { FileFingerprint(path: $0.key) == $0.value } }

    private mutating func merge(_ sources: [String], into folder: String, depth: Int) throws(ArchiveError) {
        guard depth < Self.maximumDepth else {
            throw ArchiveError("the layers share folders more than \(Self.maximumDepth) deep: '\(sources[0])'")
        }
        // The sources of each name, in order.
        var names: [String: [String]] = [:]
        for source in sources {
            // Before the names: what changes in between shows as a change.
            read[source] = FileFingerprint(path: source)
            for name in Folder.names(in: source) { names[name, default: []].append("\(source)/\(name)") }
        }
        for (name, paths) in names {
            let target = "\(folder)/\(name)"
            // A file hides what is below it, folders are one.
            let above = paths.lastIndex { !Folder.exists($0) }
            if let above, above == paths.count - 1 {
                try link(paths[above], at: target)
                continue
            }
            let folders = Array(paths[(above.map { $0 + 1 } ?? 0)...])
            if folders.count == 1 {
                try link(folders[0], at: target)
            } else {
                guard mkdir(target, 0o755) == 0 else {
                    throw ArchiveError("cannot make the folder '\(target)': \(errorText(errno))")
                }
                try merge(folders, into: target, depth: depth + 1)
            }
        }
    }

    private mutating func link(_ source: String, at target: String) throws(ArchiveError) {
        links += 1
        guard links <= Self.maximumLinks else { throw ArchiveError("the layers share too many folders") }
        guard symlink(source, target) == 0 else {
            throw ArchiveError("cannot link '\(target)': \(errorText(errno))")
        }
    }
}
