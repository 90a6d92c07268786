// Signatures of version 4, apart from sockets.

import JSON
import NIOCore
import Testing

@testable import Proxy

@Suite("Signatures of requests")
struct SignatureTests {
    private static let now = WallTime(milliseconds: SignatureVector.time * 1000)
    private static let secret = Array(SignatureVector.secret.utf8)

    private static func head(_ lines: [String]) throws -> RequestHead {
        let text = lines.joined(separator: "\r\n") + "\r\n\r\n"
        return try RequestHead(parsing: ByteBuffer(string: text), limits: MessageLimits())
    }

    /// Everything that is checked of a signature but for whose it is.
    private static func verify(
        _ lines: [String],
        content: String = "",
        region: String = "us-east-1",
        now: WallTime = now
    ) throws {
        let head = try head(lines)
        let signature = try RequestSignature(head)
        let verifier = SignatureVerifier(region: region)
        try verifier.checkScope(signature, now: now)
        #expect(try verifier.verify(signature, of: head, content: ByteBuffer(string: content), secret: secret))
    }

    /// The lines of a vector with one of them changed.
    private static func lines(_ number: Int, replacing old: String, with new: String) throws -> [String] {
        let lines = SignatureVector.all[number].lines
        let changed = lines.map { $0.replacingOnce(old, with: new) }
        try #require(changed != lines, "'\(old)' is not there")
        return changed
    }

    @Test("5.6: what botocore signs is taken", arguments: SignatureVector.all.indices)
    func vectors(number: Int) throws {
        let vector = SignatureVector.all[number]
        #expect(throws: Never.self, "\(vector.name)") { try Self.verify(vector.lines, content: vector.content) }
    }

    @Test(
        "5.6: no other secret, method, path, field or content goes with a signature",
        arguments: SignatureVector.all.indices
    )
    func changes(number: Int) throws {
        let vector = SignatureVector.all[number]
        let head = try Self.head(vector.lines)
        let signature = try RequestSignature(head)
        let verifier = SignatureVerifier(region: "us-east-1")
        func isRefused(_ head: RequestHead, _ content: String, _ secret: [UInt8] = Self.secret) -> Bool {
            do {
                _ = try verifier.verify(signature, of: head, content: ByteBuffer(string: content), secret: secret)
                return false
            } catch {
                if case .mismatch = error { return true }
                return false
            }
        }
        #expect(!isRefused(head, vector.content))
        #expect(isRefused(head, vector.content, Self.secret + [0x20]))
        #expect(isRefused(head, vector.content, []))
        if signature.contentHash != "UNSIGNED-PAYLOAD" { #expect(isRefused(head, vector.content + "x")) }
        var lines = vector.lines
        lines[0] = lines[0].hasPrefix("GET") ? "HEAD" + lines[0].dropFirst(3) : "GET" + lines[0].drop { $0 != " " }
        #expect(isRefused(try Self.head(lines), vector.content))
        lines = vector.lines
        lines[0] = lines[0].replacingOnce(" /", with: " /x")
        #expect(isRefused(try Self.head(lines), vector.content))
        lines = vector.lines
        lines[0] = lines[0].replacingOnce(" HTTP", with: lines[0].contains("?") ? "&x=1 HTTP" : "?x=1 HTTP")
        #expect(isRefused(try Self.head(lines), vector.content))
        lines = vector.lines
        lines[1] = lines[1].replacingOnce("8080", with: "8081")
        #expect(isRefused(try Self.head(lines), vector.content))
    }

    @Test("5.6: the content that was signed by its hash is compared with the hash")
    func contentHash() throws {
        let vector = SignatureVector.all[8]
        let head = try Self.head(vector.lines)
        let signature = try RequestSignature(head)
        #expect(signature.contentHash == "UNSIGNED-PAYLOAD")
        // The hash of another content is signed by the same secret only.
        let forged = try Self.lines(8, replacing: "UNSIGNED-PAYLOAD", with: String(repeating: "0", count: 64))
        #expect(throws: SignatureError.self) { try Self.verify(forged, content: vector.content) }
    }

    @Test("5.6: a signature without a hash of its own needs the content, one with it is checked before")
    func contentIsNeeded() throws {
        let verifier = SignatureVerifier(region: "us-east-1")
        let body = try Self.head(SignatureVector.all[7].lines)
        #expect(try !verifier.verify(try RequestSignature(body), of: body, content: nil, secret: Self.secret))
        let unsigned = try Self.head(SignatureVector.all[8].lines)
        let signature = try RequestSignature(unsigned)
        #expect(try verifier.verify(signature, of: unsigned, content: nil, secret: Self.secret))
        #expect(throws: SignatureError.self) {
            try verifier.verify(signature, of: unsigned, content: nil, secret: [1])
        }
    }

