// `--allow`: a file of changes that somebody has looked at and accepted, each with the reason.

internal import Compiler
internal import Diagnostics
internal import JSON
internal import Review

/// Accepted changes: a list, in YAML or JSON, of mappings with `rule`, `api`, `identity`, `member`, `before`, `after` and
/// `reason`. There are no wildcards: who accepts a change says which.
struct AcceptanceFile {
    /// A change that is accepted.
    private struct Entry {
        var rule = ""
        var api: String?
        var identity: String?
        var member: String?
        var before: String?
        var after: String?
        var reason = ""
        let line: Int

        /// Whether it means a change. An API itself is named by `api`, by `identity` or by both.
        func accepts(_ change: Change) -> Bool {
            rule == change.rule.id && identity ?? api == change.place.identity
                && (api == change.place.api || api == nil && change.place.kind == "api")
                && member.map { $0 == change.member } ?? true
                && before.map { $0 == change.before?.plainText } ?? true
                && after.map { $0 == change.after?.plainText } ?? true
        }
    }

    private static let members: [(name: String, path: any WritableKeyPath<Entry, String?> & Sendable)] = [
        ("api", \.api), ("identity", \.identity), ("member", \.member), ("before", \.before), ("after", \.after),
    ]
    private static let names = ["rule"] + members.map(\.name) + ["reason"]

    private let path: String
    private var entries: [Entry] = []
    /// What is wrong, each with its place.
    private var faults: [String] = []

    /// Reads a file.
    ///
    /// - Throws: `CommandError` where it is no list of accepted changes, after what is wrong has been said.
    init(_ path: String) throws(CommandError) {
        self.path = path
        let bytes: [UInt8]
        do { bytes = try InputFile.read(path) } catch { throw CommandError("cannot read '\(path)': \(error)") }
        // Nothing is accepted yet; to YAML such a text is no document.
        let beginnings = bytes.split(separator: UInt8(ascii: "\n")).map { $0.first { !" \t\r".utf8.contains($0) } }
        guard beginnings.contains(where: { $0 != nil && $0 != UInt8(ascii: "#") }) else { return }
        var diagnostics = DiagnosticCollector()
        let root = YAMLParser.parse(bytes, file: path, into: &diagnostics)
        if diagnostics.hasErrors {
            let sources = [path: String(decoding: bytes, as: UTF8.self)]
            Console.say(
                DiagnosticTextRenderer(sources: sources, isColored: Console.isColored).render(diagnostics.sorted)
            )
        } else if let root, !root.isNull {
            read(root)
        }
        for fault in faults { Console.say("\(fault.visible)\n") }
        guard faults.isEmpty, !diagnostics.hasErrors else {
            throw CommandError("'\(path)' is no usable list of accepted changes")
        }
    }

    /// Marks the changes that are accepted, and says which entries mean none.
    func apply(to report: inout ChangeReport) {
        var uses = Array(repeating: 0, count: entries.count)
        for index in report.changes.indices {
            for (number, entry) in entries.enumerated() where entry.accepts(report.changes[index]) {
                uses[number] += 1
                report.changes[index].acceptance = report.changes[index].acceptance ?? entry.reason
            }
        }
        for (entry, uses) in zip(entries, uses) where uses != 1 {
            let what = "'\(entry.rule)' of '\(entry.identity ?? entry.api ?? "")'"
            guard uses == 0 else {
                report.remarks.append(
                    "line \(entry.line) of '\(path)' accepts \(uses) changes: \(what); 'member', 'before' and 'after' "
                        + "say which are meant"
                )
                continue
            }
            let others = report.changes.filter { change in
                change.rule.id == entry.rule && change.place.identity == entry.identity && change.place.api != entry.api
            }
            let hint = others.first?.place.api.map { "; there is one in the API '\($0)': add 'api: \($0)'" } ?? ""
            report.remarks.append("line \(entry.line) of '\(path)' accepts \(what), which is no change here\(hint)")
        }
    }

    private mutating func read(_ root: YAMLNode) {
        guard let elements = root.elements else {
            return fault("a list of accepted changes is needed, not \(root.kind)", at: root.span)
        }
        for element in elements {
            guard let mapping = element.mapping else {
                fault("a mapping with 'rule', 'identity' and 'reason' is needed, not \(element.kind)", at: element.span)
                continue
            }
            let count = faults.count
            var entry = Entry(line: element.span.start.line)
            for member in mapping {
                guard let text = member.value.string, !text.isEmpty else {
                    fault("'\(member.key)' is a text, not \(member.value.kind)", at: member.value.span)
                    continue
                }
                if member.key == "rule" {
                    entry.rule = text
                    if ChangeRules.rule(named: text) == nil {
                        let hint = didYouMean(text, among: ChangeRules.all.map(\.id))
                        fault("there is no rule '\(text)'\(hint)", at: member.value.span)
                    }
                } else if member.key == "reason" {
                    entry.reason = text
                } else if let known = Self.members.first(where: { $0.name == member.key }) {
                    entry[keyPath: known.path] = text
                } else {
                    let hint = didYouMean(member.key, among: Self.names)
                    fault("there is no member '\(member.key)'\(hint)", at: member.keySpan)
                }
            }
            guard count == faults.count else { continue }
            if entry.rule.isEmpty { fault("'rule' is missing", at: element.span) }
            if entry.identity == nil, entry.api == nil {
                fault("'identity' is missing: the route, function or other thing that changed", at: element.span)
            }
            if entry.reason.isEmpty {
                fault("'reason' is missing: why the change is accepted, for those who read it later", at: element.span)
            }
            entries.append(entry)
        }
    }

    private mutating func fault(_ message: String, at span: Span) {
        faults.append("\(span.file):\(span.start.line):\(span.start.column): error: \(message)")
    }
}

extension ChangeValue {
    /// The value as a person would write it into the file: a text without quotes, anything else as JSON; of a hidden one
    /// its fingerprint.
    fileprivate var plainText: String? {
        switch self {
        case .shown(.string(let text)): text
        case .shown(let value): value.canonicalText.trimmingLineFeeds
        case .hidden(_, let fingerprint): fingerprint
        }
    }
}

extension String {
    fileprivate var trimmingLineFeeds: String { String(reversed().drop { $0 == "\n" }.reversed()) }
}
