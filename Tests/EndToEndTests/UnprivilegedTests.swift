// The programs do not need to be root.

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs a proxy and a host as a user who may do nothing special. Tests often run as root, who hides what others meet.
struct UnprivilegedTests {
    private static let manifest = """
        {"manifest":1,"apis":{"Api":{"kind":"rest","stage":"Prod","routes":{"GET /hello":{"function":"Hello","auth":"none"}}}},
        "functions":{"Hello":{"runtime":"python3.11","handler":"hello.handler","code":"."}}}
        """
    private static let handler = """
        def handler(event, context):
            return {"statusCode": 200, "body": "hello from " + event["path"]}
        """

    /// Runs a program of the product as the user 65534, or as who we are where we are not root.
    private static func run(
        _ name: String,
        _ arguments: [String],
        in folder: String,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        // The build folder may be where only root can go.
        let copy = "\(folder)/\(name)"
        try FileManager.default.copyItem(atPath: Program.path(name).string, toPath: copy)
        let user = getuid() == 0 ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []
        let log = LineLog()
        _ = try await Subprocess.run(
            .name("env"),
            arguments: Arguments(user + [copy] + arguments),
            workingDirectory: FilePath(folder),
            input: .none,
            output: .discarded,
            error: .sequence
        ) { execution in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await line in execution.standardError.strings() { await log.append(line) }
                    await log.finish()
                }
                group.addTask {
                    let result = await Result {
                        let line = try await log.line(containing: "Listening on http://")
                        let port = try #require(line.firstMatch(of: #/:(\d+)$/#)?.1)
                        try await body(#require(Int(port)))
                    }
                    try? execution.send(signal: .terminate)
                    try result.get()
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func servesAsNobody() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        try folder.write(Self.manifest, to: "routes.json")
        try folder.write(Self.handler, to: "hello.py")
        for file in ["routes.json", "hello.py"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder.path)/\(file)")
        }
        try await Self.run("samovar-host", ["--listen", "127.0.0.1:0"], in: folder.path) { host in
            let arguments = [
                "--listen", "127.0.0.1:0", "--admin", "off", "--default-endpoint", "http://127.0.0.1:\(host)",
            ]
            try await Self.run("samovar-proxy", arguments, in: folder.path) { port in
                let connection = try await HTTPConnection(port: port)
                let answer = try await connection.request("GET", "/hello")
                #expect(answer.status == 200)
                #expect(answer.body == "hello from /hello")
            }
        }
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
