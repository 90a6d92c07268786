// Which interpreter is taken where several stand on a machine; all of them are small scripts.

import Foundation
import Manifest
import Testing

@testable import Host

@Suite(.serialized) struct InterpreterFinderTests {
    /// A machine of its own in a folder: `PATH` is `bin`, `HOME` is `home`.
    private struct Machine {
        let directory: String
        let keeper: ProcessKeeper
        var environment: [String: String]

        /// Puts a program there that says it has this version, and notes each time that it is started.
        func add(_ path: String, _ version: String, says format: Format = .lines) throws {
            let text =
                switch format {
                case .lines:
                    "#!/bin/sh\necho \(version) >> '\(directory)/started'\nprintf '%s\\n%s\\n' \"$0\" \(version)\n"
                case .runtimes:
                    """
                    #!/bin/sh
                    echo 'Microsoft.AspNetCore.App 9.0.1 [/x]'
                    for version in \(version); do echo "Microsoft.NETCore.App $version [/x]"; done

                    """
                case .nothing: "#!/bin/sh\necho 'not that one'\nexit 127\n"
                case .never: "#!/bin/sh\nexec sleep 600\n"
                }
            try HostFixture.write(text, to: "\(directory)/\(path)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(directory)/\(path)")
        }

        /// How many programs have been started.
        var started: Int {
            (try? String(contentsOfFile: "\(directory)/started", encoding: .utf8))?.split(separator: "\n").count ?? 0
        }

        /// The path within the folder, the version, and whether it is the right one; nil where there is none.
        func find(_ runtime: String) throws -> String? {
            let kind = try #require(RuntimeKind(runtime))
            let found = InterpreterFinder(keeper: keeper, environment: environment).find(kind)
            return found.map { "\($0.path.dropFirst(directory.count + 1)) \($0.version)\($0.isExact ? "" : " near")" }
        }
    }

    private enum Format { case lines, runtimes, nothing, never }

    private func withMachine(_ body: (inout Machine) throws -> Void) async throws {
        try await HostFixture.withDirectory { directory in
            let keeper = try ProcessKeeper()
            defer { keeper.stop() }
            let environment = ["PATH": "\(directory)/bin:\(directory)/bin2", "HOME": "\(directory)/home"]
            var machine = Machine(directory: directory, keeper: keeper, environment: environment)
            try body(&machine)
        }
    }

    @Test func theNameThatTellsTheVersionComesFirst() async throws {
        try await withMachine { machine in
            try machine.add("bin/python3", "3.11")
            try machine.add("bin/python3.13", "3.13")
            try machine.add("bin2/python3.12", "3.12")
            try machine.add("home/.pyenv/versions/3.12.9/bin/python3", "3.12")
            #expect(try machine.find("python3.12") == "bin2/python3.12 3.12")
            #expect(machine.started == 1)
        }
    }

    @Test func thePathComesBeforeVersionManagers() async throws {
        try await withMachine { machine in
            try machine.add("bin/node", "20.11.1")
            try machine.add("home/.nvm/versions/node/v20.9.0/bin/node", "20.9.0")
            #expect(try machine.find("nodejs20.x") == "bin/node 20")
        }
    }

    @Test(arguments: [
        ("python3.12", "home/.pyenv/versions/3.12.10/bin/python3", "3.12"),
        ("python3.12", "home/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python3", "3.12"),
        ("nodejs20.x", "home/.nvm/versions/node/v20.9.0/bin/node", "20"),
        ("nodejs20.x", "home/.local/share/fnm/node-versions/v20.9.0/installation/bin/node", "20"),
        ("ruby3.3", "home/.rbenv/versions/3.3.5/bin/ruby", "3.3"),
        ("ruby3.3", "home/.rubies/ruby-3.3.5/bin/ruby", "3.3"),
        ("ruby3.3", "home/.asdf/installs/ruby/3.3.5/bin/ruby", "3.3"),
        ("nodejs20.x", "home/.local/share/mise/installs/node/20.9.0/bin/node", "20"),
    ])
    func versionManagersAreKnown(runtime: String, path: String, version: String) async throws {
        try await withMachine { machine in
            try machine.add("bin/python3", "3.11")
            try machine.add("bin/node", "22.1.0")
            try machine.add("bin/ruby", "3.4.1")
            try machine.add(path, version)
            #expect(try machine.find(runtime) == "\(path) \(version)")
        }
    }

