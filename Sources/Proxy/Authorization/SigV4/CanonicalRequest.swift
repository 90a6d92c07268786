// The one spelling of a request that signatures are made over.

internal import NIOCore
internal import Routing

/// Spells requests canonically (IAM user guide, "Create a signed AWS API request", step 1).
enum CanonicalRequest {
    /// The canonical request.
    ///
    /// - Parameters:
    ///   - head: the request.
    ///   - signature: which fields are signed.
    ///   - contentHash: the hash of the content in hexadecimal digits, or `UNSIGNED-PAYLOAD`.
    ///   - semicolonSeparates: whether a `;` divides the query into parameters, as it does in a REST API. It is then not
    ///     the same as `%3B`, which stands in a value: who has seen one request signed must not make the other of it.
    /// - Returns: its bytes.
    static func bytes(
        _ head: RequestHead,
        signature: RequestSignature,
        contentHash: String,
        semicolonSeparates: Bool = false
    ) -> [UInt8] {
        let writer = ByteWriter(capacity: 1024)
        head.fields.withBytes { memory in
            writer.write(head.sentMethod(in: memory))
            writer.write("\n")
            write(path: head.path(in: memory), to: writer)
            writer.write("\n")
            write(
                query: head.query(in: memory),
                isPresigned: signature.isPresigned,
                semicolonSeparates: semicolonSeparates,
                to: writer
            )
            writer.write("\n")
            for name in signature.signedFields {
                writer.write(text: name)
                writer.write(":")
                write(field: name, of: head.fields, in: memory, to: writer)
                writer.write("\n")
            }
            writer.write("\n")
            writer.write(text: signature.signedFields.joined(separator: ";"))
            writer.write("\n")
            writer.write(text: contentHash)
        }
        return Array(writer.bytes)
    }

    /// The path without `.`, `..` and repeated slashes, encoded once more than it is in the request, as all services
    /// but S3 have it.
    private static func write(path: UnsafeRawBufferPointer, to writer: ByteWriter) {
        var segments: [UnsafeRawBufferPointer] = []
        var start = 0
        while start <= path.count {
            let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
            let segment = path.slice(start, end)
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else if !segment.isEmpty, !segment.elementsEqual(".".utf8) {
                segments.append(segment)
            }
            start = end + 1
        }
        for segment in segments {
            writer.write("/")
            writer.write(queryValue: segment)
        }
        if segments.isEmpty || path.last == UInt8(ascii: "/") { writer.write("/") }
    }

    /// The parameters decoded and encoded again, sorted by name and value.
    private static func write(
        query: UnsafeRawBufferPointer,
        isPresigned: Bool,
        semicolonSeparates: Bool,
        to writer: ByteWriter
    ) {
        let kept = semicolonSeparates ? UInt8(ascii: ";") : nil
        var parameters: [(name: [UInt8], value: [UInt8])] = []
        var start = 0
        while start < query.count {
            let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
            let parameter = query.slice(start, end)
            if !parameter.isEmpty {
                let equals = parameter.firstIndex(of: UInt8(ascii: "="), from: 0) ?? parameter.count
                parameters.append(
                    (
                        encoded(parameter.slice(0, equals), keeping: kept),
                        encoded(parameter.slice(min(equals + 1, parameter.count), parameter.count), keeping: kept)
                    )
                )
            }
            start = end + 1
        }
        if isPresigned { parameters.removeAll { $0.name.elementsEqual("X-Amz-Signature".utf8) } }
        parameters.sort {
            $0.name == $1.name
                ? $0.value.lexicographicallyPrecedes($1.value) : $0.name.lexicographicallyPrecedes($1.name)
        }
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { writer.write("&") }
            writer.write(parameter.name)
            writer.write("=")
            writer.write(parameter.value)
        }
    }

    /// Decodes and encodes again; `kept` is a byte that stays as it is where it was sent so.
    private static func encoded(_ text: UnsafeRawBufferPointer, keeping kept: UInt8?) -> [UInt8] {
        let writer = ByteWriter(capacity: text.count)
        var start = 0
        while true {
            let end = kept.flatMap { text.firstIndex(of: $0, from: start) } ?? text.count
            writer.write(queryValue: PercentEncoding.decode(text.slice(start, end), plusIsSpace: true))
            guard let kept, end < text.count else { return Array(writer.bytes) }
            writer.write(kept)
            start = end + 1
        }
    }

    /// All values of a field joined by commas, each with one space in the place of many.
    private static func write(
        field name: String,
        of fields: FieldSection,
        in memory: UnsafeRawBufferPointer,
        to writer: ByteWriter
    ) {
        var name = name
        var isFirst = true
        name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            for field in fields.fields where field.name(in: memory).equalsIgnoringCase(name) {
                if !isFirst { writer.write(",") }
                isFirst = false
                var endsInSpace = false
                for byte in field.value(in: memory) {
                    let isSpace = byte == 0x20 || byte == 0x09
                    if !isSpace || !endsInSpace { writer.write(isSpace ? 0x20 : byte) }
                    endsInSpace = isSpace
                }
            }
        }
    }
}
