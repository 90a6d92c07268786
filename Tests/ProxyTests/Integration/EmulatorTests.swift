// Functions in the Runtime Interface Emulator.

import Manifest
import NIOConcurrencyHelpers
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

@Suite("Functions in the Runtime Interface Emulator")
struct EmulatorTests {
    private static let apis = """
        {"A":\(TestGateway.api(.rest, ["GET /r/{n}"])),"B":\(TestGateway.api(.http, ["GET /h/{n}"]))}
        """

    @Test("8.4: a name with several addresses, of which one answers, keeps no turn")
    func severalAddresses() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["GET /a"]))}"#,
            configure: {
                let port = $0.defaultEndpoint.port
                $0.defaultEndpoint = Endpoint(wire: .rie, host: "localhost", port: port)
            }
        ) { gateway async throws in
            for _ in 0..<5 { #expect(try await gateway.send("GET", "/a").status == 200) }
        }
    }

    @Test("8.4: there is one path, whatever the function's name, and no query")
    func path() async throws {
        try await TestGateway.serve(Self.apis, wire: .rie) { gateway async throws in
            let response = try await gateway.send("GET", "/r/1?x=1")
            #expect(response.status == 200)
            #expect(response.body == "ok")
            #expect(
                gateway.endpoint.requests.first?.requestLine
                    == "POST /2015-03-31/functions/function/invocations HTTP/1.1"
            )
        }
    }

    @Test(
        "8.1, 8.4: errors and timeouts are told from results by their text",
        arguments: [
            (200, #"{"statusCode":200,"body":"ok"}"#, 200, 200),
            (200, #"{"errorMessage":"m","errorType":"E"}"#, 502, 500),
            (200, #"{"stackTrace":[],"errorMessage":"m"}"#, 502, 500),
            (200, #"{"errorMessage":"m","errorType":"E","statusCode":200}"#, 502, 200),
            (200, #"{"errorMessage":"m"}"#, 502, 200), (200, "Task timed out after 3.00 seconds", 504, 503),
            (400, "busy", 500, 503), (404, "no", 500, 500), (500, "no", 502, 500),
        ]
    )
    func outcomes(status: Int, content: String, rest: Int, http: Int) async throws {
        try await TestGateway.serve(
            Self.apis,
            wire: .rie,
            script: { _ in .response(status, Array(content.utf8)) }
        ) { gateway async throws in
            #expect(try await gateway.send("GET", "/r/1").status == rest)
            #expect(try await gateway.send("GET", "/h/1").status == http)
        }
    }

    @Test("8.4: of the Lambda Invoke API nothing is guessed")
    func invokeAPI() async throws {
        try await TestGateway.serve(
            Self.apis,
            script: { _ in .result(#"{"errorMessage":"m","errorType":"E"}"#) }
        ) { gateway async throws in #expect(try await gateway.send("GET", "/h/1").status == 200) }
    }

    @Test("8.4: it gets one request at a time, over all event loops, in the order of arrival")
    func serial() async throws {
        let running = NIOLockedValueBox((now: 0, most: 0))
        try await TestGateway.serve(
            Self.apis,
            wire: .rie,
            configure: { $0.eventLoops = 4 },
            script: { _ in
                running.withLockedValue { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                defer { running.withLockedValue { $0.now -= 1 } }
                return .result(#"{"statusCode":200}"#)
            }
        ) { gateway async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<40 { group.addTask { try await gateway.send("GET", "/r/\(number)").status } }
                for try await status in group { #expect(status == 200) }
            }
            #expect(gateway.endpoint.requests.count == 40)
            #expect(Set(gateway.endpoint.requests.map(\.connection)).count == 40)
        }
    }

    @Test("8.4: a request that waits for its turn waits no longer than its integration may take, and leaves no trace")
    func waiting() async throws {
        let apis = """
            {"A":\(TestGateway.api(.rest, ["GET /r/{n}"], route: #","timeoutMilliseconds":100"#)),
            "B":\(TestGateway.api(.rest, ["GET /slow", "GET /other"]))}
            """
        try await TestGateway.serve(
            apis,
            wire: .rie,
            script: { $0.text.contains("/slow") ? .silence : .result(#"{"statusCode":200}"#) }
        ) { gateway async throws in
            let client = try await gateway.connect()
            try await client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try await gateway.endpoint.wait { $0.count == 1 }
            for _ in 0..<3 { #expect(try await gateway.send("GET", "/r/1").status == 504) }
            #expect(gateway.endpoint.requests.count == 1)
            // Its client is gone, and so is its turn.
            try await client.reset()
            try await gateway.endpoint.waitForClose(ofConnection: 0)
            #expect(try await gateway.send("GET", "/other").status == 200)
            #expect(gateway.endpoint.requests.count == 2)
        }
    }

    @Test("8.4: who comes to the gate is let through one by one, and who is too many is turned away")
    func gate() {
        let gate = SerialGate()
        let loop = EmbeddedEventLoop()
        let turns = NIOLockedValueBox<[Int]>([])
        func enter(_ number: Int) -> Bool { gate.enter(on: loop) { turns.withLockedValue { $0.append(number) } } }
        for number in 0...SerialGate.waitingLimit { #expect(enter(number)) }
        #expect(!enter(1000))
        loop.run()
        for number in 0...SerialGate.waitingLimit {
            #expect(turns.withLockedValue { $0 } == Array(0...number))
            gate.leave()
            loop.run()
        }
        #expect(enter(2000))
        loop.run()
        #expect(turns.withLockedValue { $0.last } == 2000)
    }

    @Test("8.4: an endpoint that is not there does not keep its turn")
    func notThere() async throws {
        let port = try TestEndpoint.closedPort()
        try await TestGateway.serve(
            Self.apis,
            configure: { $0.defaultEndpoint = Endpoint(wire: .rie, host: "127.0.0.1", port: port) }
        ) { gateway async throws in
            for _ in 0..<3 { #expect(try await gateway.send("GET", "/r/1").status == 502) }
        }
    }
}
