// Puts nodes together from libyaml's events, and counts while it does.

internal import Diagnostics

/// Nothing further can be read; the diagnostic has been emitted.
struct YAMLAbort: Error {}

/// One pass over the events of a document.
struct YAMLBuilder {
    /// A node with what it costs to repeat it.
    private struct Built {
        let node: YAMLNode
        /// How many nodes it is made of, keys and itself included.
        let count: Int
        /// How many levels of lists and mappings it has.
        let height: Int
        /// `<<` and `<<` only; quoted it is a key like every other.
        var isMergeKey = false
    }

    private(set) var diagnostics: DiagnosticCollector
    private let text: YAMLText
    private let events: YAMLEventSource
    private let file: String
    private var count = 0
    private var anchors: [String: Built] = [:]
    /// The anchors of the collections that are being read.
    private var open: [String] = []
    /// Where the lists and mappings in brackets begin that are being read.
    private var brackets: [SourcePosition] = []

    init(_ text: YAMLText, file: String, diagnostics: DiagnosticCollector) {
        self.text = text
        self.file = file
        self.diagnostics = diagnostics
        events = YAMLEventSource(text.bytes)
    }

    /// Reads the only document; nil where there is none that can be read.
    mutating func document() -> YAMLNode? {
        do throws(YAMLAbort) {
            var event = try next()
            while true {
                switch event.kind {
                case .streamStart, .documentStart: event = try next()
                case .streamEnd: throw abort(.yamlEmpty, "the file is empty", at: Span(startOf: file))
                default:
                    let root = try node(event, depth: 0).node
                    try end()
                    guard case .scalar(let scalar) = root.content, scalar.isPlain, scalar.text.isEmpty else {
                        return root
                    }
                    throw abort(.yamlEmpty, "the file is empty", at: Span(startOf: file))
                }
            }
        } catch { return nil }
    }

    private mutating func end() throws(YAMLAbort) {
        _ = try next()
        let event = try next()
        guard case .streamEnd = event.kind else {
            throw abort(.yamlDocuments, "a second document starts here, a template is one", at: span(event))
        }
    }

