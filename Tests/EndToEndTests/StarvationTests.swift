// Proxy and host where there is less of something than it could use.

import Foundation
import Testing

struct StarvationTests {
    private static let manifest = """
        {"manifest":1,"apis":{"Api":{"kind":"rest","stage":"Prod","routes":{}}},"functions":{}}
        """

    /// The processor time that a process has used, in hundredths of a second.
    private static func processorTime(of process: pid_t) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = try #require(text.split(separator: ")").last).split(separator: " ")
        return try #require(Int(fields[11])) + #require(Int(fields[12]))
    }

    @Test(
        "Without descriptors to accept with, nothing spins and nobody who is served is forgotten",
        .timeLimit(.minutes(2)),
        arguments: [
            (program: "samovar-proxy", arguments: ["--admin", "off"], descriptors: 36, status: 403),
            (program: "samovar-host", arguments: [], descriptors: 48, status: 404),
        ]
    )
    func descriptors(program: String, arguments: [String], descriptors: Int, status: Int) async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.manifest, to: "routes.json")
        let wrapper = ["prlimit", "--nofile=\(descriptors)"]
        let all = ["--listen", "127.0.0.1:0"] + arguments
        try await Program.serve(program, all, in: folder.path, under: wrapper) { running in
            let served = try await HTTPConnection(port: running.port)
            #expect(try await served.request("GET", "/").status == status)
            var others: [HTTPConnection] = []
            for _ in 0..<60 { others.append(try await HTTPConnection(port: running.port)) }
            let before = try Self.processorTime(of: running.process)
            try await Task.sleep(for: .seconds(1))
            // An event loop that spins uses about a hundred.
            #expect(try Self.processorTime(of: running.process) - before < 40)
            #expect(try await served.request("GET", "/").status == status)
            others = []
            // The time limit of the test bounds the wait.
            while (try? await HTTPConnection(port: running.port).request("GET", "/").status) != status {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