    @Test(
        "5.6: the clocks may be five minutes apart",
        arguments: [
            (0, nil), (300, nil), (-300, nil),
            (
                301,
                "Signature expired: 20261121T150000Z is now earlier than 20261121T150001Z (20261121T150501Z - 5 min.)"
            ),
            (
                -301,
                "Signature not yet current: 20261121T150000Z is still later than 20261121T145959Z "
                    + "(20261121T145459Z + 5 min.)"
            ),
        ] as [(Int, String?)]
    )
    func skew(seconds: Int, message: String?) throws {
        let now = WallTime(milliseconds: Self.now.milliseconds + seconds * 1000)
        guard let message else {
            try Self.verify(SignatureVector.all[0].lines, now: now)
            return
        }
        #expect(throws: SignatureError.expired(message)) { try Self.verify(SignatureVector.all[0].lines, now: now) }
    }

    @Test(
        "5.6: a signed URL holds as long as it says",
        arguments: [(3600, true), (3601, false), (-300, true), (-301, false)]
    )
    func lifetime(seconds: Int, holds: Bool) throws {
        let now = WallTime(milliseconds: Self.now.milliseconds + seconds * 1000)
        let number = try #require(SignatureVector.all.firstIndex { $0.name == "a signed URL" })
        if holds {
            try Self.verify(SignatureVector.all[number].lines, now: now)
        } else {
            #expect(throws: SignatureError.self) { try Self.verify(SignatureVector.all[number].lines, now: now) }
        }
    }

    @Test(
        "5.6: a signature is for a day, a region and this service",
        arguments: [
            ("/20261121/", "/20261120/", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version"),
            ("/us-east-1/", "/eu-west-1/", "Credential should be scoped to a valid region, not 'eu-west-1'."),
            ("/execute-api/", "/lambda/", "Credential should be scoped to correct service: 'execute-api'."),
            (
                "/aws4_request", "/aws4",
                "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'."
            ),
        ]
    )
    func scope(old: String, new: String, message: String) throws {
        let lines = try Self.lines(0, replacing: old, with: new)
        let error = #expect(throws: SignatureError.self) { try Self.verify(lines) }
        guard case .scope(let text)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.hasPrefix(message))
    }

    @Test("5.6: another region is another setting")
    func region() throws {
        #expect(throws: SignatureError.self) { try Self.verify(SignatureVector.all[0].lines, region: "eu-west-1") }
    }

    private static let known = "AWS4-HMAC-SHA256 Credential=A/20261121/us-east-1/execute-api/aws4_request"

    @Test(
        "5.6: what is no signature says what it lacks",
        arguments: [
            ("", "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature'"),
            (
                "Bearer abc",
                "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'."
            ),
            ("AWS4-HMAC-SHA256", "Authorization header requires 'Credential' parameter."),
            ("AWS4-HMAC-SHA256 x", "'x' not a valid key=value pair (missing equal-sign) in Authorization header:"),
            ("AWS4-HMAC-SHA256 Credential=A, Credential=B", "Authorization header has 'Credential' twice."),
            (
                known,
                "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders'"
            ),
            (
                "\(known), SignedHeaders=host, Signature=0",
                "Authorization header requires existence of either a 'X-Amz-Date'"
            ),
            ("AWS4-ECDSA-P256-SHA256 Credential=A", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."),
        ]
    )
    func incomplete(value: String, message: String) throws {
        let head = try Self.head(["GET / HTTP/1.1", "Host: a", "Authorization: \(value)"])
        let error = #expect(throws: SignatureError.self) { try RequestSignature(head) }
        guard case .incomplete(let text)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.hasPrefix(message), "\(text)")
    }

    private static let whole = "\(known), SignedHeaders=host, Signature=00"

