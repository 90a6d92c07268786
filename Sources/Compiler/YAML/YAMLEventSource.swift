// libyaml's events as Swift values: the one file that touches libyaml.

internal import CYAML
internal import Diagnostics

/// One step through a YAML text.
struct YAMLEvent {
    /// What a node may have before its content.
    struct Properties {
        var anchor: String?
        /// As libyaml resolves it: `!Ref`, `tag:yaml.org,2002:str`.
        var tag: String?
    }

    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(String)
        case scalar(Properties, text: String, isPlain: Bool)
        case sequenceStart(Properties, isFlow: Bool)
        case sequenceEnd
        case mappingStart(Properties, isFlow: Bool)
        case mappingEnd
    }

    let kind: Kind
    let start: SourcePosition
    let end: SourcePosition
}

/// Why and where libyaml gave up.
struct YAMLFault: Error {
    let problem: String
    let position: SourcePosition
    /// What it was about when it did, and where that began.
    let context: (text: String, position: SourcePosition)?
}

/// The events of one text, in order.
final class YAMLEventSource {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter bytes: the text in UTF-8, a byte order mark allowed.
    init(_ bytes: [UInt8]) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: max(1, bytes.count))
        _ = input.initialize(from: bytes)
        // It fails only where memory is exhausted, as every allocation may.
        precondition(yaml_parser_initialize(parser) == 1, "libyaml could not be set up")
        yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: `YAMLFault` where the text is no YAML; do not ask again.
    func next() throws(YAMLFault) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(
            kind: Self.kind(event),
            start: Self.position(event.start_mark),
            end: Self.position(event.end_mark)
        )
    }

    private static func kind(_ event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                properties(scalar.anchor, scalar.tag),
                text: String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
            )
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(properties(start.anchor, start.tag), isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(properties(start.anchor, start.tag), isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamEnd
        }
    }

    private static func properties(
        _ anchor: UnsafeMutablePointer<UInt8>?,
        _ tag: UnsafeMutablePointer<UInt8>?
    ) -> YAMLEvent.Properties {
        YAMLEvent.Properties(anchor: text(anchor), tag: text(tag))
    }

    private static func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: mark.line + 1, column: mark.column + 1)
    }

    private func fault() -> YAMLFault {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "not YAML"
        if state.error == YAML_READER_ERROR {
            return YAMLFault(problem: problem, position: position(ofByte: state.problem_offset), context: nil)
        }
        let context = state.context.map { (String(cString: $0), Self.position(state.context_mark)) }
        return YAMLFault(problem: problem, position: Self.position(state.problem_mark), context: context)
    }

    private func position(ofByte offset: Int) -> SourcePosition {
        SourcePosition(in: input[..<min(offset, input.count)])
    }
}
