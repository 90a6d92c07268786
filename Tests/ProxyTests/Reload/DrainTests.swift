// How the gateway ends: what is under way finishes, the rest goes.

import Foundation
import Testing

@testable import Proxy

@Suite("Draining")
struct DrainTests {
    @Test("A request that is under way finishes, and everything else is closed")
    func finishes() async throws {
        try await ServedFolder.serve(configure: { $0.timeouts.grace = 30_000 }) { served async throws in
            let idle = try await served.connect()
            try await idle.send(FaultGateway.get("/none"))
            _ = try await idle.receive(until: "}")
            let fresh = try await served.connect()
            let busy = try await served.connect()
            try await busy.send(FaultGateway.get("/v1") + FaultGateway.get("/v1/next"))
            let connection = try await served.endpoint.accept()
            _ = try await connection.receiveHead()
            #expect(try await served.admin("/readyz").status == 200)

            let drained = served.beginDrain()
            #expect(try await idle.receiveToEnd() == "")
            #expect(try await fresh.receiveToEnd() == "")
            await #expect(throws: (any Error).self) { try await served.connect() }
            let readiness = try await served.admin("/readyz")
            #expect(readiness.status == 503)
            #expect(readiness.body == "draining\n")
            #expect(try await served.admin("/healthz").status == 200)

            try await connection.send(FaultGateway.ok("finished"))
            let response = try await busy.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(response.contains("\r\nConnection: close\r\n"))
            // What was pipelined behind it is not answered, and the client can tell.
            #expect(response.hasSuffix("\r\n\r\nfinished"))
            try await connection.receiveToEnd()
            #expect(await drained.value)
        }
    }

    @Test("Who asks twice waits for the same end")
    func twice() async throws {
        try await ServedFolder.serve { served async throws in
            let first = served.beginDrain()
            let second = served.beginDrain()
            #expect(await first.value)
            #expect(await second.value)
        }
    }

    @Test("A head that has begun to come is waited for")
    func halfHead() async throws {
        try await ServedFolder.serve(configure: { $0.timeouts.grace = 30_000 }) { served async throws in
            let client = try await served.connect()
            try await client.send("GET /none HTTP/1.1\r\n")
            let idle = try await served.connect()
            try await served.wait(for: "gateway_connections", toBe: 2)
            let drained = served.beginDrain()
            try await idle.receiveToEnd()
            try await client.send("Host: a\r\n\r\n")
            let response = try await client.receiveToEnd()
            #expect(response.hasPrefix("HTTP/1.1 404 "))
            #expect(response.contains("\r\nConnection: close\r\n"))
            #expect(await drained.value)
        }
    }

    @Test("When the grace period is over, so is everything")
    func graceIsOver() async throws {
        try await ServedFolder.serve(configure: { $0.timeouts.grace = 100 }) { served async throws in
            let client = try await served.connect()
            try await client.send(FaultGateway.get("/v1"))
            let connection = try await served.endpoint.accept()
            _ = try await connection.receiveHead()
            #expect(!(await served.beginDrain().value))
            #expect(try await client.receiveToEnd() == "")
            try await connection.receiveToEnd()
        }
    }

    @Test("Without clients it ends at once")
    func alone() async throws {
        try await ServedFolder.serve(configure: { $0.timeouts.grace = 0 }) { served async throws in
            #expect(await served.beginDrain().value)
        }
    }

    /// The program itself: signals, the lines that others wait for, and its exit status.
    @Test("The program reloads on SIGHUP, and ends with 0 on SIGTERM", arguments: [SIGTERM, SIGINT])
    func program(_ signal: Int32) async throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: own).deletingLastPathComponent().appending(path: "samovar-proxy")
        let file = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString).json")
        try ServedFolder.manifest(1, port: 9).write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }

        let process = Process()
        process.executableURL = program
        process.arguments = [file.path(), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]
        let pipe = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        try process.run()
        defer { process.terminate() }
        var lines = ""
        while !lines.contains("Listening on ") {
            let piece = pipe.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw TestFailure("the program has ended: \(lines)") }
            lines += String(decoding: piece, as: UTF8.self)
        }
        let admin = try #require(lines.firstMatch(of: /Admin port on http:\/\/127\.0\.0\.1:(\d+)/))
        let port = try #require(Int(admin.1))

        kill(process.processIdentifier, SIGHUP)
        var reloads = 0.0
        for _ in 0..<1000 where reloads < 2 {
            let client = try await TestClient.connect(port: port)
            try await client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let page = try Exposition(parsing: try await client.response().body)
            reloads = page.samples.first { $0.name == "gateway_reloads_total" }?.value ?? 0
            await client.close()
        }
        #expect(reloads == 2)
        kill(process.processIdentifier, signal)
        while process.isRunning { try await Task.sleep(nanoseconds: 5_000_000) }
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }
}