    @Test(
        "5.6: malformed signatures are refused",
        arguments: [
            (["Authorization: \(whole)", "Authorization: \(whole)", "X-Amz-Date: 20261121T150000Z"], "/"),
            (["Authorization: \(whole)", "X-Amz-Date: 20261121T150000Z", "x-amz-date: 20261121T150000Z"], "/"),
            (["Authorization: \(whole)", "X-Amz-Date: 2026-11-21T15:00:00Z"], "/"),
            (["Authorization: \(whole)", "X-Amz-Date: 20261121T150000Z"], "/"),
            (["Authorization: \(whole)", "Date: yesterday"], "/"),
            (
                [
                    "Authorization: \(whole.replacing("SignedHeaders=host", with: "SignedHeaders=date"))",
                    "X-Amz-Date: 20261121T150000Z",
                ], "/"
            ),
            (["Authorization: \(whole.replacing("/aws4_request", with: ""))", "X-Amz-Date: 20261121T150000Z"], "/"),
            (["Authorization: \(whole.replacing("=A/", with: "=/"))", "X-Amz-Date: 20261121T150000Z"], "/"),
            ([], "/?X-Amz-Signature=00"), ([], "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Algorithm=AWS4-HMAC-SHA256"),
            ([], "/"),
        ] as [([String], String)]
    )
    func malformed(fields: [String], target: String) throws {
        #expect(throws: SignatureError.self) {
            try Self.verify(["GET \(target) HTTP/1.1", "Host: a"] + fields)
        }
    }

    @Test("5.6: times of signed URLs are bounded", arguments: ["0", "604801", "-1", "1e3", "99999999999999999999", ""])
    func expires(value: String) throws {
        let number = try #require(SignatureVector.all.firstIndex { $0.name == "a signed URL" })
        let lines = try Self.lines(number, replacing: "X-Amz-Expires=3600", with: "X-Amz-Expires=\(value)")
        #expect(throws: SignatureError.self) { try Self.verify(lines) }
    }

    @Test("5.6: a method may be overridden only by a field that is signed")
    func override() throws {
        var lines = SignatureVector.all[0].lines
        lines.append("X-HTTP-Method-Override: DELETE")
        let head = try Self.head(lines).overridingMethod()
        let signature = try RequestSignature(head)
        #expect(throws: SignatureError.self) {
            try SignatureVerifier(region: "us-east-1")
                .verify(signature, of: head, content: ByteBuffer(), secret: Self.secret)
        }
    }

    @Test("5.6: bytes of any kind in a signed request trap nothing, and change nothing that was signed")
    func hostileBytes() throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ count: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(count))
        }
        let verifier = SignatureVerifier(region: "us-east-1")
        var refused = 0
        for round in 0..<4000 {
            let vector = SignatureVector.all[round % SignatureVector.all.count]
            var bytes = Array((vector.lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
            for _ in 0...random(3) {
                let place = random(bytes.count)
                switch random(3) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array(" ,;=/&%+?:*\r\n".utf8)[random(13)], at: place)
                }
            }
            guard let head = try? RequestHead(parsing: ByteBuffer(bytes: bytes), limits: MessageLimits()) else {
                continue
            }
            do throws(SignatureError) {
                let signature = try RequestSignature(head)
                try verifier.checkScope(signature, now: Self.now)
                let content = ByteBuffer(string: vector.content)
                guard try verifier.verify(signature, of: head, content: content, secret: Self.secret) else { continue }
                // What passes is spelled otherwise, and says the same.
                let original = try Self.original(vector)
                let spelled = CanonicalRequest.bytes(head, signature: signature, contentHash: "")
                #expect(spelled == original, "\(String(decoding: bytes, as: UTF8.self))")
            } catch { refused += 1 }
        }
        #expect(refused > 1000)
    }

    private static func original(_ vector: SignatureVector) throws(SignatureError) -> [UInt8] {
        guard let head = try? head(vector.lines) else { return [] }
        return CanonicalRequest.bytes(head, signature: try RequestSignature(head), contentHash: "")
    }

    @Test("5.6: the error says what should have been signed")
    func mismatch() throws {
        let lines = try Self.lines(0, replacing: "GET /pets", with: "GET /dogs")
        let error = #expect(throws: SignatureError.self) { try Self.verify(lines) }
        guard case .mismatch(let text)? = error else { return }
        #expect(
            text.hasPrefix(
                """
                The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                Access Key and signing method. Consult the service documentation for details.

                The Canonical String for this request should have been
                'GET
                /dogs

                host:gateway.test:8080
                x-amz-date:20261121T150000Z

                host;x-amz-date
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

                The String-to-Sign should have been
                'AWS4-HMAC-SHA256
                20261121T150000Z
                20261121/us-east-1/execute-api/aws4_request
                """
            ),
            "\(text)"
        )
    }
}

extension String {
    fileprivate func replacingOnce(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
