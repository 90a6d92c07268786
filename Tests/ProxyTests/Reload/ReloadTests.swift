// New manifests while the gateway serves, however they come, and files that are none.

import Foundation
import Testing

@testable import Proxy

@Suite("Reloading")
struct ReloadTests {
    // MARK: Ways of replacing

    @Test("A file that is renamed over the manifest")
    func rename() async throws {
        try await ServedFolder.serve { served async throws in
            try await served.exchange("/v1")
            try served.replace(with: served.manifest(2))
            try await served.waitForVersion(2)
            try await served.exchange("/v2")
            #expect(try await served.status("/v1") == 404)
            #expect(try await served.metric("gateway_reload_success") == 1)
            #expect(try await served.metric("gateway_reloads_total") == 2)
        }
    }

    @Test("A manifest that is written in place, piece by piece")
    func inPlace() async throws {
        try await ServedFolder.serve { served async throws in
            let file = try #require(FileHandle(forWritingAtPath: served.path))
            try file.truncate(atOffset: 0)
            let text = Array(served.manifest(2).utf8)
            for start in stride(from: 0, to: text.count, by: 100) {
                try file.write(contentsOf: text[start..<min(start + 100, text.count)])
                try await Task.sleep(nanoseconds: 1_000_000)
            }
            try file.close()
            try await served.waitForVersion(2)
            try await served.exchange("/v2")
        }
    }

    @Test("Symbolic links that point elsewhere, as a mounted ConfigMap's do")
    func symbolicLinks() async throws {
        func link(_ folder: String, _ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
        }
        func make(_ folder: String, _ name: String, _ manifest: String) throws {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
            try manifest.write(toFile: "\(folder)/\(name)/routes.json", atomically: false, encoding: .utf8)
        }
        try await ServedFolder.serve(
            prepare: { folder, manifest in
                try make(folder, "..2026_1", manifest)
                try link(folder, "..data", to: "..2026_1")
                try link(folder, ServedFolder.name, to: "..data/routes.json")
            },
            { served async throws in
                for version in 2...3 {
                    try make(served.folder, "..2026_\(version)", served.manifest(version))
                    try link(served.folder, "..data_tmp", to: "..2026_\(version)")
                    try served.move("..data_tmp", to: "..data")
                    try FileManager.default.removeItem(atPath: "\(served.folder)/..2026_\(version - 1)")
                    try await served.waitForVersion(version)
                    try await served.exchange("/v\(version)")
                }
            }
        )
    }

    @Test("A signal reads the manifest, changed or not")
    func signal() async throws {
        try await ServedFolder.serve { served async throws in
            await served.server.reload()
            #expect(try await served.metric("gateway_reloads_total") == 2)
            try served.replace(with: served.manifest(2))
            await served.server.reload()
            // It serves as soon as the call is back.
            #expect(try await served.status("/v1") == 404)
            try await served.exchange("/v2")
        }
    }

