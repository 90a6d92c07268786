// Whether a signature is that of a request, by somebody who knows the secret, for this service, and now.

internal import Crypto
internal import NIOCore

/// Verifies signatures of version 4 (IAM user guide, "AWS Signature Version 4 for API requests").
struct SignatureVerifier: Sendable {
    private static let terminator = "aws4_request"
    /// What a request says in place of the hash of its content where the content is not signed.
    private static let unsignedContent = "UNSIGNED-PAYLOAD"

    /// The region that signatures have to be for.
    let region: String
    /// The service that they have to be for: `lambda` at the URL of a function
    /// (Lambda developer guide, "Invoking Lambda function URLs").
    var service = "execute-api"
    /// How far the clocks may be apart, in seconds.
    var skewSeconds = 300
    /// Whether a `;` divides the query into parameters.
    var semicolonSeparates = false

    /// Checks for what a signature is, and when it was made.
    ///
    /// - Throws: `SignatureError` for another region, service or day, and for one that is too old or not yet valid.
    func checkScope(_ signature: RequestSignature, now: WallTime) throws(SignatureError) {
        guard let signed = SignatureDate.seconds(signature.date) else {
            throw .invalid("Date must be in ISO-8601 'basic format'. Got '\(signature.date)'.")
        }
        let day = String(signature.date.prefix(8))
        guard signature.scope[0] == day else {
            throw .scope(
                """
                Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                '\(signature.scope[0])' != '\(day)', from '\(signature.date)'.
                """
            )
        }
        guard signature.scope[1] == region else {
            throw .scope("Credential should be scoped to a valid region, not '\(signature.scope[1])'.")
        }
        guard signature.scope[2] == service else {
            throw .scope("Credential should be scoped to correct service: '\(service)'.")
        }
        guard signature.scope[3] == Self.terminator else {
            throw .scope(
                "Credential should be scoped with a valid terminator: '\(Self.terminator)', not '\(signature.scope[3])'."
            )
        }
        try checkTime(signed, of: signature, now: now.seconds)
    }

    private func checkTime(_ signed: Int, of signature: RequestSignature, now: Int) throws(SignatureError) {
        func text(_ seconds: Int) -> String { SignatureDate.text(seconds) }
        let skew = skewSeconds % 60 == 0 ? "\(skewSeconds / 60) min." : "\(skewSeconds) s."
        guard signed <= now + skewSeconds else {
            throw .expired(
                """
                Signature not yet current: \(signature.date) is still later than \(text(now + skewSeconds)) \
                (\(text(now)) + \(skew))
                """
            )
        }
        // A signature in the query says itself how long it holds.
        if let lifetime = signature.lifetime {
            guard now <= signed + lifetime else {
                throw .expired("Signature expired: \(text(now)) is now later than \(text(signed + lifetime))")
            }
        } else if signed < now - skewSeconds {
            throw .expired(
                """
                Signature expired: \(signature.date) is now earlier than \(text(now - skewSeconds)) \
                (\(text(now)) - \(skew))
                """
            )
        }
    }

    /// Checks the signature itself.
    ///
    /// - Parameters:
    ///   - signature: what the request says of it.
    ///   - head: the request.
    ///   - content: the request's content; nil where it has not been read.
    ///   - secret: the secret access key.
    /// - Returns: whether all is verified; false where the content has to be read first.
    /// - Throws: `SignatureError.mismatch` for any other signature, with what it should have been made over.
    func verify(
        _ signature: RequestSignature,
        of head: RequestHead,
        content: ByteBuffer?,
        secret: [UInt8]
    ) throws(SignatureError) -> Bool {
        let isOverridden = head.fields.withBytes { !head.method(in: $0).equals(head.sentMethod(in: $0)) }
        guard !isOverridden || signature.signedFields.contains("x-http-method-override") else {
            // Who repeats a signed GET must not be able to make a DELETE of it.
            throw .invalid("'X-HTTP-Method-Override' must be a 'SignedHeader' in the AWS Authorization.")
        }
        // What the request says is the hash is signed, so the signature can be checked before the content is read.
        guard let hash = signature.contentHash ?? content.map({ Self.hash($0) }) else { return false }
        let request = CanonicalRequest.bytes(
            head,
            signature: signature,
            contentHash: hash,
            semicolonSeparates: semicolonSeparates
        )
        let text = Self.text(signature, request: request)
        let digest = Self.digest(of: text, scope: signature.scope, secret: secret)
        guard ConstantTime.equals(Array(digest.utf8), Array(signature.digest.utf8)) else {
            throw .mismatch(Self.mismatch(request: request, text: text))
        }
        guard let claimed = signature.contentHash, claimed != Self.unsignedContent else { return true }
        guard let content else { return false }
        guard claimed == Self.hash(content) else {
            throw .mismatch("The provided 'x-amz-content-sha256' header does not match what was computed.")
        }
        return true
    }

    /// The text that is signed in the end.
    static func text(_ signature: RequestSignature, request: [UInt8]) -> String {
        "\(RequestSignature.algorithm)\n\(signature.date)\n\(signature.scopeText)\n\(hash(request))"
    }

    /// The signature of a text in hexadecimal digits, by a key that is derived from the secret for the scope.
    static func digest(of text: String, scope: [String], secret: [UInt8]) -> String {
        let key = scope.reduce(SymmetricKey(data: Array("AWS4".utf8) + secret)) { key, part in
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    private static func mismatch(request: [UInt8], text: String) -> String {
        """
        The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
        Key and signing method. Consult the service documentation for details.

        The Canonical String for this request should have been
        '\(String(decoding: request, as: UTF8.self))'

        The String-to-Sign should have been
        '\(text)'

        """
    }

    // MARK: Hashes

    static func hash(_ content: ByteBuffer) -> String {
        var hash = SHA256()
        content.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return hexadecimal(hash.finalize())
    }

    private static func hash(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
