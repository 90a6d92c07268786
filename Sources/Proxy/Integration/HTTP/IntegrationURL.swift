// The address of a web server behind the gateway: its origin, and a path whose parts come from requests.

internal import Manifest

/// The URL of an integration, `https://shop.test/items/{id}?lang=${stageVariables.lang}`, taken apart.
struct IntegrationURL: Sendable {
    /// A stretch of the path or the query.
    enum Part: Sendable {
        /// Characters that stand in a URL as they are.
        case text([UInt8])
        /// A parameter in braces.
        case parameter(String)
    }

    /// `https://shop.test`; the whole text of what is no web address, such as the ARN of a listener.
    let origin: String
    /// The path; empty where the address ends with its host.
    let path: [Part]
    /// The query without its question mark.
    let query: [Part]
    /// Whether it is an address of a web server.
    let isWeb: Bool

    /// - Parameters:
    ///   - text: the URL as the template has it.
    ///   - stageVariables: what `${stageVariables.NAME}` stands for; a variable that there is not is empty.
    /// - Throws: `MappingFailure` for parameters in its host, and for braces that do not match.
    init(_ text: String, stageVariables: [String: String]) throws(MappingFailure) {
        let text = try Self.resolved(text, stageVariables)
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            origin = text
            path = []
            query = []
            isWeb = false
            return
        }
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        // A parameter there would let clients choose the host.
        guard !rest[..<end].contains("{"), !rest[..<end].isEmpty else {
            throw MappingFailure("integration_host_not_supported")
        }
        origin = scheme + rest[..<end]
        let target = rest[end...].prefix { $0 != "#" }
        let question = target.firstIndex(of: "?") ?? target.endIndex
        path = try Self.parts(target[..<question])
        query = question < target.endIndex ? try Self.parts(target[target.index(after: question)...]) : []
        isWeb = true
    }

    private static func resolved(_ text: String, _ variables: [String: String]) throws(MappingFailure) -> String {
        var resolved = ""
        var rest = text[...]
        while let opening = rest.firstRange(of: "${stageVariables.") {
            resolved += rest[..<opening.lowerBound]
            rest = rest[opening.upperBound...]
            guard let closing = rest.firstIndex(of: "}") else { throw MappingFailure("integration_url_malformed") }
            resolved += variables[String(rest[..<closing])] ?? ""
            rest = rest[rest.index(after: closing)...]
        }
        return resolved + rest
    }

    private static func parts(_ text: Substring) throws(MappingFailure) -> [Part] {
        var parts: [Part] = []
        var rest = text
        while let opening = rest.firstIndex(of: "{") {
            if opening > rest.startIndex { parts.append(.text(plain(rest[..<opening]))) }
            guard let closing = rest[opening...].firstIndex(of: "}") else {
                throw MappingFailure("integration_url_malformed")
            }
            var name = rest[rest.index(after: opening)..<closing]
            if name.hasSuffix("+") { name = name.dropLast() }
            guard !name.isEmpty else { throw MappingFailure("integration_url_malformed") }
            parts.append(.parameter(String(name)))
            rest = rest[rest.index(after: closing)...]
        }
        guard !rest.contains("}") else { throw MappingFailure("integration_url_malformed") }
        if !rest.isEmpty { parts.append(.text(plain(rest))) }
        return parts
    }

    /// The characters of a template; those that cannot stand in a request line are encoded.
    private static func plain(_ text: Substring) -> [UInt8] {
        let writer = ByteWriter(capacity: text.utf8.count)
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F { writer.write(byte) } else { writer.writePercentEncoded(byte) }
        }
        return Array(writer.bytes)
    }

    /// The names of the parameters.
    var parameters: [String] {
        (path + query).compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }
}
