// A copy of config/example that a test may change.

import Foundation
import Testing

/// A temporary folder that holds the example, for as long as the value lives.
final class ExampleCopy: Sendable {
    let path: String

    /// The example itself, in the sources of these tests' package.
    static let original = URL(filePath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "config/example")

    /// Copies the example; with `isEmpty`, makes an empty folder.
    init(isEmpty: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-test-\(UUID().uuidString)")
        path = folder.path(percentEncoded: false)
        if isEmpty {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        } else {
            try FileManager.default.copyItem(at: Self.original, to: folder)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, by renaming a new one over it as editors do.
    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(file)"), options: .atomic)
    }

    /// Replaces a text that stands in a file.
    func replace(_ old: String, with new: String, in file: String) throws {
        let text = try String(contentsOf: URL(filePath: "\(path)/\(file)"), encoding: .utf8)
        try #require(text.contains(old), "'\(old)' does not stand in \(file)")
        try write(text.replacing(old, with: new), to: file)
    }
}
