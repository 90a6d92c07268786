// The request that an event is made of, as the command line spells it.

internal import ArgumentParser
internal import SystemPackage

/// The options of a request.
struct EventRequest: ParsableArguments {
    /// The address that a request of a browser to `samovar start-api` has.
    static let standardHost = "127.0.0.1:3000"

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("A field of the request; may be given several times.", valueName: "name: value")
    )
    var header: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A parameter of the query; may be given several times.", valueName: "name=value")
    )
    var query: [String] = []

    @Option(
        name: .shortAndLong,
        help: "The content of the request, or @FILE; JSON unless a field Content-Type says otherwise."
    )
    var body: String?

    func validate() throws {
        for text in header {
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
                !text.utf8.contains(where: { $0 < 0x20 })
            else { throw ValidationError("'\(text)' is not of the form 'Name: value'") }
        }
        for text in query where !text.contains("=") {
            throw ValidationError("'\(text)' is not of the form 'name=value'")
        }
    }

    /// The request as it is sent (RFC 9112).
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - path: the path, percent-encoded, with a query if it has one.
    ///   - more: fields that it has where the command line has none of their names.
    ///   - standardBody: the content where the command line has none; nil for none.
    /// - Returns: its bytes.
    /// - Throws: `CommandError` where the file of the content cannot be read.
    func bytes(
        _ method: String,
        _ path: String,
        more: [(name: String, value: String)] = [],
        standardBody: String? = nil
    ) throws(CommandError) -> [UInt8] {
        var target = path
        for parameter in query {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            target += target.contains("?") ? "&" : "?"
            target += parts.map { Self.escaped(String($0)) }.joined(separator: "=")
        }
        let content = try content() ?? standardBody.map { Array($0.utf8) }
        var fields = [(name: "Host", value: Self.standardHost)] + more
        if content != nil { fields.append(("Content-Type", "application/json")) }
        let given = Set(header.map { $0.prefix { $0 != ":" }.lowercased() })
        var lines = ["\(method) \(target) HTTP/1.1"]
        lines += fields.filter { !given.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)" }
        lines += header
        if let content, !given.contains("content-length") { lines.append("Content-Length: \(content.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (content ?? [])
    }

    private func content() throws(CommandError) -> [UInt8]? {
        guard let body else { return nil }
        guard body.hasPrefix("@") else { return Array(body.utf8) }
        let path = String(body.dropFirst())
        do throws(Errno) { return try InputFile.read(path) } catch {
            throw CommandError("cannot read '\(path)': \(error)")
        }
    }

    /// A name or a value of a query: all but the unreserved characters is percent-encoded (RFC 3986 section 2).
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                [byte]
            default: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
