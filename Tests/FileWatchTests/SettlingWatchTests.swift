// When a change of files is reported: once, and only when they have come to rest.

import FileWatch
import Foundation
import Testing

struct SettlingWatchTests {
    /// A folder of a test's own, removed when the test ends.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "samovar-test-\(UUID().uuidString)")
        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false) }
        deinit { try? FileManager.default.removeItem(at: url) }

        func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
        func write(_ text: String, to name: String, atomically: Bool = false) throws {
            try Data(text.utf8).write(to: url.appending(path: name), options: atomically ? .atomic : [])
        }
    }

    private func watch(_ path: String) -> SettlingWatch { SettlingWatch(reported: [FileFingerprint(path: path)]) }

    /// Whether a change is reported by the second of two observations, and by no later one.
    private func isReportedOnce(_ watch: inout SettlingWatch, _ path: String) -> Bool {
        let observations = (0..<4).map { _ in watch.observe([FileFingerprint(path: path)]) }
        return observations == [false, true, false, false]
    }

    @Test func isQuietWithoutChanges() throws {
        let folder = try Folder()
        try folder.write("a", to: "file")
        var watch = watch(folder.path("file"))
        let reports = (0..<3).map { _ in watch.observe([FileFingerprint(path: folder.path("file"))]) }
        #expect(reports == [false, false, false])
    }

    @Test func reportsAFileThatIsRenamedOver() throws {
        let folder = try Folder()
        try folder.write("a", to: "file")
        var watch = watch(folder.path("file"))
        try folder.write("b", to: "file", atomically: true)
        #expect(isReportedOnce(&watch, folder.path("file")))
    }

    @Test func reportsAFileThatIsWrittenInPlaceOnceItRests() throws {
        let folder = try Folder()
        let path = folder.path("file")
        try folder.write("a", to: "file")
        var watch = watch(path)
        for text in ["ab", "abc", "abcd"] {
            try folder.write(text, to: "file")
            let isReported = watch.observe([FileFingerprint(path: path)])
            #expect(!isReported)
        }
        let isReported = watch.observe([FileFingerprint(path: path)])
        #expect(isReported)
    }

    @Test func reportsALinkThatIsSwapped() throws {
        let folder = try Folder()
        try folder.write("a", to: "old")
        try folder.write("a", to: "new")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "old")
        var watch = watch(folder.path("link"))
        try manager.createSymbolicLink(atPath: folder.path("fresh"), withDestinationPath: "new")
        try #require(rename(folder.path("fresh"), folder.path("link")) == 0)
        #expect(isReportedOnce(&watch, folder.path("link")))
    }

    @Test func reportsFilesThatComeAndGo() throws {
        let folder = try Folder()
        let path = folder.path("file")
        #expect(FileFingerprint(path: path) == nil)
        var watch = watch(path)
        try folder.write("a", to: "file")
        #expect(isReportedOnce(&watch, path))
        try FileManager.default.removeItem(atPath: path)
        #expect(isReportedOnce(&watch, path))
    }
}
