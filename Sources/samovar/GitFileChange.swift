// A change of one file as git tells an external diff program of it.

internal import Diagnostics
internal import SystemPackage

/// The arguments of an external diff program (git(1), GIT_EXTERNAL_DIFF).
struct GitFileChange {
    /// One side of the change.
    struct Side {
        /// Where its contents are; `/dev/null` where there is no file.
        let file: String
        /// Its mode as git writes it, `.` where there is no file.
        let mode: String
        /// Its path in the repository.
        let path: String

        /// Whether there is a file on this side.
        var exists: Bool { file != "/dev/null" }
        /// Whether the file is one with lines, and not a link or a submodule.
        var isRegular: Bool { !exists || mode.hasPrefix("100") }
        /// What the unified format calls it.
        func label(_ prefix: String) -> String { exists ? "\(prefix)/\(path)" : file }
    }

    let old: Side
    let new: Side
    /// What git says of a rename or a copy; empty for neither.
    private let remarks: [Substring]

    /// Reads the arguments; nil for those of a path that is not merged.
    init?(_ words: [String]) {
        guard words.count >= 7 else { return nil }
        old = Side(file: words[1], mode: words[3], path: words[0])
        new = Side(file: words[4], mode: words[6], path: words.count > 7 ? words[7] : words[0])
        remarks = words.count > 8 ? words[8].split(separator: "\n").filter { !$0.hasPrefix("index ") } : []
    }

    /// What stands above the change, after git's own manner.
    func heading(isColored: Bool) -> String {
        var lines = ["diff --samovar a/\(old.path) b/\(new.path)"]
        if !old.exists {
            lines.append("new file mode \(new.mode)")
        } else if !new.exists {
            lines.append("deleted file mode \(old.mode)")
        } else if old.mode != new.mode {
            lines += ["old mode \(old.mode)", "new mode \(new.mode)"]
        }
        lines += remarks.map(String.init)
        return lines.map { isColored ? "\u{1B}[1m\($0.visible)\u{1B}[m\n" : "\($0.visible)\n" }.joined()
    }

    /// How many lines of the text differ: a template has much that is no route.
    func textSummary() -> String? {
        let arguments = Self.plainly + ["--numstat", "--", old.file, new.file]
        guard let ending = try? GitCommand(arguments), ending.status <= 1 else { return nil }
        let counts = (ending.lines.first ?? "").split(separator: "\t", maxSplits: 2).prefix(2)
        guard counts.count == 2 else { return nil }
        return "in the text: +\(counts[0]) -\(counts[1]) lines, shown by 'git diff --no-ext-diff --no-textconv'\n"
    }

    /// The lines that differ, as git itself shows them.
    func plainDifference(isColored: Bool) -> [UInt8] {
        let color = "--color=\(isColored ? "always" : "never")"
        let arguments = Self.plainly + [color, "--", old.file, new.file]
        guard let ending = try? GitCommand(arguments), ending.status <= 1 else { return ownDifference }
        // The files of both sides are temporary ones: what git calls them tells nobody anything.
        var start = ending.output.startIndex
        while start < ending.output.endIndex {
            let end = ending.output[start...].firstIndex(of: UInt8(ascii: "\n")) ?? ending.output.endIndex
            if Self.isHunk(ending.output[start..<end]) {
                return Array(unifiedHeading(isColored: isColored).utf8) + ending.output[start...]
            }
            start = min(end + 1, ending.output.endIndex)
        }
        guard !ending.output.isEmpty else { return [] }
        return Array("Binary files \(old.label("a").visible) and \(new.label("b").visible) differ\n".utf8)
    }

    /// `git diff` of two files without the drivers that would call us again.
    private static let plainly = ["--no-pager", "diff", "--no-index", "--no-ext-diff", "--no-textconv"]

    private static func isHunk(_ line: ArraySlice<UInt8>) -> Bool {
        var rest = line
        // A colour before it: ESC [ … m.
        if rest.first == 0x1B, let end = rest.firstIndex(of: UInt8(ascii: "m")) { rest = rest[(end + 1)...] }
        return rest.starts(with: "@@ ".utf8)
    }

    private func unifiedHeading(isColored: Bool) -> String {
        ["--- \(old.label("a"))", "+++ \(new.label("b"))"].map {
            isColored ? "\u{1B}[1m\($0.visible)\u{1B}[m\n" : "\($0.visible)\n"
        }.joined()
    }

    /// The same where git cannot be run, or has too much to say.
    private var ownDifference: [UInt8] {
        let sides = [old, new].map { side in side.exists ? try? InputFile.read(side.file) : [] }
        guard let before = sides[0], let after = sides[1] else {
            return Array("Files \(old.label("a").visible) and \(new.label("b").visible) differ\n".utf8)
        }
        let texts = (String(decoding: before, as: UTF8.self), String(decoding: after, as: UTF8.self))
        return Array(LineDifference.unified(texts.0, texts.1, names: (old.label("a"), new.label("b"))).utf8)
    }
}
