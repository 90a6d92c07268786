// Zip archives: what comes out of them, and what must not.

import Foundation
import JSON
import Testing

@testable import Host

struct ArchiveTests {
    /// Lends the folder that an archive was unpacked into.
    private func unpacked(
        _ entries: [ZipEntry],
        budget: Int64 = ArchiveExtraction.maximumSize,
        _ body: (String) throws -> Void
    ) async throws {
        try await HostFixture.withDirectory { directory in
            try ZipEntry.write(entries, to: "\(directory)/a.zip")
            let folder = try #require(Folder.resolved(directory)) + "/out"
            try Folder.make(folder)
            _ = try ArchiveExtraction.unpack("\(directory)/a.zip", into: folder, budget: budget)
            try body(folder)
        }
    }

    @Test func filesFoldersLinksAndModes() async throws {
        let entries: [ZipEntry] = [
            .file("./app.py", "code"), .file("bin/bootstrap", "#!/bin/sh", mode: 0o755), .folder("empty"),
            .link("bin/same", to: "bootstrap"), .link("lib/up", to: "../app.py"), .file("grün.txt", "ü"),
            .file("setuid", "", mode: 0o4777), .file("app.py", "later"),
        ]
        try await unpacked(entries) { folder in
            #expect(try String(contentsOfFile: "\(folder)/app.py", encoding: .utf8) == "later")
            #expect(try String(contentsOfFile: "\(folder)/lib/up", encoding: .utf8) == "later")
            #expect(try String(contentsOfFile: "\(folder)/grün.txt", encoding: .utf8) == "ü")
            #expect(access("\(folder)/bin/bootstrap", X_OK) == 0)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/bin/same") == "bootstrap")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/empty").isEmpty)
            let mode = try FileManager.default.attributesOfItem(atPath: "\(folder)/setuid")[.posixPermissions] as? Int
            #expect(mode == 0o755)
        }
    }

