// Files in the place of routes, through real sockets.

import Foundation
import Manifest
import Testing

@testable import Proxy

@Suite("Static files")
struct StaticFileTests {
    private static let apis = #"{"A":\#(TestGateway.api(.rest, ["GET /route.txt", "POST /form", "GET /"]))}"#

    /// Serves an API with a folder of files beside it.
    private static func serve(
        _ apis: String = apis,
        _ body: @escaping (TestGateway, _ folder: URL) async throws -> Void
    ) async throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "static-\(UUID().uuidString)")
        let folder = parent.appending(path: "public")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: parent) }
        func write(_ name: String, _ text: String) throws {
            let url = parent.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        try write("secret.txt", "secret")
        try write("publicity/secret.txt", "secret")
        try write("public/index.html", "<p>home</p>")
        try write("public/route.txt", "a file")
        try write("public/app.js", "0123456789")
        try write("public/empty.css", "")
        try write("public/a b/ü.txt", "umlaut")
        try write("public/.env", "secret")
        try write("public/.git/config", "secret")
        try write("public/.well-known/security.txt", "contact")
        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path(percentEncoded: false),
                withDestinationPath: target
            )
        }
        try link("inside.js", to: "app.js")
        try link("outside.txt", to: "../secret.txt")
        try link("absolute.txt", to: "/etc/hostname")
        try link("up", to: "..")
        try link("hidden.txt", to: ".env")
        try link("loop", to: "loop")
        try await TestGateway.serve(
            apis,
            configure: { $0.staticDirectory = folder.path(percentEncoded: false) },
            { gateway in try await body(gateway, folder) }
        )
    }

    @Test("1: a file answers where no route does, with its type, its tag and its date")
    func file() async throws {
        try await Self.serve { (gateway, _) async throws in
            let response = try await gateway.send("GET", "/app.js?v=1")
            #expect(response.status == 200)
            #expect(response.body == "0123456789")
            #expect(response["content-type"] == "text/javascript; charset=utf-8")
            #expect(response["content-length"] == "10")
            #expect(response["accept-ranges"] == "bytes")
            #expect(response["cache-control"] == "no-cache")
            #expect(response["etag"]?.hasPrefix("\"") == true)
            #expect(response["last-modified"]?.hasSuffix(" GMT") == true)
            let head = try await gateway.send("HEAD", "/app.js")
            #expect(head.status == 200)
            #expect(head.content.isEmpty)
            #expect(head["content-length"] == "10")
            let empty = try await gateway.send("GET", "/empty.css")
            #expect(empty.status == 200)
            #expect(empty["content-length"] == "0")
            #expect(try await gateway.send("GET", "/a%20b/%C3%BC.txt").body == "umlaut")
            #expect(try await gateway.send("GET", "/inside.js").body == "0123456789")
            #expect(try await gateway.send("GET", "/.well-known/security.txt").body == "contact")
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("1: routes come first, a fallback route before every file")
    func routesFirst() async throws {
        try await Self.serve { (gateway, _) async throws in
            #expect(try await gateway.send("GET", "/route.txt").body == "ok")
            #expect(try await gateway.send("GET", "/").body == "ok")
        }
        try await Self.serve(#"{"A":\#(TestGateway.api(.http, ["$default"]))}"#) { (gateway, _) async throws in
            #expect(try await gateway.send("GET", "/app.js").body == "ok")
        }
    }

    @Test(
        "1: what is no file below the folder gets the API's answer",
        arguments: [
            "/none", "/a%20b", "/a%20b/", "/app.js/", "//app.js", "/./app.js", "/%2e/app.js", "/../secret.txt",
            "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/a%20b/../../secret.txt", "/..%5csecret.txt", "/outside.txt",
            "/absolute.txt", "/up/secret.txt", "/loop", "/.env", "/.git/config", "/%2Eenv",
            "/hidden.txt", "/%252e%252e/secret.txt", "/../publicity/secret.txt", "/.well-known", "/APP.JS",
        ]
    )
    func notFound(target: String) async throws {
        try await Self.serve { (gateway, _) async throws in
            let response = try await gateway.send("GET", target)
            #expect(response.status == 403)
            #expect(response.body == #"{"message":"Missing Authentication Token"}"#)
        }
    }

    @Test("1: a path longer than any file's, and an encoded NUL")
    func hostilePaths() async throws {
        try await Self.serve { (gateway, _) async throws in
            let long = "/" + String(repeating: "a", count: 5000)
            #expect(try await gateway.send("GET", long).status == 403)
            #expect(try await gateway.send("GET", "/app.js%00.png").status == 400)
        }
    }

    @Test("1: other methods are not for files", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
    func otherMethods(method: String) async throws {
        try await Self.serve { (gateway, _) async throws in
            #expect(try await gateway.send(method, "/app.js").status == 403)
        }
    }

    @Test("1: a named pipe and an unreadable folder are not waited for")
    func pipe() async throws {
        try await Self.serve { (gateway, folder) async throws in
            #expect(mkfifo(folder.appending(path: "pipe").path(percentEncoded: false), 0o600) == 0)
            #expect(try await gateway.send("GET", "/pipe").status == 403)
        }
    }

    @Test("1: a file that has not changed is not sent again")
    func conditions() async throws {
        try await Self.serve { (gateway, folder) async throws in
            let first = try await gateway.send("GET", "/app.js")
            let tag = try #require(first["etag"])
            let date = try #require(first["last-modified"])
            for field in [
                "If-None-Match: \(tag)", "If-None-Match: W/\(tag)", "If-None-Match: \"x\", \(tag)", "If-None-Match: *",
                "If-Modified-Since: \(date)",
            ] {
                for method in ["GET", "HEAD"] {
                    let response = try await gateway.send(method, "/app.js", [field])
                    #expect(response.status == 304, "\(field)")
                    #expect(response.content.isEmpty)
                    #expect(response["etag"] == tag)
                    #expect(response["content-type"] == nil)
                }
            }
            for fields in [
                ["If-None-Match: \"x\""], ["If-None-Match: \"x\"", "If-Modified-Since: \(date)"],
                ["If-Modified-Since: Mon, 14 Apr 2025 22:11:01 GMT"],
            ] {
                #expect(try await gateway.send("GET", "/app.js", fields).status == 200)
            }
            try Data("changed".utf8).write(to: folder.appending(path: "app.js"))
            let changed = try await gateway.send("GET", "/app.js", ["If-None-Match: \(tag)"])
            #expect(changed.body == "changed")
        }
    }

    @Test(
        "1: one range of a file",
        arguments: [
            ("bytes=0-3", 206, "0123", "bytes 0-3/10"), ("bytes=8-", 206, "89", "bytes 8-9/10"),
            ("bytes=-3", 206, "789", "bytes 7-9/10"), ("bytes=-99", 206, "0123456789", "bytes 0-9/10"),
            ("bytes=5-99", 206, "56789", "bytes 5-9/10"), ("BYTES=9-9", 206, "9", "bytes 9-9/10"),
            ("bytes=10-", 416, "", "bytes */10"), ("bytes=-0", 416, "", "bytes */10"),
            ("bytes=0-1,3-4", 200, "0123456789", nil), ("bytes=3-1", 200, "0123456789", nil),
            ("bytes=a-b", 200, "0123456789", nil), ("bytes=", 200, "0123456789", nil),
            ("bytes=-", 200, "0123456789", nil), ("lines=1-2", 200, "0123456789", nil),
            ("bytes=99999999999999999999-", 200, "0123456789", nil), ("bytes=--1", 200, "0123456789", nil),
        ] as [(String, Int, String, String?)]
    )
    func ranges(range: String, status: Int, body: String, contentRange: String?) async throws {
        try await Self.serve { (gateway, _) async throws in
            let response = try await gateway.send("GET", "/app.js", ["Range: \(range)"])
            #expect(response.status == status)
            #expect(response.body == body)
            #expect(response["content-range"] == contentRange)
            #expect(try await gateway.send("HEAD", "/app.js", ["Range: \(range)"]).status == 200)
        }
    }

    @Test("1: a range of what has changed is the whole file; of two ranges none is taken")
    func ifRange() async throws {
        try await Self.serve { (gateway, _) async throws in
            let first = try await gateway.send("GET", "/app.js")
            let tag = try #require(first["etag"])
            for (validator, status) in [(tag, 206), ("\"x\"", 200), ("W/\(tag)", 200)] {
                let fields = ["Range: bytes=0-1", "If-Range: \(validator)"]
                #expect(try await gateway.send("GET", "/app.js", fields).status == status)
            }
            let twice = ["Range: bytes=0-1", "Range: bytes=2-3"]
            #expect(try await gateway.send("GET", "/app.js", twice).status == 200)
        }
    }

    @Test("1: a large file comes whole, on a connection that goes on")
    func large() async throws {
        try await Self.serve { (gateway, folder) async throws in
            let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            try Data(bytes).write(to: folder.appending(path: "large.bin"))
            let client = try await gateway.connect()
            // Three requests at once: the answers come one after the other.
            let request = "GET /large.bin HTTP/1.1\r\nHost: a\r\n"
            try await client.send(
                "\(request)\r\n\(request)Range: bytes=1000-2000999\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            let whole = try await client.response()
            #expect(whole.content == bytes)
            #expect(whole["content-type"] == "application/octet-stream")
            #expect(try await client.response().content == Array(bytes[1000..<2_001_000]))
            #expect(try await client.response().body == "ok")
            await client.close()
        }
    }

    @Test("1: a client that leaves in the middle leaves nothing behind, and one with content is answered")
    func clientGone() async throws {
        try await Self.serve { (gateway, folder) async throws in
            try Data(count: 40_000_000).write(to: folder.appending(path: "huge.bin"))
            for _ in 0..<8 {
                let client = try await gateway.connect()
                try await client.send("GET /huge.bin HTTP/1.1\r\nHost: a\r\n\r\n")
                await client.close()
            }
            let client = try await gateway.connect()
            try await client.send("GET /app.js HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd")
            #expect(try await client.response().body == "0123456789")
            try await client.send("GET /inside.js HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().body == "0123456789")
            await client.close()
            #expect(await gateway.drain())
        }
    }

    @Test("1: a folder that is not there ends the start")
    func noFolder() async throws {
        for path in ["/no/such/folder", "/etc/hostname"] {
            var configuration = ProxyConfiguration()
            configuration.staticDirectory = path
            #expect(throws: ProxyError.self) {
                try ProxyServer.check(ProxyOptions(manifestPath: "/dev/null", configuration: configuration))
            }
        }
    }
}
