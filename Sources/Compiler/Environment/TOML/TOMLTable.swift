// Tables of TOML while they grow, and who may still add to them.

internal import Diagnostics

/// A part of a key and where it stands.
struct TOMLKey {
    let name: String
    let span: Span
}

/// A table that headers and dotted keys add to; a class, since a header reaches into tables that others made.
final class TOMLTable {
    enum Node {
        case value(SettingValue)
        case table(TOMLTable)
        case tables(TOMLTableList)
    }

    /// An array of tables; a class, so that adding to it does not copy it.
    final class TOMLTableList {
        var tables: [TOMLTable]
        init(_ tables: [TOMLTable]) { self.tables = tables }
    }

    /// How the table came to be.
    private enum Origin {
        /// A header below it.
        case implied
        /// A header of its own, or the beginning of the file.
        case header
        /// Dotted keys, in the body that has this number.
        case dotted(body: Int)
        case inline
    }

    let span: Span
    private var origin: Origin
    private var nodes: [String: (keySpan: Span, node: Node)] = [:]
    private var order: [String] = []
    /// Counts the bodies that tables of the document had, in the table whose body is read.
    private var body = 0

    /// The table of a whole file.
    init(at span: Span) {
        self.span = span
        origin = .header
    }

    private init(at span: Span, origin: Origin, body: Int = 0) {
        self.span = span
        self.origin = origin
        self.body = body
    }

    /// A table in braces.
    static func inline(at span: Span) -> TOMLTable { TOMLTable(at: span, origin: .inline) }

    /// The table as data.
    var value: SettingValue {
        let entries = order.compactMap { name -> SettingValue.Entry? in
            guard let (keySpan, node) = nodes[name] else { return nil }
            let value: SettingValue
            switch node {
            case .value(let known): value = known
            case .table(let table): value = table.value
            case .tables(let list): value = SettingValue(.list(list.tables.map(\.value)), at: keySpan)
            }
            return SettingValue.Entry(key: name, keySpan: keySpan, value: value)
        }
        return SettingValue(.table(entries), at: span)
    }

    /// A header has begun to speak of this table; dotted keys before it are closed.
    func beginBody() { body += 1 }

    // MARK: - Headers

    /// The table that a part of a header leads to, made where it is missing.
    func descend(_ key: TOMLKey, _ reader: TOMLReader) throws(TOMLFault) -> TOMLTable {
        switch nodes[key.name] {
        case nil:
            let table = TOMLTable(at: key.span, origin: .implied)
            set(key, .table(table))
            return table
        case (_, .table(let table))?:
            if case .inline = table.origin { throw taken(key, "a table in braces, which is complete", reader) }
            return table
        case (_, .tables(let list))?:
            guard let last = list.tables.last else { throw taken(key, "an array", reader) }
            return last
        case (_, .value(let value))?: throw taken(key, value.kind, reader)
        }
    }

    /// The table of a header's last part.
    func define(_ key: TOMLKey, at span: Span, _ reader: TOMLReader) throws(TOMLFault) -> TOMLTable {
        switch nodes[key.name] {
        case nil:
            let table = TOMLTable(at: span, origin: .header)
            set(key, .table(table))
            return table
        case (_, .table(let table))?:
            guard case .implied = table.origin else { throw twice(key, reader) }
            table.origin = .header
            return table
        default: throw twice(key, reader)
        }
    }

    /// One more table of an array of tables.
    func append(_ key: TOMLKey, at span: Span, _ reader: TOMLReader) throws(TOMLFault) -> TOMLTable {
        let table = TOMLTable(at: span, origin: .header)
        switch nodes[key.name] {
        case nil: set(key, .tables(TOMLTableList([table])))
        case (_, .tables(let list))?: list.tables.append(table)
        default: throw twice(key, reader)
        }
        return table
    }

    // MARK: - Keys

    /// The table that a part of a dotted key leads to, made where it is missing.
    func descendDotted(_ key: TOMLKey, from owner: TOMLTable, _ reader: TOMLReader) throws(TOMLFault) -> TOMLTable {
        switch nodes[key.name] {
        case nil:
            let table = TOMLTable(at: key.span, origin: .dotted(body: owner.body))
            set(key, .table(table))
            return table
        case (_, .table(let table))?:
            switch table.origin {
            case .implied: table.origin = .dotted(body: owner.body)
            case .dotted(let body) where body == owner.body: break
            case .dotted, .header: throw taken(key, "a table that is complete", reader)
            case .inline: throw taken(key, "a table in braces, which is complete", reader)
            }
            return table
        case (_, .tables)?: throw taken(key, "an array of tables", reader)
        case (_, .value(let value))?: throw taken(key, value.kind, reader)
        }
    }

    /// Sets the last part of a key, whose value comes next: a key that is there already is the earlier fault.
    func checkIsNew(_ key: TOMLKey, _ reader: TOMLReader) throws(TOMLFault) {
        if nodes[key.name] != nil { throw twice(key, reader) }
    }

    func set(_ key: TOMLKey, _ node: Node) {
        nodes[key.name] = (key.span, node)
        order.append(key.name)
    }

    private func twice(_ key: TOMLKey, _ reader: TOMLReader) -> TOMLFault {
        let first = nodes[key.name].map { ("the first is here", $0.keySpan) }
        return TOMLFault(message: "'\(key.name)' is there twice", position: key.span.start, note: first)
    }

    private func taken(_ key: TOMLKey, _ kind: String, _ reader: TOMLReader) -> TOMLFault {
        let first = nodes[key.name].map { ("it is here", $0.keySpan) }
        return TOMLFault(
            message: "'\(key.name)' is \(kind), nothing can be added to it",
            position: key.span.start,
            note: first
        )
    }
}
