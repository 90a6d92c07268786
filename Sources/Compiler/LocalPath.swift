// Paths as templates write them: relative to a folder, with or without a scheme.

/// Paths of templates and of what they name.
enum LocalPath {
    /// Whether a location is not on this machine: in S3 or on a web server.
    static func isRemote(_ text: String) -> Bool {
        ["s3://", "https://", "http://"].contains { text.lowercased().hasPrefix($0) }
    }

    /// The folder that a file stands in; `.` for a bare name.
    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// A path from a folder, with or without `file://`; an absolute one stays.
    static func joined(_ folder: String, _ path: String) -> String {
        let plain = path.hasPrefix("file://") ? String(path.dropFirst("file://".count)) : path
        if plain.hasPrefix("/") || folder == "." { return normalized(plain) }
        return normalized(folder + "/" + plain)
    }

    /// The path without `.` segments, needless slashes, and `..` segments that can be taken back; `.` for the folder.
    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !path.hasPrefix("/") {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}
