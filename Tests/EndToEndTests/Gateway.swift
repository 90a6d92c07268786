// `samovar start-api` while a test talks to it.

import Foundation
import Subprocess
import SystemPackage
import Testing

/// A running `samovar start-api` that is ready for requests.
struct Gateway: Sendable {
    /// Where it listens, on loopback.
    let port: Int
    let process: pid_t
    /// What it has said on standard error.
    let log: LineLog

    /// Runs `samovar start-api` on a free port while `body` runs, and ends it then.
    ///
    /// - Returns: how it ended.
    @discardableResult
    static func run(
        in folder: ExampleCopy,
        _ arguments: [String] = ["--env-vars", "env.json"],
        _ body: @escaping @Sendable (Gateway) async throws -> Void
    ) async throws -> TerminationStatus {
        let arguments = ["start-api", "--port", "0"] + arguments
        return try await Program.observe(.path(Program.path("samovar")), arguments, in: folder.path) { process, log in
            _ = try await log.line(containing: "Press CTRL+C to quit")
            let mount = try await log.line(containing: "Mounting ")
            let port = try #require(mount.firstMatch(of: #/http://127\.0\.0\.1:(\d+)//#)?.1)
            try await body(Gateway(port: #require(Int(port)), process: process, log: log))
        }
    }

    /// One request on a connection of its own.
    func request(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: String = ""
    ) async throws -> HTTPAnswer {
        let connection = try await HTTPConnection(port: port)
        return try await connection.request(method, path, headers: headers, body: body)
    }

    /// Asks for a path until the answer is as wanted; the time limit of the test bounds it.
    func poll(
        _ path: String,
        on connection: HTTPConnection? = nil,
        until isWanted: (HTTPAnswer) -> Bool
    ) async throws -> HTTPAnswer {
        while true {
            let answer: HTTPAnswer
            if let connection {
                answer = try await connection.request("GET", path)
            } else {
                answer = try await request("GET", path)
            }
            if isWanted(answer) { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}

/// Lines as they come, and whoever waits for one of them.
actor LineLog {
    private var lines: [String] = []
    private var isFinished = false
    private var changes: [CheckedContinuation<Void, Never>] = []

    /// Everything so far.
    var text: String { lines.joined(separator: "\n") }

    func append(_ line: String) {
        lines.append(line)
        wake()
    }

    func finish() {
        isFinished = true
        wake()
    }

    /// The first line that contains a text, as soon as there is one.
    ///
    /// - Throws: `MissingLine` when no more can come.
    func line(containing text: String) async throws -> String {
        while true {
            if let line = lines.first(where: { $0.contains(text) }) { return line }
            if isFinished { throw MissingLine(text: text, lines: lines) }
            await withCheckedContinuation { changes.append($0) }
        }
    }

    /// Returns when no more can come.
    func waitForEnd() async {
        while !isFinished { await withCheckedContinuation { changes.append($0) } }
    }

    private func wake() {
        let waiting = changes
        changes = []
        for change in waiting { change.resume() }
    }
}

/// A program ended before it said what a test waits for.
struct MissingLine: Error {
    let text: String
    let lines: [String]
}
