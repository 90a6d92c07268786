// Contents compressed between REST APIs and their clients.

internal import JSON
internal import Manifest
internal import NIOCore

/// Compresses responses of REST APIs that ask for it from a size on, and decompresses the contents of their requests
/// (developer guide, "Payload compression for REST APIs").
struct CompressionPlugin: RequestHeadPlugin, ResponseContentPlugin {
    static let name = "compression"

    private var minimumBytes = 0

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        guard scope.api.kind == .rest, let minimum = scope.api.minimumCompressionBytes else { return nil }
        var copy = self
        copy.minimumBytes = minimum
        return copy
    }

    // MARK: Requests

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard exchange.head.fields.contains(.contentEncoding), exchange.head.hasContent else { return .proceed }
        var names: [[UInt8]] = []
        exchange.head.fields.forEach { field, _, value in
            guard field == .contentEncoding else { return }
            value.forEachListElement { names.append(Array($0)) }
        }
        names.removeAll { $0.withUnsafeBytes { $0.equalsIgnoringCase("identity") } }
        guard let name = names.first else { return .proceed }
        guard names.count == 1, let coding = name.withUnsafeBytes({ ContentCoding($0) }) else {
            return .refuse(.unsupportedMediaType(detail: "content_coding_unknown"))
        }
        guard exchange.contentIsWhole else { return .readContent }
        do throws(Inflater.Failure) {
            let limit = exchange.loop.configuration.limits.contentBytes
            exchange.content = try Inflater.inflate(exchange.content, coding, limit: limit)
        } catch {
            switch error {
            case .malformed: return .refuse(.unsupportedMediaType(detail: "content_coding_malformed"))
            case .tooLarge: return .refuse(.contentTooLarge(.rest, detail: "content_too_large_decoded"))
            }
        }
        // Nobody must decode it once more.
        exchange.head.removeField(.contentEncoding)
        return .proceed
    }

    // MARK: Responses

    func responseReady(_ head: inout ResponseHead, _ content: inout ByteBuffer, _ exchange: Exchange) {
        guard let coding = coding(for: head, length: content.readableBytes, exchange),
            let smaller = Deflater.deflate(content, coding)
        else { return }
        content = smaller
        Self.mark(&head, coding)
    }

    func responseBegins(_ head: inout ResponseHead, length: Int?, _ exchange: Exchange) -> (any ContentTransform)? {
        guard let coding = coding(for: head, length: length, exchange), let deflater = Deflater(coding) else {
            return nil
        }
        Self.mark(&head, coding)
        return deflater
    }

    /// The coding for a response; nil where it goes out as it is. A content whose length is not known counts as long.
    private func coding(for head: ResponseHead, length: Int?, _ exchange: Exchange) -> ContentCoding? {
        guard length ?? .max >= max(1, minimumBytes), exchange.error == nil, !ResponseHead.hasNoContent(head.status),
            // Its ranges are those of the content as it is.
            head.status != 206, !head.fields.contains(.contentEncoding), !Self.forbidsTransforming(head)
        else { return nil }
        return ContentCoding.accepted(by: exchange.head.fields)
    }

    /// Whether the response asks to be passed on as it is (RFC 9111 section 5.2.2.6).
    private static func forbidsTransforming(_ head: ResponseHead) -> Bool {
        var isForbidden = false
        head.fields.forEach { _, name, value in
            guard name.equalsIgnoringCase("cache-control") else { return }
            value.forEachListElement { if $0.equalsIgnoringCase("no-transform") { isForbidden = true } }
        }
        return isForbidden
    }

    private static func mark(_ head: inout ResponseHead, _ coding: ContentCoding) {
        head.fields.removeAll { $0.name == .contentLength }
        weakenTag(of: &head)
        head.fields.append(.contentEncoding, "Content-Encoding", value: coding.name)
        head.fields.append(.other, "Vary", value: Array("Accept-Encoding".utf8))
    }

    /// A strong entity tag is one of the content as it was: a client that combines ranges by it would mix the two
    /// (RFC 9110 section 8.8.3.3).
    private static func weakenTag(of head: inout ResponseHead) {
        var tag: [UInt8]?
        head.fields.forEach { _, name, value in
            if name.equalsIgnoringCase("etag"), value.first == UInt8(ascii: "\"") { tag = Array(value) }
        }
        guard let tag else { return }
        let bytes = head.fields.bytes
        head.fields.removeAll { field in
            field.name == .other
                && bytes.withUnsafeReadableBytes { field.name(in: $0).equalsIgnoringCase("etag") }
        }
        head.fields.append(.other, "ETag", value: Array("W/".utf8) + tag)
    }
}