    @Test(
        arguments: [
            ([ZipEntry.file("../x", "")], "the entry '../x' leads out of the archive"),
            ([.file("a/../../x", "")], "the entry 'a/../../x' leads out of the archive"),
            ([.file("/etc/x", "")], "the entry '/etc/x' leads out of the archive"),
            ([.link("out", to: "/etc")], "the link 'out' leads out of the archive, to '/etc'"),
            ([.link("a/out", to: "../../etc")], "the link 'a/out' leads out of the archive, to '../../etc'"),
            ([.link("out", to: "")], "the link 'out' leads out of the archive, to ''"),
            ([.file("big", String(repeating: "0", count: 100_001))], "unpacked it is larger than 262144000 bytes"),
            (
                [
                    .file("one", String(repeating: "0", count: 60_000)),
                    .file("two", String(repeating: "0", count: 60_000)),
                ],
                "unpacked it is larger than"
            ),
        ]
    )
    func hostileEntries(_ entries: [ZipEntry], _ reason: String) async throws {
        let error = await #expect(throws: ArchiveError.self) {
            try await unpacked([.file("first", "")] + entries, budget: 100_000) { _ in }
        }
        #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "")")
    }

    /// A link inside the archive that an entry after it would be written through.
    @Test func nothingIsWrittenThroughALink() async throws {
        let entries: [ZipEntry] = [.file("dir/a", "1"), .link("link", to: "dir"), .file("link/b", "2")]
        let error = await #expect(throws: ArchiveError.self) { try await unpacked(entries) { _ in } }
        #expect(error?.description.hasPrefix("Cannot extract through symlink") == true)
    }

    /// A zip archive can name pipes and devices; libarchive takes them for files.
    @Test func whatIsNoFile() async throws {
        try await unpacked([.special("pipe")]) { folder in
            let type = try FileManager.default.attributesOfItem(atPath: "\(folder)/pipe")[.type] as? FileAttributeType
            #expect(type == .typeRegular)
        }
    }

    @Test func whatIsNoArchive() async throws {
        try await HostFixture.withDirectory { directory in
            try HostFixture.write("no archive at all", to: "\(directory)/a.zip")
            #expect(throws: ArchiveError("Unrecognized archive format")) {
                _ = try ArchiveExtraction.unpack("\(directory)/a.zip", into: directory)
            }
        }
    }

    @Test func functionsRunFromArchives() async throws {
        let functions = """
            "Py": {"runtime": "python3.12", "handler": "app.handler", "code": "py.zip", "layers": ["layer.zip"]},
            "Own": {"runtime": "provided.al2023", "handler": "x", "code": "own.zip", "timeoutSeconds": 5},
            "Bad": {"runtime": "python3.12", "handler": "app.handler", "code": "bad.zip"}
            """
        let code =
            "import os, shared\ndef handler(event, context): return [shared.word, os.environ['LAMBDA_TASK_ROOT']]"
        try await HostFixture.withHost(functions, files: ["bad.zip": "bad"]) { fixture in
            try ZipEntry.write([.file("app.py", code)], to: "\(fixture.directory)/py.zip")
            try ZipEntry.write([.file("python/shared.py", "word = 'one'")], to: "\(fixture.directory)/layer.zip")
            try ZipEntry.write(
                [.file("bootstrap", "#!/bin/sh\necho started >&2; exit 3", mode: 0o755)],
                to: "\(fixture.directory)/own.zip"
            )
            let bad = try await fixture.invoke("Bad")
            #expect(bad.text("errorType") == "Runtime.InvalidZipFile")
            #expect(bad.text("errorMessage")?.contains("bad.zip': Unrecognized archive format") == true)
            let one = try await fixture.invoke("Py")
            #expect(one.json?.array?.first?.string == "one", "\(one.body)")
            let own = try await fixture.invoke("Own")
            #expect(own.body.contains("Runtime exited with error: exit status 3"), "\(own.body)")
            let old = try #require(one.json?.array?.last?.string)
            try ZipEntry.write(
                [.file("app.py", code.replacingOccurrences(of: "shared.word", with: "'two'"))],
                to: "\(fixture.directory)/py.zip"
            )
            #expect(
                try await eventually { try await fixture.invoke("Py").json?.array?.first?.string == "two" }
            )
            // Nobody runs the old code.
            #expect(try await eventually { access(old, F_OK) != 0 })
        }
    }
}

/// An entry of an archive that a test writes.
struct ZipEntry: Sendable, Encodable {
    private let name: String
    private let content: String
    private let mode: UInt32

    static func file(_ name: String, _ content: String, mode: UInt32 = 0o644) -> ZipEntry {
        ZipEntry(name: name, content: content, mode: S_IFREG | mode)
    }
    static func folder(_ name: String) -> ZipEntry { ZipEntry(name: name + "/", content: "", mode: S_IFDIR | 0o755) }
    static func link(_ name: String, to target: String) -> ZipEntry {
        ZipEntry(name: name, content: target, mode: S_IFLNK | 0o777)
    }
    /// A named pipe.
    static func special(_ name: String) -> ZipEntry { ZipEntry(name: name, content: "", mode: S_IFIFO | 0o644) }

    /// Writes an archive and renames it into place.
    static func write(_ entries: [ZipEntry], to path: String) throws {
        let script = """
            import json, os, sys, warnings, zipfile
            warnings.simplefilter("ignore")
            with zipfile.ZipFile(sys.argv[1] + ".new", "w", zipfile.ZIP_DEFLATED) as archive:
                for entry in json.loads(sys.argv[2]):
                    info = zipfile.ZipInfo(entry["name"])
                    info.create_system = 3
                    info.external_attr = entry["mode"] << 16
                    info.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(info, entry["content"])
            os.rename(sys.argv[1] + ".new", sys.argv[1])
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let json = String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
        process.arguments = ["python3", "-c", script, path, json]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ArchiveError("python3: no archive") }
    }
}
