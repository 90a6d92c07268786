// Ids of requests in their spellings.

import Testing

@testable import Proxy

@Suite("Ids of requests")
struct RequestIDTests {
    private static func uuid(_ id: RequestID) -> String { id.withUUID { String(decoding: $0, as: UTF8.self) } }

    @Test("A UUID is read and written as it was")
    func roundTrip() throws {
        for text in ["c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "00000000-0000-0000-0000-000000000000"] {
            let id = try #require(RequestID(uuid: text))
            #expect(Self.uuid(id) == text)
        }
        let upper = try #require(RequestID(uuid: "C6AF9AC6-7B61-11E6-9A41-93E8DEADBEEF"))
        #expect(Self.uuid(upper) == "c6af9ac6-7b61-11e6-9a41-93e8deadbeef")
    }

    @Test(
        "What is no UUID is nil",
        arguments: [
            "", "c6af9ac6", "c6af9ac67-b61-11e6-9a41-93e8deadbeef", "c6af9ac6-7b61-11e6-9a41-93e8deadbeeg",
            "c6af9ac6-7b61-11e6-9a41-93e8deadbee", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef0",
        ]
    )
    func malformed(text: String) { #expect(RequestID(uuid: text) == nil) }

    @Test("New ids differ, and are UUIDs of version 4")
    func random() {
        var generator = FastRandom()
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let id = RequestID(using: &generator)
            let text = Self.uuid(id)
            #expect(Array(text)[14] == "4")
            #expect("89ab".contains(Array(text)[19]))
            seen.insert(text)
            seen.insert(id.withExtendedID { String(decoding: $0, as: UTF8.self) })
        }
        #expect(seen.count == 2000)
    }

    @Test("The root of a trace has the time in eight and the id in 24 hexadecimal digits")
    func trace() throws {
        let id = try #require(RequestID(uuid: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"))
        let writer = ByteWriter()
        id.writeTraceRoot(seconds: 0x5759_E988, to: writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "1-5759e988-7b6111e69a4193e8deadbeef")
        writer.reset()
        id.writeTraceRoot(seconds: 1, to: writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "1-00000001-7b6111e69a4193e8deadbeef")
    }
}

extension RequestID {
    fileprivate init?(uuid text: String) {
        let id = Array(text.utf8).withUnsafeBytes { RequestID(uuid: $0) }
        guard let id else { return nil }
        self = id
    }
}
