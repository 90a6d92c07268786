// Files of the repository whose bytes are the assertion.

package import Foundation

/// Compares with files byte for byte; with `RECORD_GOLDEN=1` in the environment it rewrites them, and still reports
/// the difference, so that a run that records never passes.
package enum Golden {
    /// The folder of the package.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What is wrong with a file that should hold `text`; nil where it does.
    ///
    /// - Parameters:
    ///   - text: what the file should hold.
    ///   - path: the file, relative to the folder of the package.
    /// - Returns: the first line that differs, or what was recorded.
    /// - Throws: where a file cannot be written.
    package static func difference(_ text: String, at path: String) throws -> String? {
        let file = root.appending(path: path)
        let data = try? Data(contentsOf: file)
        if data == Data(text.utf8) { return nil }
        guard ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" else {
            guard let data else { return "\(path) is missing; RECORD_GOLDEN=1 writes it" }
            let (old, new) = (lines(String(decoding: data, as: UTF8.self)), lines(text))
            let line =
                zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
            let found = old.indices.contains(line) ? "'\(old[line])'" : "the end"
            let wanted = new.indices.contains(line) ? "'\(new[line])'" : "the end"
            return "\(path):\(line + 1): \(found) stands where \(wanted) is expected; RECORD_GOLDEN=1 rewrites it"
        }
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return "\(path) was recorded"
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
