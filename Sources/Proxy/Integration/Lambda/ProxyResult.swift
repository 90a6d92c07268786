// What a function has returned, read as the gateway reads it.

internal import Manifest
internal import NIOCore

/// The members of a function's result, as places in its text.
struct ProxyResult {
    /// The result is no response.
    struct Failure: Error, Equatable {
        let detail: StaticString
        init(_ detail: StaticString) { self.detail = detail }
        static func == (left: Self, right: Self) -> Bool { "\(left.detail)" == "\(right.detail)" }
    }

    /// A value that becomes text: the inside of a string, still escaped, or the text of a number or boolean.
    struct Text {
        let range: Range<Int>
        let isString: Bool
    }

    /// A header: its name's place and its value.
    struct Header {
        let name: Range<Int>
        let value: Text
    }

    var status: Int?
    var headers: [Header] = []
    var multiValueHeaders: [Header] = []
    var cookies: [Text] = []
    var body: Text?
    var isBase64Encoded = false

    /// Reads a result that is an object.
    ///
    /// - Parameters:
    ///   - text: the whole result.
    ///   - isStrict: whether a member that responses do not have is an error, as it is for REST APIs.
    ///   - payload: which members there are.
    /// - Throws: `Failure` for what is no JSON, or no response.
    init(parsing text: UnsafeRawBufferPointer, isStrict: Bool, payload: PayloadFormat) throws(Failure) {
        var scanner = JSONScanner(text)
        var failure: Failure?
        do throws(JSONScanner.Failure) {
            guard try scanner.kind() == .object else { throw JSONScanner.Failure() }
            try scanner.forEachMember { (scanner, name) throws(JSONScanner.Failure) in
                do throws(Failure) {
                    try readMember(text.slice(name.lowerBound, name.upperBound), &scanner, isStrict, payload)
                } catch {
                    failure = failure ?? error
                    throw JSONScanner.Failure()
                }
            }
            try scanner.finish()
        } catch {
            throw failure ?? Failure("result_not_json")
        }
    }

    private mutating func readMember(
        _ name: UnsafeRawBufferPointer,
        _ scanner: inout JSONScanner,
        _ isStrict: Bool,
        _ payload: PayloadFormat
    ) throws(Failure) {
        switch name {
        case "statusCode": status = try Self.status(&scanner)
        case "headers": headers = try Self.headers(&scanner)
        case "multiValueHeaders" where payload == .v1: multiValueHeaders = try Self.multiValueHeaders(&scanner)
        case "cookies" where payload == .v2: cookies = try Self.texts(&scanner)
        case "body": body = try Self.text(&scanner)
        case "isBase64Encoded": isBase64Encoded = try Self.boolean(&scanner)
        default:
            if isStrict { throw Failure("result_member_unknown") }
            try Self.skip(&scanner)
        }
    }

    private static func skip(_ scanner: inout JSONScanner) throws(Failure) {
        do throws(JSONScanner.Failure) { try scanner.skipValue() } catch { throw Failure("result_not_json") }
    }

    private static func kind(_ scanner: inout JSONScanner) throws(Failure) -> JSONScanner.Kind {
        do throws(JSONScanner.Failure) { return try scanner.kind() } catch { throw Failure("result_not_json") }
    }

    /// A scalar as text; nil for `null`.
    private static func text(_ scanner: inout JSONScanner) throws(Failure) -> Text? {
        let kind = try kind(&scanner)
        let range: Range<Int>
        do throws(JSONScanner.Failure) {
            range = kind == .string ? try scanner.string() : try scanner.skipValue()
        } catch { throw Failure("result_not_json") }
        switch kind {
        case .string: return Text(range: range, isString: true)
        case .number, .boolean: return Text(range: range, isString: false)
        case .null: return nil
        case .object, .array: throw Failure("result_member_malformed")
        }
    }

    private static func status(_ scanner: inout JSONScanner) throws(Failure) -> Int? {
        guard let text = try text(&scanner) else { return nil }
        guard let status = scanner.text.slice(text.range.lowerBound, text.range.upperBound).decimalValue,
            (200...599).contains(status)
        else { throw Failure("result_status_malformed") }
        return status
    }

    private static func boolean(_ scanner: inout JSONScanner) throws(Failure) -> Bool {
        guard let text = try text(&scanner) else { return false }
        switch scanner.text.slice(text.range.lowerBound, text.range.upperBound) {
        case "true": return true
        case "false": return false
        default: throw Failure("result_member_malformed")
        }
    }

    private static func headers(_ scanner: inout JSONScanner) throws(Failure) -> [Header] {
        try members(&scanner) { (scanner, name) throws(Failure) in
            try text(&scanner).map { [Header(name: name, value: $0)] } ?? []
        }
    }

    private static func multiValueHeaders(_ scanner: inout JSONScanner) throws(Failure) -> [Header] {
        try members(&scanner) { (scanner, name) throws(Failure) in
            try texts(&scanner).map { Header(name: name, value: $0) }
        }
    }

    /// The headers of an object of names; none for `null`.
    private static func members(
        _ scanner: inout JSONScanner,
        _ body: (inout JSONScanner, Range<Int>) throws(Failure) -> [Header]
    ) throws(Failure) -> [Header] {
        switch try kind(&scanner) {
        case .null:
            try skip(&scanner)
            return []
        case .object: break
        default: throw Failure("result_headers_malformed")
        }
        var headers: [Header] = []
        var failure: Failure?
        do throws(JSONScanner.Failure) {
            try scanner.forEachMember { (scanner, name) throws(JSONScanner.Failure) in
                do throws(Failure) { headers += try body(&scanner, name) } catch {
                    failure = error
                    throw JSONScanner.Failure()
                }
            }
        } catch { throw failure ?? Failure("result_not_json") }
        return headers
    }

    /// The texts of an array of scalars; none for `null`.
    private static func texts(_ scanner: inout JSONScanner) throws(Failure) -> [Text] {
        switch try kind(&scanner) {
        case .null:
            try skip(&scanner)
            return []
        case .array: break
        default: throw Failure("result_headers_malformed")
        }
        var texts: [Text] = []
        var failure: Failure?
        do throws(JSONScanner.Failure) {
            try scanner.forEachElement { (scanner) throws(JSONScanner.Failure) in
                do throws(Failure) {
                    if let text = try text(&scanner) { texts.append(text) }
                } catch {
                    failure = error
                    throw JSONScanner.Failure()
                }
            }
        } catch { throw failure ?? Failure("result_not_json") }
        return texts
    }
}

/// Matches a member's name, byte for byte.
private func ~= (text: StaticString, name: UnsafeRawBufferPointer) -> Bool {
    name.equals(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
}
