// Unpacks zip archives into folders, and nothing outside of them.

internal import CArchive
internal import Glibc

/// Unpacks one archive. Blocks.
///
/// The archive is not trusted: every name is checked before libarchive sees it, and libarchive follows no link.
struct ArchiveExtraction: ~Copyable {
    /// What code and layers of a function may come to, unpacked (Lambda quotas): 250 MiB.
    static let maximumSize: Int64 = 262_144_000
    /// What the plain form of zip can count.
    static let maximumEntries = 65_535

    private let reader: OpaquePointer
    private let writer: OpaquePointer
    /// The folder, without links.
    private let folder: String
    private var budget: Int64
    private var entries = 0

    /// - Parameters:
    ///   - folder: an empty folder, whose path has no links in it.
    ///   - budget: how many bytes may be written.
    /// - Throws: `ArchiveError` where there is no memory.
    private init(folder: String, budget: Int64) throws(ArchiveError) {
        guard let reader = archive_read_new() else { throw ArchiveError("no memory") }
        guard let writer = archive_write_disk_new() else {
            archive_read_free(reader)
            throw ArchiveError("no memory")
        }
        self.reader = reader
        self.writer = writer
        self.folder = folder
        self.budget = budget
        // Entries are found by the directory at the end of the archive, which has their modes.
        archive_read_support_format_zip_seekable(reader)
        let flags = ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT
        archive_write_disk_set_options(writer, flags)
    }

    deinit {
        archive_read_free(reader)
        archive_write_free(writer)
    }

    /// Unpacks an archive.
    ///
    /// - Parameters:
    ///   - archive: its path.
    ///   - folder: an empty folder, whose path has no links in it.
    ///   - budget: how many bytes it may come to.
    /// - Returns: how many bytes it comes to.
    /// - Throws: `ArchiveError` that says what is wrong with the archive; the folder then holds a part of it.
    static func unpack(_ archive: String, into folder: String, budget: Int64 = maximumSize) throws(ArchiveError)
        -> Int64
    {
        // Names are UTF-8; libarchive goes by the locale of its thread, and the program's own is "C".
        let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        let before = locale.map { uselocale($0) }
        defer {
            if let before { uselocale(before) }
            if let locale { freelocale(locale) }
        }
        var extraction = try ArchiveExtraction(folder: folder, budget: budget)
        try extraction.run(archive)
        return budget - extraction.budget
    }

    private mutating func run(_ archive: String) throws(ArchiveError) {
        try check(archive_read_open_filename(reader, archive, 65536), reader)
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(reader, &entry)
            if status == ARCHIVE_EOF { break }
            try check(status, reader)
            guard let entry else { throw ArchiveError("an entry without a header") }
            entries += 1
            guard entries <= Self.maximumEntries else {
                throw ArchiveError("it has more than \(Self.maximumEntries) entries")
            }
            try write(entry)
        }
        try check(archive_write_close(writer), writer)
    }

    private mutating func write(_ entry: OpaquePointer) throws(ArchiveError) {
        guard let bytes = archive_entry_pathname(entry) else { throw ArchiveError("an entry's name is no UTF-8") }
        let name = String(cString: bytes)
        guard let path = Self.normalized(name) else {
            throw ArchiveError("the entry '\(name.prefix(200))' leads out of the archive")
        }
        // The archive itself, as `zip -r archive .` names it.
        if path.isEmpty { return }
        let type = Int(archive_entry_filetype(entry))
        let mode = archive_entry_perm(entry)
        switch type {
        case SAMOVAR_ENTRY_FILE: archive_entry_set_perm(entry, mode & 0o755 | 0o600)
        case SAMOVAR_ENTRY_FOLDER: archive_entry_set_perm(entry, mode & 0o755 | 0o700)
        case SAMOVAR_ENTRY_LINK: try checkLink(entry, path: path)
        default: throw ArchiveError("the entry '\(path)' is neither a file nor a folder nor a link")
        }
        archive_entry_set_pathname(entry, "\(folder)/\(path)")
        try check(archive_write_header(writer, entry), writer)
        try copyContent(of: path)
        try check(archive_write_finish_entry(writer), writer)
    }

    /// A path without empty parts and `.`; nil for one that is absolute or goes up.
    private static func normalized(_ name: String) -> String? {
        guard !name.hasPrefix("/") else { return nil }
        let parts = name.split(separator: "/").filter { $0 != "." }
        return parts.contains("..") ? nil : parts.joined(separator: "/")
    }

    /// A link may lead to what the archive has, and nowhere else.
    private func checkLink(_ entry: OpaquePointer, path: String) throws(ArchiveError) {
        let target = archive_entry_symlink(entry).map { String(cString: $0) } ?? ""
        var depth = path.split(separator: "/").count - 1
        var isInside = !target.isEmpty && !target.hasPrefix("/")
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { isInside = false }
        }
        guard isInside else {
            throw ArchiveError("the link '\(path)' leads out of the archive, to '\(target.prefix(200))'")
        }
    }

    private mutating func copyContent(of path: String) throws(ArchiveError) {
        var written: Int64 = 0
        while true {
            var block: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            let status = archive_read_data_block(reader, &block, &size, &offset)
            if status == ARCHIVE_EOF { break }
            try check(status, reader)
            // Blocks come in order; a gap would be a file larger than its bytes.
            guard offset == written else { throw ArchiveError("the entry '\(path)' has gaps") }
            written += Int64(size)
            guard written <= budget else {
                throw ArchiveError(
                    "unpacked it is larger than \(Self.maximumSize) bytes, Lambda's limit for code and layers"
                )
            }
            if size > 0 { try check(Int32(archive_write_data_block(writer, block, size, offset)), writer) }
        }
        budget -= written
    }

    private func check(_ status: Int32, _ archive: OpaquePointer) throws(ArchiveError) {
        // A warning is about a time or a name that was kept anyway.
        guard status < ARCHIVE_WARN else { return }
        throw ArchiveError(archive_error_string(archive).map { String(cString: $0) } ?? "it cannot be unpacked")
    }
}
