// What of an event is the same for every request of a route, prepared as bytes.

internal import Manifest

/// The constant parts of a route's events, as JSON text. A class, so that to pass it on costs one reference count.
final class EventTemplate: Sendable {
    let kind: GatewayKind
    let payload: PayloadFormat
    /// The path of the route as a JSON string: `"/pets/{id}"`, `"$default"`.
    let resource: [UInt8]
    /// The route key as a JSON string: `"GET /pets/{id}"`.
    let routeKey: [UInt8]
    /// The inside of the stage's name as a JSON string.
    let stage: [UInt8]
    /// Whether the stage's name stands before the path, as it does in the URL of a stage with a name.
    let stageInPath: Bool
    /// The stage's variables as a JSON object, empty where there are none.
    let stageVariables: [UInt8]
    /// The same for requests that the canary answers.
    let canaryVariables: [UInt8]
    /// Whether events say which deployment answers.
    let hasCanary: Bool
    /// The names of the path's parameters as JSON strings, in order.
    let parameterNames: [[UInt8]]
    /// `"accountId":"…","apiId":"…"`
    let identifiers: [UInt8]
    /// `"operationName":"…",` of a REST API's route that has one, else empty.
    let operationName: [UInt8]
    /// The id of the resource as a JSON string.
    let resourceID: [UInt8]
    let binaryTypes: BinaryTypes

    /// The account that everything local belongs to, as for `sam local`.
    static let accountID = "123456789012"

    init(api: API, apiID: String, key: RouteKey, payload: PayloadFormat, operation: String? = nil) {
        kind = GatewayKind(api.kind)
        self.payload = payload
        resource = Self.json { $0.write(jsonString: key.pathText) }
        routeKey = Self.json { $0.write(jsonString: key.description) }
        stage = Self.json { writer in
            var text = api.stage
            text.withUTF8 { writer.writeEscaped(UnsafeRawBufferPointer($0)) }
        }
        stageInPath = api.stage != "$default"
        stageVariables = Self.object(api.stageVariables)
        canaryVariables = Self.object(api.canaryVariables)
        hasCanary = api.canary != nil
        if case .path(_, let pattern) = key {
            parameterNames = pattern.parameterNames.map { name in Self.json { $0.write(jsonString: name) } }
        } else {
            parameterNames = []
        }
        identifiers = Array(#""accountId":"\#(Self.accountID)","apiId":"\#(Self.stableID(apiID))""#.utf8)
        operationName =
            operation.map { name in
                Self.json {
                    $0.write(#""operationName":"#); $0.write(jsonString: name); $0.write(",")
                }
            }
            ?? []
        // A REST API has an id for the path, an HTTP API the route's key.
        resourceID =
            api.kind == .rest ? Array("\"\(Self.resourceID(apiID: apiID, key: key))\"".utf8) : routeKey
        binaryTypes = BinaryTypes(api)
    }

    private static func object(_ members: [String: String]) -> [UInt8] {
        guard !members.isEmpty else { return [] }
        return json { writer in
            for (index, member) in members.sortedByCodePoint.enumerated() {
                writer.write(UInt8(ascii: index == 0 ? "{" : ","))
                writer.write(jsonString: member.key)
                writer.write(UInt8(ascii: ":"))
                writer.write(jsonString: member.value)
            }
            writer.write("}")
        }
    }

    private static func json(_ body: (ByteWriter) -> Void) -> [UInt8] {
        let writer = ByteWriter(capacity: 256)
        body(writer)
        return Array(writer.bytes)
    }

    /// The id of a REST API's path.
    static func resourceID(apiID: String, key: RouteKey) -> String { String(stableID(apiID + key.pathText).prefix(6)) }

    /// Ten letters and digits that look like an id of API Gateway and are always the same for the same name (FNV-1a).
    static func stableID(_ name: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String(
            (0..<10).map { _ in
                defer { hash = hash / 36 ^ hash &* 0x9E37_79B9_7F4A_7C15 }
                return alphabet[Int(hash % 36)]
            }
        )
    }
}

/// Which contents travel as base64.
struct BinaryTypes: Sendable {
    private let kind: GatewayKind
    private let types: [[UInt8]]
    private let matchesAll: Bool

    init(_ api: API) {
        kind = GatewayKind(api.kind)
        // `image~1png` is how OpenAPI documents and CloudFormation escape the slash.
        types = api.binaryTypes.map { Array($0.lowercased().replacing("~1", with: "/").utf8) }
        matchesAll = types.contains(Array("*/*".utf8))
    }

    /// Whether a request's content of this type goes into the event as base64.
    ///
    /// REST: by the configured media types; no Content-Type counts as `application/json`. HTTP: everything but
    /// `text/*`, `application/json`, `application/xml` and `application/javascript`.
    func encodes(contentType: UnsafeRawBufferPointer?) -> Bool {
        switch kind {
        case .rest: matches(contentType)
        case .http:
            contentType.map { value in
                let type = Self.mediaType(value)
                return
                    !(type.hasPrefixIgnoringCase("text/") || type.equalsIgnoringCase("application/json")
                    || type.equalsIgnoringCase("application/xml") || type.equalsIgnoringCase("application/javascript"))
            } ?? true
        }
    }

    /// Whether a REST API's client takes the decoded content: the first media type of `Accept` is a binary one.
    func decodes(accept: UnsafeRawBufferPointer?) -> Bool {
        if matchesAll { return true }
        guard let accept else { return false }
        let comma = accept.firstIndex(of: UInt8(ascii: ","), from: 0) ?? accept.count
        return matches(accept.slice(0, comma))
    }

    private func matches(_ value: UnsafeRawBufferPointer?) -> Bool {
        if matchesAll { return true }
        guard !types.isEmpty else { return false }
        guard let value else { return types.contains(Array("application/json".utf8)) }
        let type = Self.mediaType(value)
        return types.contains { configured in
            configured.withUnsafeBytes { configured in
                if configured.count >= 2, configured[configured.count - 1] == UInt8(ascii: "*") {
                    let prefix = configured.slice(0, configured.count - 1)
                    return type.count >= prefix.count && type.slice(0, prefix.count).equalsIgnoringCase(prefix)
                }
                return configured.equalsIgnoringCase(type)
            }
        }
    }

    /// The type without its parameters.
    private static func mediaType(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = value.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? value.count
        return value.slice(0, end).trimmed
    }
}
