// Code that is saved again and again while requests run.

import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import Host

@Suite(.serialized) struct EditStormTests {
    /// The whole storm with `SAMOVAR_FULL_STORM=1`: 200 saves in 10 seconds beside 50 requests a second.
    private static let isFull = ProcessInfo.processInfo.environment["SAMOVAR_FULL_STORM"] != nil
    private static let saves = isFull ? 200 : 40
    private static let interval = Duration.milliseconds(50)
    private static let requestInterval = Duration.milliseconds(20)

    private static func code(_ version: Int) -> String {
        "import os\ndef handler(event, context): return {'version': \(version), 'id': event['id']}\n"
    }

    /// Whether a file is replaced, as most editors do, or written in place.
    @Test(arguments: [true, false])
    func noRequestIsLost(atomically: Bool) async throws {
        let functions = """
            "F": {"runtime": "python3.12", "handler": "app.handler", "code": "f", "timeoutSeconds": 10},
            "Other": {"runtime": "python3.12", "handler": "app.handler", "code": "other", "timeoutSeconds": 10}
            """
        let files = [
            "f/app.py": Self.code(0), "other/app.py": "import os\ndef handler(e, c): return {'pid': os.getpid()}",
        ]
        try await HostFixture.withHost(functions, files: files, maximumProcesses: nil, maximumQueue: nil) { fixture in
            let other = try await fixture.invoke("Other").number("pid")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for version in 1...Self.saves {
                        try fixture.write(Self.code(version), to: "f/app.py", atomically: atomically)
                        try await Task.sleep(for: Self.interval)
                    }
                }
                for id in 0..<Int(Self.interval * Self.saves / Self.requestInterval) {
                    group.addTask {
                        let answer = try await fixture.invoke("F", #"{"id": \#(id)}"#)
                        #expect(answer.status == .ok)
                        #expect(answer.functionError == nil, "\(answer.body)")
                        #expect(answer.number("id") == Int64(id))
                    }
                    try await Task.sleep(for: Self.requestInterval)
                }
                try await group.waitForAll()
            }
            let isNewest = try await eventually {
                try await fixture.invoke("F", #"{"id": 0}"#).number("version") == Int64(Self.saves)
            }
            #expect(isNewest)
            #expect(try await fixture.invoke("Other").number("pid") == other)
        }
    }
}