    // MARK: - Nodes

    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLAbort) -> Built {
        switch event.kind {
        case .alias(let name): return try alias(name, event, depth: depth)
        case .scalar(let properties, let text, let isPlain):
            return try scalar(event, properties, text: text, isPlain: isPlain)
        case .sequenceStart(let properties, let isFlow):
            try enter(event, properties, depth: depth)
            return try sequence(event, properties, isFlow: isFlow, depth: depth + 1)
        case .mappingStart(let properties, let isFlow):
            try enter(event, properties, depth: depth)
            return try mapping(event, properties, isFlow: isFlow, depth: depth + 1)
        default: throw abort(.yamlSyntax, "a value is expected here", at: span(event))
        }
    }

    private mutating func enter(
        _ event: YAMLEvent,
        _ properties: YAMLEvent.Properties,
        depth: Int
    ) throws(YAMLAbort) {
        guard depth < YAMLParser.maximumDepth else { throw tooDeep(event) }
        try spend(1, on: event)
        guard let anchor = properties.anchor else { return }
        anchors[anchor] = nil
        open.append(anchor)
    }

    private mutating func leave(_ built: Built, _ properties: YAMLEvent.Properties) -> Built {
        if let anchor = properties.anchor {
            open.removeLast()
            anchors[anchor] = built
        }
        return built
    }

    private mutating func alias(_ name: String, _ event: YAMLEvent, depth: Int) throws(YAMLAbort) -> Built {
        if let built = anchors[name] {
            guard depth + built.height <= YAMLParser.maximumDepth else { throw tooDeep(event) }
            try spend(built.count, on: event)
            return built
        }
        try spend(1, on: event)
        let message =
            open.contains(name)
            ? "the alias '*\(name)' stands within what it names" : "no anchor '&\(name)' stands before this alias"
        report(.yamlAlias, message, at: span(event))
        let empty = YAMLNode.Content.scalar(YAMLNode.Scalar(text: "", isPlain: true))
        return Built(node: YAMLNode(empty, span: span(event)), count: 1, height: 0)
    }

    private mutating func scalar(
        _ event: YAMLEvent,
        _ properties: YAMLEvent.Properties,
        text: String,
        isPlain: Bool
    ) throws(YAMLAbort) -> Built {
        try spend(1, on: event)
        let place = span(event)
        let tag = YAMLTag(properties.tag)
        let scalar = tag.apply(to: YAMLNode.Scalar(text: text, isPlain: isPlain))
        if let fault = scalar.fault { report(.yamlTag, fault, at: place) }
        let node = YAMLNode(.scalar(scalar.value), tag: tag.local, span: place)
        let isMergeKey = text == "<<" && isPlain && properties.tag == nil
        let built = Built(node: node, count: 1, height: 0, isMergeKey: isMergeKey)
        if let anchor = properties.anchor { anchors[anchor] = built }
        return built
    }

    private mutating func sequence(
        _ start: YAMLEvent,
        _ properties: YAMLEvent.Properties,
        isFlow: Bool,
        depth: Int
    ) throws(YAMLAbort) -> Built {
        let before = count
        if isFlow { brackets.append(start.start) }
        var elements: [YAMLNode] = []
        var height = 0
        var event = try next()
        while true {
            if case .sequenceEnd = event.kind { break }
            let element = try node(event, depth: depth)
            elements.append(element.node)
            height = max(height, element.height)
            event = try next()
        }
        if isFlow { brackets.removeLast() }
        let place = span(start, to: isFlow ? event.end : nil, or: elements.last?.span)
        let tag = collectionTag(properties, standard: "seq", at: place)
        let node = YAMLNode(.sequence(elements), tag: tag, span: place)
        return leave(Built(node: node, count: count - before + 1, height: height + 1), properties)
    }

    private mutating func mapping(
        _ start: YAMLEvent,
        _ properties: YAMLEvent.Properties,
        isFlow: Bool,
        depth: Int
    ) throws(YAMLAbort) -> Built {
        let before = count
        if isFlow { brackets.append(start.start) }
        var members = YAMLMembers()
        var height = 0
        var last: Span?
        var event = try next()
        while true {
            if case .mappingEnd = event.kind { break }
            let key = try node(event, depth: depth)
            let value = try node(try next(), depth: depth)
            height = max(height, key.height, value.height)
            last = value.node.span < key.node.span ? key.node.span : value.node.span
            members.add(key: key.node, isMerge: key.isMergeKey, value: value.node, into: &diagnostics)
            event = try next()
        }
        if isFlow { brackets.removeLast() }
        let place = span(start, to: isFlow ? event.end : nil, or: last)
        let tag = collectionTag(properties, standard: "map", at: place)
        let node = YAMLNode(.mapping(members.entries(into: &diagnostics)), tag: tag, span: place)
        return leave(Built(node: node, count: count - before + 1, height: height + 1), properties)
    }

    private mutating func collectionTag(
        _ properties: YAMLEvent.Properties,
        standard: String,
        at place: Span
    ) -> String? {
        let tag = YAMLTag(properties.tag)
        if let fault = tag.fault(onCollection: standard) { report(.yamlTag, fault, at: place) }
        return tag.local
    }

    // MARK: - Places, budgets and faults

    private mutating func next() throws(YAMLAbort) -> YAMLEvent {
        do { return try events.next() } catch {
            let (message, notes) = YAMLFaultText.describe(error, in: text.bytes, open: brackets) { point($0) }
            diagnostics.emit(Diagnostic(.yamlSyntax, message, at: point(error.position), notes: notes))
            throw YAMLAbort()
        }
    }

    private mutating func spend(_ nodes: Int, on event: YAMLEvent) throws(YAMLAbort) {
        count += nodes
        guard count <= YAMLParser.maximumNodes else {
            let message = "the file has more than \(YAMLParser.maximumNodes) values after its aliases are expanded"
            throw abort(.yamlTooManyNodes, message, at: span(event))
        }
    }

    private mutating func tooDeep(_ event: YAMLEvent) -> YAMLAbort {
        abort(.yamlTooDeep, "nested deeper than \(YAMLParser.maximumDepth) levels", at: span(event))
    }

    private mutating func report(_ code: DiagnosticCode, _ message: String, at span: Span) {
        diagnostics.emit(Diagnostic(code, message, at: span))
    }

    private mutating func abort(_ code: DiagnosticCode, _ message: String, at span: Span) -> YAMLAbort {
        report(code, message, at: span)
        return YAMLAbort()
    }

    private func point(_ position: SourcePosition) -> Span { Span(file: file, at: text.original(position)) }

    private func span(_ event: YAMLEvent) -> Span {
        Span(file: file, start: text.original(event.start), end: text.original(event.end))
    }

    /// A collection's place: libyaml puts the end of one without brackets behind the blank lines that follow it.
    private func span(_ start: YAMLEvent, to end: SourcePosition?, or last: Span?) -> Span {
        let first = text.original(start.start)
        let reached = end.map(text.original) ?? last?.end ?? text.original(start.end)
        return Span(file: file, start: first, end: max(first, reached))
    }
}
