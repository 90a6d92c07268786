// What keeps functions apart from the machine and from one another: memory, processes, folders, descriptors.

import Foundation
import JSON
import Testing

@testable import Host

private let permitted = PermittedIsolation.find(.full, folder: "/tmp")

struct IsolationTests {
    /// Code in the manifest is in the host's own folder, so that nothing of the function's is below `/tmp`.
    private func function(_ code: String, _ members: String = "") -> String {
        let text = code.replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: "\\n")
        return #""F": {"runtime": "python3.12", "handler": "index.handler", \#(members)"inlineCode": "\#(text)"}"#
    }

    private let greedy = """
        def handler(event, context):
            return len([bytearray(1 << 20) for _ in range(event)])
        """

    @Test(.enabled(if: permitted.controlGroups?.limitsMemory == true))
    func memoryIsThatOfTheFunction() async throws {
        try await HostFixture.withHost(function(greedy), files: [:]) { fixture in
            #expect(try await fixture.invoke("F", "16").body == "16")
            let answer = try await fixture.invoke("F", "512")
            #expect(answer.text("errorType") == "Runtime.OutOfMemory", "\(answer.body)")
            let message = answer.text("errorMessage") ?? ""
            #expect(message.hasSuffix("Error: Runtime exited with error: signal: killed"))
            // The next request has a new process.
            #expect(try await fixture.invoke("F", "16").body == "16")
        }
    }

    @Test func memoryIsBoundedWithoutControlGroups() async throws {
        try await HostFixture.withHost(function(greedy), files: [:]) { configuration, _ in
            configuration.isolation = .none
        } _: { fixture in
            #expect(try await fixture.invoke("F", "16").body == "16")
            let answer = try await fixture.invoke("F", "2048")
            #expect(answer.text("errorType") == "MemoryError", "\(answer.body)")
            #expect(fixture.log.count("functions are less apart from this machine than in Lambda") == 1)
        }
    }

    @Test func nodeStartsWithTheLeastMemory() async throws {
        for isolation in [Isolation.full, .none] {
            let functions = #""F": {"runtime": "nodejs20.x", "handler": "app.handler", "code": "js"}"#
            let files = ["js/app.js": "exports.handler = async (event) => event;"]
            try await HostFixture.withHost(functions, files: files) { configuration, _ in
                configuration.isolation = isolation
            } _: { fixture in
                let answer = try await fixture.invoke("F", "[1]")
                #expect(answer.body == "[1]")
            }
        }
    }

    @Test(
        .enabled(if: permitted.controlGroups?.limitsProcesses == true || permitted.processLimit != 0),
        arguments: [Isolation.full, .userNamespaces]
    )
    func aForkBombIsBounded(_ isolation: Isolation) async throws {
        let code = """
            import os, signal
            def handler(event, context):
                children = []
                try:
                    while len(children) < 2000:
                        child = os.fork()
                        if child == 0:
                            if len(children) % 2: os.setsid()
                            signal.pause()
                        children.append(child)
                except OSError:
                    return children
                return None
            """
        let members = #""memoryMegabytes": 2048, "timeoutSeconds": 60, "#
        var children: [Int64] = []
        try await HostFixture.withHost(function(code, members), files: [:]) { configuration, _ in
            configuration.isolation = isolation
        } _: { fixture in
            let answer = try await fixture.invoke("F")
            children = answer.json?.array?.compactMap(\.integer) ?? []
            #expect((1...1023).contains(children.count), "\(answer.body)")
        }
        // Those that have left the process group are gone too, where there is a control group.
        if permitted.controlGroups != nil { #expect(try await eventually { !children.contains(where: isAlive) }) }
    }

    private let temporary = """
        import os, tempfile
        def handler(event, context):
            before = sorted(os.listdir(tempfile.gettempdir()))
            open(os.path.join(tempfile.gettempdir(), "mine"), "w").close()
            return {"folder": tempfile.gettempdir(), "before": before}
        """

    @Test(arguments: [Isolation.full, .userNamespaces, .none])
    func eachProcessHasItsOwnTemporaryFolder(_ isolation: Isolation) async throws {
        let isMounted = PermittedIsolation.find(isolation, folder: "/tmp").namespaces != 0
        let functions = function(temporary) + "," + function(temporary).replacingOccurrences(of: #""F""#, with: #""G""#)
        try await HostFixture.withHost(functions, files: [:]) { configuration, _ in
            configuration.isolation = isolation
            configuration.environment["TMPDIR"] = nil
        } _: { fixture in
            for name in ["F", "G"] {
                let answer = try await fixture.invoke(name)
                let before = answer.json?["before"]?.array?.compactMap(\.string)
                // The host's own files are where they were.
                #expect(before?.allSatisfy { $0.hasPrefix("samovar-host.") } == true, "\(answer.body)")
                #expect((answer.text("folder") == "/tmp") == isMounted)
            }
            #expect(access("/tmp/mine", F_OK) != 0)
        }
    }

    @Test func nothingIsLeft() async throws {
        try await HostFixture.withDirectory { root in
            let functions = function(temporary)
            try await HostFixture.withHost(functions, files: [:]) { configuration, _ in
                configuration.environment["TMPDIR"] = root
            } _: { fixture in
                let answer = try await fixture.invoke("F")
                #expect(answer.functionError == nil, "\(answer.body)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: root).count == 1)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: root) == [])
        }
        for base in permitted.controlGroups?.bases ?? [] {
            // Other tests run in this process as well, one after the other.
            #expect(Folder.names(in: base.directory).filter { $0.hasPrefix("samovar-\(getpid())-") } == [])
        }
    }

    @Test func limitsAndDescriptors() async throws {
        let code = """
            import os, resource
            def handler(event, context):
                return [resource.getrlimit(resource.RLIMIT_NOFILE)[1], resource.getrlimit(resource.RLIMIT_CORE)[1]]
            """
        try await HostFixture.withHost(function(code), files: [:]) { fixture in
            let answer = try await fixture.invoke("F")
            #expect(answer.body == "[1024, 0]")
        }
    }

    @Test(.enabled(if: permitted.controlGroups != nil))
    func controlGroupsOfKilledHosts() async throws {
        let groups = try #require(permitted.controlGroups)
        // A process that is over stands for the host.
        let host = Process()
        host.executableURL = URL(fileURLWithPath: "/bin/true")
        try host.run()
        host.waitUntilExit()
        let left = groups.bases.map { "\($0.directory)/samovar-\(host.processIdentifier)-1" }
        let sleeper = Process()
        sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
        sleeper.arguments = ["60"]
        try sleeper.run()
        for directory in left {
            try #require(mkdir(directory, 0o755) == 0)
            try "\(sleeper.processIdentifier)".write(
                toFile: "\(directory)/cgroup.procs",
                atomically: false,
                encoding: .utf8
            )
        }
        let running = try groups.make(memory: 1 << 30)
        defer { running.remove() }
        groups.removeStale()
        sleeper.waitUntilExit()
        #expect(sleeper.terminationReason == .uncaughtSignal)
        #expect(left.allSatisfy { access($0, F_OK) != 0 })
        #expect(running.directories.allSatisfy { access($0, F_OK) == 0 })
    }

    @Test(.enabled(if: permitted.controlGroups != nil))
    func whatHasLeftItsProcessGroupEndsWithTheHost() async throws {
        let groups = try #require(PermittedIsolation.find(.full, folder: "/tmp").controlGroups)
        let other = try #require(permitted.controlGroups)
        let (mine, others) = (try groups.make(memory: 1 << 30), try other.make(memory: 1 << 30))
        defer { others.remove() }
        let keeper = try ProcessKeeper()
        for prefix in groups.prefixes { keeper.guardControlGroups(prefix) }
        let sleeper = Process()
        sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
        sleeper.arguments = ["60"]
        try sleeper.run()
        for directory in mine.directories {
            try "\(sleeper.processIdentifier)".write(
                toFile: "\(directory)/cgroup.procs",
                atomically: false,
                encoding: .utf8
            )
        }
        // However a host ends, its end of the guardian's pipe is closed.
        keeper.stop()
        sleeper.waitUntilExit()
        #expect(sleeper.terminationReason == .uncaughtSignal)
        while mine.directories.contains(where: { access($0, F_OK) == 0 }) {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(others.directories.allSatisfy { access($0, F_OK) == 0 })
    }

    @Test func foldersOfKilledHosts() async throws {
        try await HostFixture.withDirectory { root in
            let running = try PrivateFolder(in: root)
            defer { running.remove() }
            for (name, age) in [("samovar-host.killed", -120.0), ("samovar-host.starting", 0), ("other", -120)] {
                try HostFixture.write("", to: "\(root)/\(name)/file")
                let date = Date(timeIntervalSinceNow: age)
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(root)/\(name)")
            }
            let old = Date(timeIntervalSinceNow: -120)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: running.path)
            PrivateFolder.removeStale(in: root)
            let left = Set(Folder.names(in: root).map { "\(root)/\($0)" })
            #expect(left == ["\(root)/samovar-host.starting", "\(root)/other", running.path])
        }
    }

    @Test func foldersDeeperThanAnyPath() async throws {
        try await HostFixture.withDirectory { directory in
            let root = "\(directory)/deep"
            try Folder.make(root)
            var folder = open(root, O_RDONLY | O_DIRECTORY)
            for _ in 0..<1100 {
                #expect(mkdirat(folder, "xxxx", 0o700) == 0)
                symlinkat("/etc/passwd", folder, "link")
                let next = openat(folder, "xxxx", O_RDONLY | O_DIRECTORY)
                close(folder)
                folder = next
            }
            close(folder)
            symlink(directory, "\(root)/up")
            Folder.remove(root)
            #expect(access(root, F_OK) != 0)
            #expect(access(directory, F_OK) == 0)
        }
    }

    @Test func foldersWithTheNamesThatRemovalGives() async throws {
        try await HostFixture.withDirectory { directory in
            let root = "\(directory)/named"
            for number in 1...8 { try Folder.make("\(root)/samovar-removed-\(number)/a/b") }
            Folder.remove(root)
            #expect(access(root, F_OK) != 0)
        }
    }

    @Test func controlGroupsOfVersionOne() {
        let own = "4:memory:/a/b\n3:cpu,pids:/\n0::/\n"
        let mounts = """
            30 20 0:26 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory
            31 20 0:27 / /sys/fs/cgroup/pids rw,nosuid - cgroup cgroup rw,cpu,pids
            32 20 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """
        let groups = ControlGroups(own: own, mounts: mounts) { _ in "" }
        #expect(groups.bases.map(\.directory) == ["/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/pids"])
        #expect(groups.limitsMemory && groups.limitsProcesses)
    }

    @Test(arguments: [
        // Delegated to the user: the group has siblings with controllers.
        ("/u/app.slice/one.scope", "/", ["/sys/fs/cgroup/u/app.slice": "memory pids"], ["/sys/fs/cgroup/u/app.slice"]),
        ("/u/session.scope", "/", [:], []),
        // A container that sees its own part of the tree.
        ("/docker/1", "/docker/1", ["/sys/fs/cgroup": "cpu memory pids\n"], ["/sys/fs/cgroup"]),
        ("/../2", "/", ["/sys/fs/cgroup": "memory"], []),
    ])
    func controlGroupsOfVersionTwo(_ own: String, _ root: String, _ controllers: [String: String], _ bases: [String]) {
        let mounts = "30 20 0:26 \(root) /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
        let groups = ControlGroups(own: "0::\(own)\n", mounts: mounts) { controllers[$0] }
        #expect(groups.bases.map(\.directory) == bases)
        #expect(groups.limitsMemory == !bases.isEmpty)
    }
}
