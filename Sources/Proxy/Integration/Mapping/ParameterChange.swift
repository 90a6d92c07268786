// One change that the parameter mapping of an HTTP API makes.

internal import Manifest

/// `append:header.X`, `overwrite:path`, `remove:querystring.y`, each by its value.
///
/// (Developer guide, "Transform API requests and responses for HTTP APIs".)
struct ParameterChange: Sendable {
    /// In the order in which changes are made, which API Gateway does not document: what is taken away first makes room.
    enum Action: String, CaseIterable, Sendable { case remove, overwrite, append }

    /// What is changed.
    enum Target: Sendable {
        case field(FieldName, [UInt8])
        case query([UInt8])
        case path
        case status
    }

    let action: Action
    let target: Target
    /// Where the value comes from; nil for what is removed.
    let source: MappingSource?

    /// Reads the changes of requests, or of responses.
    ///
    /// - Throws: `MappingFailure` for what is no change, or of a field that may not be touched.
    static func read(_ texts: [String: String], key: RouteKey, ofResponse: Bool) throws(MappingFailure) -> [Self] {
        var changes: [Self] = []
        for action in Action.allCases {
            for (text, value) in texts.sortedByCodePoint {
                guard let name = text.suffix(after: "\(action.rawValue):") else {
                    guard Action.allCases.contains(where: { text.hasPrefix("\($0.rawValue):") }) else {
                        throw MappingFailure("parameter_mapping_not_supported")
                    }
                    continue
                }
                changes.append(try Self(action, name, value, key: key, ofResponse: ofResponse))
            }
        }
        return changes
    }

    private init(_ action: Action, _ name: String, _ value: String, key: RouteKey, ofResponse: Bool)
        throws(MappingFailure)
    {
        self.action = action
        if let field = name.suffix(after: "header.") {
            guard field.utf8.allSatisfy(\.isTokenCharacter), !ReservedFields.contains(field.lowercased()) else {
                throw MappingFailure("mapped_field_reserved")
            }
            let bytes = Array(field.utf8)
            target = .field(bytes.withUnsafeBytes { FieldName($0) }, bytes)
        } else if let parameter = name.suffix(after: "querystring."), !ofResponse {
            target = .query(Array(parameter.utf8))
        } else if name == "path", !ofResponse, action == .overwrite {
            target = .path
        } else if name == "statuscode", ofResponse, action == .overwrite {
            target = .status
        } else {
            throw MappingFailure("parameter_mapping_not_supported")
        }
        guard action != .remove else {
            source = nil
            return
        }
        guard let source = MappingSource(http: value, key: key), ofResponse || !source.readsAnswer else {
            throw MappingFailure("parameter_mapping_not_supported")
        }
        self.source = source
    }

    /// Whether the field is the one that is changed.
    func changes(_ name: UnsafeRawBufferPointer) -> Bool {
        guard case .field(_, let spelling) = target else { return false }
        return spelling.withUnsafeBytes { $0.equalsIgnoringCase(name) }
    }
}

extension MappingSource {
    /// Whether it looks at the integration's answer.
    var readsAnswer: Bool {
        switch self {
        case .answerBody, .answerHeader: true
        case .parts(let parts): parts.contains(where: \.readsAnswer)
        default: false
        }
    }

    /// The value as a path: fixed text as it is, all else encoded so that it stays a path.
    func pathValue(_ exchange: Exchange) -> [UInt8]? {
        let writer = ByteWriter(capacity: 64)
        switch self {
        case .parts(let parts): for part in parts { writer.write(part.pathValue(exchange) ?? []) }
        case .request(.text(let text)):
            for byte in text {
                let isPlain = byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
                if isPlain { writer.write(byte) } else { writer.writePercentEncoded(byte) }
            }
        default:
            guard let value = value(exchange) else { return nil }
            writer.write(pathValue: value, keepsSlashes: true)
        }
        return Array(writer.bytes)
    }
}