    @Test func theNewestPatchIsTakenAndOtherImplementationsAreNot() async throws {
        try await withMachine { machine in
            for version in ["3.12.9", "3.12.10", "3.12.10t", "pypy3.12-7.3.19"] {
                try machine.add("home/.pyenv/versions/\(version)/bin/python3", "3.12")
            }
            #expect(try machine.find("python3.12") == "home/.pyenv/versions/3.12.10/bin/python3 3.12")
            #expect(machine.started == 1)
        }
    }

    @Test func theNearestIsTakenByDistance() async throws {
        try await withMachine { machine in
            try machine.add("bin/python3.9", "3.9")
            try machine.add("bin/python3.14", "3.14")
            try machine.add("home/.pyenv/versions/3.10.1/bin/python3", "3.10")
            try machine.add("bin/python3", "3.14")
            #expect(try machine.find("python3.11") == "home/.pyenv/versions/3.10.1/bin/python3 3.10 near")
            // `python3` and the nearest one.
            #expect(machine.started == 2)
            try machine.add("bin/python3.12", "3.12")
            #expect(try machine.find("python3.11") == "bin/python3.12 3.12 near")
        }
    }

    @Test func whatDoesNotWorkIsPassedOver() async throws {
        try await withMachine { machine in
            try machine.add("bin/python3.12", "", says: .nothing)
            try machine.add("bin/python3", "2.7")
            try machine.add("bin2/python3.13", "3.13")
            #expect(try machine.find("python3.12") == "bin2/python3.13 3.13 near")
            #expect(try machine.find("ruby3.3") == nil)
        }
    }

    @Test func aProgramThatNeverAnswersIsPassedOver() async throws {
        try await withMachine { machine in
            try machine.add("bin/node", "", says: .never)
            try machine.add("bin/nodejs", "18.1.0")
            #expect(try machine.find("nodejs20.x") == "bin/nodejs 18 near")
        }
    }

    @Test(arguments: [("version = 3.12.1", true), ("version_info = 3.12.1.final.0", true), ("version = 3.11.2", false)])
    func anActiveVirtualEnvironmentIsUsedWhereItsVersionIsRight(line: String, isUsed: Bool) async throws {
        try await withMachine { machine in
            machine.environment["VIRTUAL_ENV"] = "\(machine.directory)/venv"
            try machine.add("venv/bin/python", isUsed ? "3.12" : "3.11")
            try HostFixture.write("home = /usr/bin\n\(line)\n", to: "\(machine.directory)/venv/pyvenv.cfg")
            try machine.add("bin/python3.12", "3.12")
            #expect(try machine.find("python3.12") == (isUsed ? "venv/bin/python 3.12" : "bin/python3.12 3.12"))
            #expect(machine.started == 1)
        }
    }

    @Test func javaIsKnownByTheFileThatComesWithIt() async throws {
        try await withMachine { machine in
            for (home, version) in [("jdk8", "1.8.0_392"), ("jdk21", "21.0.2"), ("jdk25", "25")] {
                try machine.add("\(home)/bin/java", "", says: .nothing)
                try HostFixture.write("JAVA_VERSION=\"\(version)\"\n", to: "\(machine.directory)/\(home)/release")
            }
            machine.environment["PATH"] = ["jdk8", "jdk21", "jdk25"].map { "\(machine.directory)/\($0)/bin" }
                .joined(separator: ":")
            #expect(try machine.find("java8.al2") == "jdk8/bin/java 8")
            #expect(try machine.find("java25") == "jdk25/bin/java 25")
            machine.environment["JAVA_HOME"] = "\(machine.directory)/jdk21"
            #expect(try machine.find("java21") == "jdk21/bin/java 21")
        }
    }

    @Test func compiledCodeAsksForTheSameVersionOrANewerOne() async throws {
        try await withMachine { machine in
            try machine.add("bin/dotnet", "6.0.1 8.0.11 10.0.1", says: .runtimes)
            #expect(try machine.find("dotnet8") == "bin/dotnet 8")
            #expect(try machine.find("dotnet7") == "bin/dotnet 8 near")
            #expect(try machine.find("dotnet12") == "bin/dotnet 10 near")
        }
    }
}