    @Test("Many signals at once end with the newest manifest")
    func manySignals() async throws {
        try await ServedFolder.serve { served async throws in
            for version in 2..<12 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { await served.server.reload() } }
                    try? served.replace(with: served.manifest(version))
                    for _ in 0..<4 { group.addTask { await served.server.reload() } }
                }
                #expect(try await served.admin("/manifest").body.contains("/v\(version)\""))
            }
        }
    }

    // MARK: What is no manifest

    /// Texts that are none, made of a good one.
    static let faults: [(name: String, change: @Sendable (String) -> String)] = [
        ("empty", { _ in "" }),
        ("white space", { _ in " \n" }),
        ("a byte", { String($0.prefix(1)) }),
        ("a quarter", { String($0.prefix($0.count / 4)) }),
        ("half", { String($0.prefix($0.count / 2)) }),
        ("all but the last brace", { String($0.dropLast(1)) }),
        ("more after the end", { $0 + "}" }),
        ("twice", { $0 + $0 }),
        ("null", { _ in "null" }),
        ("a list", { "[\($0)]" }),
        ("a string", { _ in "\"manifest\"" }),
        ("YAML", { _ in "manifest: 1\napis: {}\nfunctions: {}\n" }),
        ("a NUL", { "\u{0}" + $0 }),
        ("a comment", { "// routes\n" + $0 }),
        ("a comma too many", { $0.replacing("}}}}", with: "}}},}") }),
        ("an empty object", { _ in "{}" }),
        ("without functions", { _ in #"{"manifest":1,"apis":{}}"# }),
        ("a newer format", { $0.replacing(#""manifest":1"#, with: #""manifest":2"#) }),
        ("format 0", { $0.replacing(#""manifest":1"#, with: #""manifest":0"#) }),
        ("a format in quotes", { $0.replacing(#""manifest":1"#, with: #""manifest":"1""#) }),
        ("an unknown member", { $0.replacing(#""manifest":1"#, with: #""manifest":1,"extra":1"#) }),
        ("a member twice", { $0.replacing(#""manifest":1"#, with: #""manifest":1,"manifest":1"#) }),
        ("another kind", { $0.replacing(#""http","stage""#, with: #""soap","stage""#) }),
        ("a route to nowhere", { $0.replacing(#""F":{"endpoint""#, with: #""G":{"endpoint""#) }),
        ("an authorizer that is not there", { $0.replacing(#""auth":"none""#, with: #""auth":"X""#) }),
        ("a route without auth", { $0.replacing(#","auth":"none""#, with: "") }),
        ("a method that is none", { $0.replacing("GET /v", with: "FETCH /v") }),
        ("two routes for the same requests", { $0.replacing(#""GET /v1""#, with: #""GET /v1/{other}""#) }),
        ("an endpoint that is no URL", { $0.replacing("http://127", with: "127") }),
        ("nested too deep", { _ in String(repeating: "[", count: 100_000) }),
    ]

    @Test("Faults are refused, and the old manifest keeps serving")
    func refused() async throws {
        try await ServedFolder.serve { served async throws in
            for fault in Self.faults {
                let text = fault.change(served.manifest(1))
                #expect(text != served.manifest(1), "\(fault.name) changes nothing")
                try served.replace(with: text)
                await served.server.reload()
                #expect(try await served.metric("gateway_reload_success") == 0, "\(fault.name)")
                #expect(try await served.admin("/manifest").body.contains("/v1\""), "\(fault.name)")
                #expect(try await served.admin("/readyz").status == 200, "\(fault.name)")
            }
            #expect(try await served.metric("gateway_reload_failures_total") >= Double(Self.faults.count))
            #expect(try await served.metric("gateway_reloads_total") == 1)
            try await served.exchange("/v1")

            try served.replace(with: served.manifest(2))
            try await served.wait(for: "gateway_reload_success", toBe: 1)
            try await served.exchange("/v2")
        }
    }

    @Test(
        "What is no file is refused",
        arguments: ["a folder", "nothing", "a loop of links", "a named pipe", "bytes that are no UTF-8"]
    )
    func notAFile(_ kind: String) async throws {
        try await ServedFolder.serve { served async throws in
            served.clear()
            switch kind {
            case "a folder":
                try FileManager.default.createDirectory(atPath: served.path, withIntermediateDirectories: false)
            case "a loop of links":
                try FileManager.default.createSymbolicLink(atPath: served.path, withDestinationPath: ServedFolder.name)
            case "a named pipe": #expect(mkfifo(served.path, 0o600) == 0)
            case "bytes that are no UTF-8":
                let text = served.manifest(2).replacing("\"F\"", with: "\"\u{FFFD}\"")
                let bytes = Array(text.utf8).split(separator: Array("\u{FFFD}".utf8)).joined(separator: [0xC0, 0x80])
                try Data(bytes).write(to: URL(filePath: served.path))
            default: break
            }
            // Nobody tells the gateway: it sees for itself.
            try await served.wait(for: "gateway_reload_success", toBe: 0)
            try await served.exchange("/v1")
            served.clear()
            try served.write(served.manifest(2))
            try await served.wait(for: "gateway_reload_success", toBe: 1)
            try await served.exchange("/v2")
        }
    }

    @Test("Without a manifest there is no start, and the reason names the file and the place")
    func start() async throws {
        let folder = FileManager.default.temporaryDirectory.path()
        var options = ProxyOptions(manifestPath: "\(folder)/no-such-file-\(UUID().uuidString).json")
        var error = #expect(throws: ProxyError.self) { try ProxyServer.check(options) }
        #expect(error?.description == "\(options.manifestPath): No such file or directory")
        options.manifestPath = folder
        error = #expect(throws: ProxyError.self) { try ProxyServer.check(options) }
        #expect(error?.description == "\(folder): is no regular file")
        let file = "\(folder)/manifest-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        options.manifestPath = file
        try #"{"manifest":7,"apis":[]}"#.write(toFile: file, atomically: true, encoding: .utf8)
        error = #expect(throws: ProxyError.self) { try ProxyServer.check(options) }
        #expect(error?.description.hasPrefix("\(file): at /manifest: the manifest is of format 7") ?? false)
        try #"{"manifest":1,"apis":[],"functions":{}}"#.write(toFile: file, atomically: true, encoding: .utf8)
        error = #expect(throws: ProxyError.self) { try ProxyServer.check(options) }
        #expect(error?.description == "\(file): at /apis: expected an object, found an array")
    }

    // MARK: What goes on

    @Test("Connections survive a reload, and what comes next on them meets the new manifest")
    func keepAlive() async throws {
        try await ServedFolder.serve { served async throws in
            let client = try await served.connect()
            try await client.send(FaultGateway.get("/v1"))
            let connection = try await served.endpoint.accept()
            _ = try await connection.receiveHead()
            try await connection.send(FaultGateway.ok("<one>"))
            _ = try await client.receive(until: "<one>")

            try served.replace(with: served.manifest(2))
            await served.server.reload()
            try await client.send(FaultGateway.get("/v1") + FaultGateway.get("/v2"))
            #expect(try await client.receiveHead().hasPrefix("HTTP/1.1 404 "))
            // The endpoint is the same, and so is the connection to it.
            _ = try await connection.receiveHead()
            try await connection.send(FaultGateway.ok("<two>"))
            _ = try await client.receive(until: "<two>")
            #expect(served.endpoint.count == 1)
        }
    }

    @Test("A request that is under way keeps the manifest and the endpoint that it began with")
    func underWay() async throws {
        try await ServedFolder.serve { served async throws in
            let client = try await served.connect()
            try await client.send(FaultGateway.get("/v1"))
            let connection = try await served.endpoint.accept()
            _ = try await connection.receiveHead()

            let other = try await RawEndpoint.start()
            try served.replace(with: ServedFolder.manifest(2, port: other.port))
            await served.server.reload()
            #expect(try await served.status("/v1") == 404)

            try await connection.send(FaultGateway.ok("<one>"))
            #expect(try await client.receive(until: "<one>").hasPrefix("HTTP/1.1 200 OK\r\n"))
            // Nothing leads to the old endpoint any more.
            try await connection.receiveToEnd()
            try await client.send(FaultGateway.get("/v2"))
            let next = try await other.accept()
            _ = try await next.receiveHead()
            try await next.send(FaultGateway.ok("<two>"))
            _ = try await client.receive(until: "<two>")
            await other.stop()
        }
    }
}
