// How log lines are spelled: Lambda's words, columns for people, objects for machines.

import Foundation
import JSON
import Logging
import NIOCore
import Operations
import Testing

@testable import Host

@Suite("Log formats")
struct LogFormatTests {
    private static let id = "4f3c9a1e-0000-4000-8000-000000000000"

    private static func event(_ content: FunctionLogEvent.Content, requestID: String? = id) -> FunctionLogEvent {
        FunctionLogEvent(
            time: Timestamp(milliseconds: 1_700_000_000_042),
            function: "Orders",
            requestID: requestID,
            content: content
        )
    }

    private static let report = InvocationReport(
        duration: MillisecondCount(nanoseconds: 1_230_000),
        initDuration: MillisecondCount(nanoseconds: 85_200_000),
        memoryMegabytes: 128,
        usedMegabytes: 38,
        status: .success
    )

    private static func failure(_ status: ReportStatus, used: Int?) -> InvocationReport {
        InvocationReport(
            duration: MillisecondCount(nanoseconds: 3_000_004_999),
            initDuration: nil,
            memoryMegabytes: 512,
            usedMegabytes: used,
            status: status
        )
    }

    @Test("Lambda's lines")
    func lines() {
        let lines = [
            Self.event(.initStart(runtime: "python3.12"), requestID: nil), Self.event(.start), Self.event(.end),
            Self.event(.report(Self.report)), Self.event(.report(Self.failure(.timeout, used: 38))),
            Self.event(.report(Self.failure(.error(type: "Runtime.ExitError"), used: nil))),
            Self.event(.report(Self.failure(.functionError, used: 1))),
            Self.event(
                .initReport(
                    InitReport(duration: MillisecondCount(nanoseconds: 9_999_790_000), status: .timeout)
                ),
                requestID: nil
            ),
        ].map(\.line)
        #expect(
            lines == [
                "INIT_START Runtime Version: python3.12", "START RequestId: \(Self.id) Version: $LATEST",
                "END RequestId: \(Self.id)",
                "REPORT RequestId: \(Self.id)\tDuration: 1.23 ms\tBilled Duration: 87 ms\tMemory Size: 128 MB"
                    + "\tMax Memory Used: 38 MB\tInit Duration: 85.20 ms",
                "REPORT RequestId: \(Self.id)\tDuration: 3000.00 ms\tBilled Duration: 3001 ms\tMemory Size: 512 MB"
                    + "\tMax Memory Used: 38 MB\tStatus: timeout",
                "REPORT RequestId: \(Self.id)\tDuration: 3000.00 ms\tBilled Duration: 3001 ms\tMemory Size: 512 MB"
                    + "\tStatus: error\tError Type: Runtime.ExitError",
                "REPORT RequestId: \(Self.id)\tDuration: 3000.00 ms\tBilled Duration: 3001 ms\tMemory Size: 512 MB"
                    + "\tMax Memory Used: 1 MB", "INIT_REPORT Init Duration: 9999.79 ms\tPhase: init\tStatus: timeout",
            ]
        )
    }

    @Test("Columns for people")
    func text() {
        let plain = TextLogFormat(isColored: false)
        #expect(
            plain.line(Self.event(.output(.standardError, "a\tb")), nameWidth: 10)
                == "2023-11-14T22:13:20.042Z Orders     4f3c9a1e stderr  a\tb"
        )
        #expect(
            plain.line(Self.event(.initStart(runtime: "provided"), requestID: nil), nameWidth: 1)
                == "2023-11-14T22:13:20.042Z Orders -        lambda  INIT_START Runtime Version: provided"
        )
        let colored = TextLogFormat(isColored: true)
        let color = TextLogFormat.color(of: "Orders")
        #expect(
            colored.line(Self.event(.end), nameWidth: 6)
                == "\u{1B}[2m2023-11-14T22:13:20.042Z\u{1B}[0m \u{1B}[\(color)mOrders\u{1B}[0m "
                + "\u{1B}[2m4f3c9a1e lambda  END RequestId: \(Self.id)\u{1B}[0m"
        )
        #expect(colored.line(Self.event(.fault("x")), nameWidth: 6).hasSuffix("\u{1B}[31m4f3c9a1e lambda  x\u{1B}[0m"))
        // The same colour in every run, and not the same one for everybody.
        #expect(Set((0..<40).map { TextLogFormat.color(of: "F\($0)") }).count > 4)
        #expect(TextLogFormat.color(of: "Orders") == "34")
    }

    @Test(
        "What a function prints does not command a terminal",
        arguments: [
            ("plain ä 🫖\t", "plain ä 🫖\t", "plain ä 🫖\t"),
            ("\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[1;31mred\u{1B}[0m\u{1B}[0m", "red"),
            ("\u{1B}[38:5:9mx", "\u{1B}[38:5:9mx\u{1B}[0m", "x"),
            ("\u{1B}[2Jx", "\u{FFFD}[2Jx", "\u{FFFD}[2Jx"), ("\u{1B}]0;title\u{7}", "\u{FFFD}]0;title\u{FFFD}", nil),
            ("\u{9B}31m", "\u{FFFD}31m", nil), ("a\rb\u{8}\u{7F}\0", "a\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}", nil),
            ("a\u{2028}b", "a\u{FFFD}b", nil), ("\u{1B}", "\u{FFFD}", nil), ("\u{1B}[", "\u{FFFD}[", nil),
            ("\u{1B}[3", "\u{FFFD}[3", nil),
            (
                "\u{1B}[" + String(repeating: "1", count: 99) + "m",
                "\u{FFFD}[" + String(repeating: "1", count: 99) + "m", nil
            ),
        ]
    )
    func harmless(text: String, colored: String, plain: String?) {
        #expect(TerminalText.harmless(text, keepsColors: true) == colored)
        #expect(TerminalText.harmless(text, keepsColors: false) == plain ?? colored)
    }

    @Test("Objects for machines")
    func json() throws {
        let head = #"{"time":"2023-11-14T22:13:20.042Z","level":"info","type":"#
        let who = #","function":"Orders","requestId":"\#(Self.id)""#
        let cases: [(FunctionLogEvent, String)] = [
            (Self.event(.start), #""platform.start"\#(who),"record":{"requestId":"\#(Self.id)","version":"$LATEST"}}"#),
            (Self.event(.end), #""platform.end"\#(who),"record":{"requestId":"\#(Self.id)"}}"#),
            (
                Self.event(.report(Self.report)),
                #""platform.report"\#(who),"record":{"requestId":"\#(Self.id)","metrics":{"durationMs":1.23,"#
                    + #""billedDurationMs":87,"memorySizeMB":128,"maxMemoryUsedMB":38,"initDurationMs":85.20},"#
                    + #""status":"success"}}"#
            ),
            (
                Self.event(.initStart(runtime: "nodejs22.x"), requestID: nil),
                #""platform.initStart","function":"Orders","record":{"initializationType":"on-demand","phase":"init","#
                    + #""runtimeVersion":"nodejs22.x","functionVersion":"$LATEST"}}"#
            ),
            (
                Self.event(.output(.standardOutput, #"{"a": "b"}"#)),
                #""function"\#(who),"stream":"stdout","message":"{\"a\": \"b\"}"}"#
            ),
        ]
        for (event, expected) in cases { #expect(JSONLogFormat.line(event) == head + expected) }
        let failure = JSONLogFormat.line(Self.event(.report(Self.failure(.error(type: "A\"b"), used: nil))))
        let value = try JSONParser.parse(failure)
        #expect(value["level"]?.string == "error")
        #expect(value["record"]?["status"]?.string == "error")
        #expect(value["record"]?["errorType"]?.string == "A\"b")
    }

    @Test("Objects hold whatever is printed, in one line that no terminal obeys")
    func hostileJSON() throws {
        var generator = SystemRandomNumberGenerator()
        let samples = (0..<300).map { _ in
            String(decoding: (0..<Int.random(in: 0...40)).map { _ in UInt8.random(in: 0...255) }, as: UTF8.self)
        }
        let all = samples + [String(String.UnicodeScalarView((0...0x10FF).compactMap(Unicode.Scalar.init(_:))))]
        for text in all.shuffled(using: &generator) {
            let line = JSONLogFormat.line(Self.event(.output(.standardError, text)))
            #expect(!line.unicodeScalars.contains(where: LogText.isControl))
            let message = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            )["message"]
            #expect(message.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test(
        "Whether there is colour",
        arguments: [
            ([:], true, true), ([:], false, false), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
            (["CLICOLOR_FORCE": "1"], false, true), (["CLICOLOR_FORCE": "0"], false, false),
            (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], true, false), (["TERM": "dumb"], true, false),
            (["CLICOLOR": "0"], true, false),
        ]
    )
    func color(environment: [String: String], isTerminal: Bool, isColored: Bool) {
        #expect(HostLog.isColored(environment: environment, isTerminal: isTerminal) == isColored)
    }

    @Test("The host's own lines stand among those of functions", arguments: HostLog.Format.allCases)
    func hostLines(format: HostLog.Format) async throws {
        try await HostFixture.withDirectory { directory in
            let path = "\(directory)/log"
            let log = try HostLog(format: format, level: .info, isColored: false, destination: .file(path))
            let logger = log.logger()
            logger.debug("never seen")
            logger.warning("code is not watched", metadata: ["reason": "a \"b\"\n", "x": "1"])
            logger.info("code changed", metadata: ["function": "Orders"])
            log.write(Self.event(.output(.standardOutput, "hello")))
            log.flush()
            let time = try Regex(#"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#)
            let lines = try String(contentsOfFile: path, encoding: .utf8).replacing(time, with: "TIME")
            let expected =
                switch format {
                case .text:
                    """
                    TIME samovar-host -        warning code is not watched reason="a \\"b\\"\\u{a}" x=1
                    TIME Orders       -        info    code changed
                    TIME Orders       4f3c9a1e stdout  hello

                    """
                case .json:
                    """
                    {"time":"TIME","level":"warning","type":"host","message":"code is not watched",\
                    "metadata":{"reason":"a \\"b\\"\\n","x":"1"}}
                    {"time":"TIME","level":"info","type":"host","function":"Orders","message":"code changed"}
                    {"time":"TIME","level":"info","type":"function","function":"Orders","requestId":"\(Self.id)",\
                    "stream":"stdout","message":"hello"}

                    """
                }
            #expect(lines == expected)
        }
    }

    @Test("Lines that nobody reads are dropped, counted, and said once somebody reads again")
    func dropped() async throws {
        try await HostFixture.withDirectory { directory in
            let path = "\(directory)/pipe"
            #expect(mkfifo(path, 0o600) == 0)
            let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            let log = try HostLog(format: .text, level: .info, isColored: false, destination: .file(path))
            let text = String(repeating: "x", count: 1000)
            let count = 4000
            for _ in 0..<count { log.write(Self.event(.output(.standardOutput, text))) }
            // More than the pipe and the queue hold; what was written without anybody reading did not wait.
            let dropped = log.droppedLines
            #expect(dropped > 1000 && dropped < count)
            let notice = #/ lines=(\d+)\n/#
            var seen = ""
            var buffer = [UInt8](repeating: 0, count: 65536)
            let isSaid = try await eventually {
                let size = read(reader, &buffer, buffer.count)
                guard size <= 0 else {
                    seen += String(decoding: buffer[..<size], as: UTF8.self)
                    return false
                }
                // Once or, where the queue was full before and after a part of it was written, in parts.
                return seen.matches(of: notice).compactMap { Int($0.1) }.reduce(0, +) == dropped
            }
            #expect(isSaid)
            #expect(seen.split(separator: "\n").count { !$0.contains(" lines=") } == count - dropped)
            close(reader)
        }
    }

    @Test("Lines are cut at their ends and at 16 KiB")
    func cutter() {
        var cutter = LineCutter()
        var lines: [String] = []
        for piece in ["a", "b\nc\r\n\n", String(repeating: "x", count: 40_000), "\nlast"] {
            cutter.take(ByteBuffer(string: piece)) { lines.append($0) }
        }
        #expect(lines.map(\.utf8.count) == [2, 1, 0, 16384, 16384, 7232])
        cutter.flush { lines.append($0) }
        #expect(lines.last == "last")
        cutter.flush { lines.append($0) }
        #expect(lines.count == 7)
        cutter.take(ByteBuffer(bytes: [0xFF, 0xC3, 0x0A])) { lines.append($0) }
        #expect(lines.last == "\u{FFFD}\u{FFFD}")
    }

    @Test("The tail is the last 4096 bytes")
    func tail() throws {
        for count in [0, 1, 2, 3, 1023, 1024, 5000, 100_000] {
            var tail = LogTail()
            for number in 0..<count { tail.append(String(number % 1000)) }
            let all = (0..<count).map { "\($0 % 1000)\n" }.joined()
            let decoded = try #require(Data(base64Encoded: tail.base64))
            #expect(decoded == Data(all.utf8.suffix(4096)))
        }
    }

    @Test("The memory of a process is in its status")
    func memory() throws {
        #expect(
            MemoryPeak.peak(in: "Name:\tVmHWM: 7\nVmPeak:\t   9 kB\nVmHWM:\t  8124 kB\nVmRSS:\t 1 kB\n") == 8124 << 10
        )
        #expect(MemoryPeak.peak(in: "Name:\tVmHWM: 7\n") == nil)
        #expect(try #require(MemoryPeak(process: getpid(), controlGroupFile: nil).peakMemory()) > 1 << 20)
        let file = FileManager.default.temporaryDirectory.appending(path: "samovar-peak-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("999999999999\n".utf8).write(to: file)
        #expect(MemoryPeak(process: getpid(), controlGroupFile: file.path).peakMemory() == 999_999_999_999)
        try Data("1\n".utf8).write(to: file)
        #expect(try #require(MemoryPeak(process: getpid(), controlGroupFile: file.path).peakMemory()) > 1 << 20)
    }

    @Test("A pipe that floods is read ever more slowly, one that rests at once")
    func pace() {
        var pace = ReadingPace()
        let start = NIODeadline.now()
        #expect(pace.pause(at: start) == nil)
        let chunk = ByteBuffer(repeating: UInt8(ascii: "\n"), count: ReadingPace.chunk)
        pace.note(chunk)
        let short = pace.pause(at: start)
        pace.note(chunk)
        let long = pace.pause(at: start)
        #expect(short != nil)
        #expect((long ?? .zero) > (short ?? .zero))
        #expect(pace.pause(at: start + (long ?? .zero)) == nil)
    }
}
