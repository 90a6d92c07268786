// The programs do not need to be root.

import Foundation
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

    /// What makes a program run as the user 65534; nothing where we are not root anyway.
    private static let nobody =
        getuid() == 0 ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] : []

    @Test(.timeLimit(.minutes(2)))
    func servesAsNobody() async throws {
        let folder = try ExampleCopy(isEmpty: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        try folder.write(Self.manifest, to: "routes.json")
        try folder.write(Self.handler, to: "hello.py")
        for file in ["routes.json", "hello.py"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(folder.path)/\(file)")
        }
        try await Program.serve("samovar-host", ["--listen", "127.0.0.1:0"], in: folder.path, under: Self.nobody) {
            host in
            let arguments = [
                "--listen", "127.0.0.1:0", "--admin", "off", "--default-endpoint", "http://127.0.0.1:\(host.port)",
            ]
            try await Program.serve("samovar-proxy", arguments, in: folder.path, under: Self.nobody) { proxy in
                let connection = try await HTTPConnection(port: proxy.port)
                let answer = try await connection.request("GET", "/hello")
                #expect(answer.status == 200)
                #expect(answer.body == "hello from /hello")
            }
        }
    }
}
