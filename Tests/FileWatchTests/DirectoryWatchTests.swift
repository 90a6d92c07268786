// Changes in folders, as the kernel reports them.

import FileWatch
import Foundation
import Testing

struct DirectoryWatchTests {
    /// A folder with a watch over some folders in it.
    private func withWatch(
        _ roots: [String],
        maximumFolders: Int = 100,
        _ body: (URL, inout Watcher) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "samovar-watch-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for root in roots {
            try FileManager.default.createDirectory(at: folder.appending(path: root), withIntermediateDirectories: true)
        }
        var watcher = Watcher(folder: folder, watch: try DirectoryWatch(maximumFolders: maximumFolders))
        defer { close(watcher.watch.descriptor) }
        watcher.watch.setRoots(Set(roots.map { folder.appending(path: $0).path }))
        try body(folder, &watcher)
    }

    /// Reads what there is and says the roots by their names.
    private struct Watcher: ~Copyable {
        let folder: URL
        var watch: DirectoryWatch

        mutating func changed() -> Set<String> {
            var buffer = [UInt8](repeating: 0, count: 65536)
            var changed: Set<String> = []
            while true {
                let count = read(watch.descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                changed.formUnion(
                    buffer.withUnsafeBytes { watch.consume(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
                )
            }
            return names(changed)
        }

        mutating func checkedRoots() -> Set<String> { names(watch.checkRoots()) }

        private func names(_ paths: Set<String>) -> Set<String> {
            Set(paths.map { String($0.dropFirst(folder.path.count + 1)) })
        }
    }

    private func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test func filesOfOneRoot() throws {
        try withWatch(["a", "b"]) { folder, watcher in
            #expect(watcher.changed() == [])
            try write("1", to: folder.appending(path: "a/file"))
            #expect(watcher.changed() == ["a"])
            try write("2", to: folder.appending(path: "b/file"))
            #expect(watcher.changed() == ["b"])
            try FileManager.default.removeItem(at: folder.appending(path: "a/file"))
            #expect(watcher.changed() == ["a"])
        }
    }

    @Test func watchesAreBounded() throws {
        // The folder that the root stands in is watched as well.
        try withWatch(["a"], maximumFolders: 3) { folder, watcher in
            try write("1", to: folder.appending(path: "a/first/file"))
            #expect(watcher.changed() == ["a"])
            #expect(watcher.watch.takeProblem() == nil)
            try write("1", to: folder.appending(path: "a/second/file"))
            #expect(watcher.changed() == ["a"])
            #expect(watcher.watch.takeProblem()?.description.contains("more than 3 folders") == true)
            #expect(watcher.watch.takeProblem() == nil)
            try write("2", to: folder.appending(path: "a/second/file"))
            #expect(watcher.changed() == [])
            try write("2", to: folder.appending(path: "a/first/file"))
            #expect(watcher.changed() == ["a"])
        }
    }

    @Test func foldersThatComeAndGo() throws {
        try withWatch(["a"]) { folder, watcher in
            try write("1", to: folder.appending(path: "a/deep/deeper/file"))
            #expect(watcher.changed() == ["a"])
            try write("2", to: folder.appending(path: "a/deep/deeper/file"))
            #expect(watcher.changed() == ["a"])
            try FileManager.default.moveItem(at: folder.appending(path: "a/deep"), to: folder.appending(path: "away"))
            #expect(watcher.changed() == ["a"])
            try write("3", to: folder.appending(path: "away/deeper/file"))
            #expect(watcher.changed() == [])
        }
    }

    @Test func rootsWithinRoots() throws {
        try withWatch(["a", "a/b"]) { folder, watcher in
            try write("1", to: folder.appending(path: "a/b/file"))
            #expect(watcher.changed() == ["a", "a/b"])
            try write("1", to: folder.appending(path: "a/file"))
            #expect(watcher.changed() == ["a"])
            watcher.watch.setRoots([folder.appending(path: "a/b").path])
            try write("2", to: folder.appending(path: "a/file"))
            #expect(watcher.changed() == [])
            try write("2", to: folder.appending(path: "a/b/file"))
            #expect(watcher.changed() == ["a/b"])
        }
    }

    @Test(arguments: [
        ".git/index", "__pycache__/a.txt", "a.pyc", ".a.swp", "a~", "#a#", ".#a", "4913", "node_modules/.cache/a",
        "routes.json", "node_modules/.package-lock.json", "node_modules/.bin/a", ".venv/lib/a.py", "a___jb_tmp___",
        ".goutputstream-A1B2", "cdk.out/a.json", "routes.json.123.new",
    ])
    func noise(path: String) throws {
        try withWatch(["a"]) { folder, watcher in
            watcher.watch.ignoredNames = ["routes.json"]
            let parent = folder.appending(path: "a/\(path)").deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            _ = watcher.changed()
            try write("1", to: folder.appending(path: "a/\(path)"))
            #expect(watcher.changed() == [])
        }
    }

    @Test(arguments: [
        "node_modules/left-pad/index.js", "node_modules/.pnpm/a/index.js", ".env", "lib/.hidden/a.py", "a.new",
        "b.1.new",
    ])
    func code(path: String) throws {
        try withWatch(["a"]) { folder, watcher in
            let parent = folder.appending(path: "a/\(path)").deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            _ = watcher.changed()
            try write("1", to: folder.appending(path: "a/\(path)"))
            #expect(watcher.changed() == ["a"])
        }
    }

    @Test func permissionsAreAChange() throws {
        try withWatch(["a"]) { folder, watcher in
            let file = folder.appending(path: "a/bootstrap")
            try write("1", to: file)
            #expect(watcher.changed() == ["a"])
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            #expect(watcher.changed() == ["a"])
        }
    }

    @Test func singleFiles() throws {
        try withWatch(["a"]) { folder, watcher in
            let (one, two) = (folder.appending(path: "one.zip"), folder.appending(path: "two.zip"))
            try write("1", to: one)
            watcher.watch.setRoots([one.path, two.path, folder.appending(path: "a").path])
            #expect(watcher.changed() == [])
            try write("12", to: one)
            #expect(watcher.changed() == ["one.zip"])
            try write("123", to: folder.appending(path: "new"))
            #expect(rename(folder.appending(path: "new").path, one.path) == 0)
            #expect(watcher.changed() == ["one.zip"])
            try write("1", to: two)
            #expect(watcher.changed() == ["two.zip"])
            try FileManager.default.removeItem(at: one)
            #expect(watcher.changed() == ["one.zip"])
            try write("1", to: one)
            #expect(watcher.changed() == ["one.zip"])
            #expect(watcher.checkedRoots() == [])
            watcher.watch.setRoots([two.path])
            try write("1234", to: one)
            try write("1", to: folder.appending(path: "a/file"))
            #expect(watcher.changed() == [])
            try write("1234", to: two)
            #expect(watcher.changed() == ["two.zip"])
        }
    }

    @Test func rootThatIsReplacedIsNoticedAtOnce() throws {
        try withWatch(["a", "a/b"]) { folder, watcher in
            let root = folder.appending(path: "a")
            try FileManager.default.moveItem(at: root, to: folder.appending(path: "away"))
            #expect(watcher.changed() == ["a", "a/b"])
            try FileManager.default.moveItem(at: folder.appending(path: "away"), to: root)
            #expect(watcher.changed().contains("a"))
            _ = watcher.checkedRoots()
            try write("1", to: root.appending(path: "b/file"))
            #expect(watcher.changed() == ["a", "a/b"])
            try write("1", to: folder.appending(path: "away/file"))
            #expect(watcher.changed() == [])
        }
    }

    @Test func rootThatIsReplaced() throws {
        try withWatch(["a"]) { folder, watcher in
            let root = folder.appending(path: "a")
            #expect(watcher.checkedRoots() == [])
            try FileManager.default.removeItem(at: root)
            #expect(watcher.checkedRoots() == ["a"])
            try write("1", to: root.appending(path: "file"))
            #expect(watcher.checkedRoots() == ["a"])
            _ = watcher.changed()
            try write("2", to: root.appending(path: "file"))
            #expect(watcher.changed() == ["a"])
        }
    }

    @Test func linkThatIsSwapped() throws {
        try withWatch(["one", "two"]) { folder, watcher in
            let link = folder.appending(path: "current")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.appending(path: "one"))
            watcher.watch.setRoots([link.path])
            try write("1", to: folder.appending(path: "one/file"))
            #expect(watcher.changed() == ["current"])
            try FileManager.default.removeItem(at: link)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.appending(path: "two"))
            #expect(watcher.checkedRoots() == ["current"])
            try write("1", to: folder.appending(path: "two/file"))
            #expect(watcher.changed() == ["current"])
        }
    }
}
