// The proxy where there is less of something than it could use.

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

    @Test("Without descriptors to accept with, it neither spins nor forgets whom it serves", .timeLimit(.minutes(2)))
    func descriptors() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try folder.write(Self.manifest, to: "routes.json")
        let arguments = ["--listen", "127.0.0.1:0", "--admin", "off"]
        try await Program.serve("samovar-proxy", arguments, in: folder.path, under: ["prlimit", "--nofile=36"]) {
            proxy in
            let served = try await HTTPConnection(port: proxy.port)
            #expect(try await served.request("GET", "/").status == 403)
            var others: [HTTPConnection] = []
            for _ in 0..<60 { others.append(try await HTTPConnection(port: proxy.port)) }
            let before = try Self.processorTime(of: proxy.process)
            try await Task.sleep(for: .seconds(1))
            // An event loop that spins uses about a hundred.
            #expect(try Self.processorTime(of: proxy.process) - before < 40)
            #expect(try await served.request("GET", "/").status == 403)
            others = []
            // The time limit of the test bounds the wait.
            while (try? await HTTPConnection(port: proxy.port).request("GET", "/").status) != 403 {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
