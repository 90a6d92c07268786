// Prometheus' text format, read as strictly as its description has it.

/// A page of metrics (text format, version 0.0.4).
struct Exposition {
    struct Sample {
        let name: String
        let labels: [(name: String, value: String)]
        let value: Double

        subscript(_ label: String) -> String? { labels.first { $0.name == label }?.value }

        /// The labels but for one, to tell series of buckets apart.
        func series(without label: String) -> String {
            labels.filter { $0.name != label }.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: ",")
        }
    }

    /// The type of each family, in the order of the page.
    private(set) var types: [(name: String, type: String)] = []
    private(set) var samples: [Sample] = []

    /// - Throws: `TestFailure` for the first line that is not as it should be.
    init(parsing text: String) throws {
        guard text.hasSuffix("\n") else { throw TestFailure("the last line has no end") }
        var help: Set<String> = []
        var series: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            func fail(_ what: String) -> TestFailure { TestFailure("\(what): \(line)") }
            if line.hasPrefix("# HELP ") {
                let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
                guard parts.count == 2, Self.isName(parts[0]) else { throw fail("HELP") }
                guard help.insert(String(parts[0])).inserted else { throw fail("HELP twice") }
            } else if line.hasPrefix("# TYPE ") {
                let parts = line.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 2, ["counter", "gauge", "histogram"].contains(parts[1]) else { throw fail("TYPE") }
                guard help.contains(parts[0]) else { throw fail("no HELP before") }
                guard !types.contains(where: { $0.name == parts[0] }) else { throw fail("TYPE twice") }
                types.append((parts[0], parts[1]))
            } else {
                let sample = try Self.sample(line)
                guard let family = types.last else { throw fail("a sample before any TYPE") }
                let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                guard suffixes.contains(where: { family.name + $0 == sample.name }) else {
                    throw fail("not of the family '\(family.name)'")
                }
                guard family.type == "gauge" || sample.value >= 0 else { throw fail("below zero") }
                guard family.type != "counter" || sample.name.hasSuffix("_total") else { throw fail("no _total") }
                guard series.insert(sample.name + sample.series(without: "")).inserted else { throw fail("twice") }
                samples.append(sample)
            }
        }
    }

    private static func isName(_ text: Substring) -> Bool { text.wholeMatch(of: /[a-zA-Z_:][a-zA-Z0-9_:]*/) != nil }

    private static func sample(_ line: Substring) throws -> Sample {
        let name = line.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
        guard isName(name) else { throw TestFailure("no name: \(line)") }
        var rest = line.dropFirst(name.count)
        var labels: [(name: String, value: String)] = []
        if rest.hasPrefix("{") {
            repeat {
                rest = rest.dropFirst()
                let label = rest.prefix { $0 != "=" }
                guard label.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil,
                    rest.dropFirst(label.count).hasPrefix("=\"")
                else { throw TestFailure("a label: \(line)") }
                guard !labels.contains(where: { $0.name == label }) else { throw TestFailure("a label twice: \(line)") }
                rest = rest.dropFirst(label.count + 2)
                labels.append((String(label), try value(&rest, line)))
            } while rest.hasPrefix(",")
            guard rest.hasPrefix("}") else { throw TestFailure("no end of the labels: \(line)") }
            rest = rest.dropFirst()
        }
        guard rest.hasPrefix(" "), let number = Double(rest.dropFirst()) else { throw TestFailure("a value: \(line)") }
        return Sample(name: String(name), labels: labels, value: number)
    }

    private static func value(_ rest: inout Substring, _ line: Substring) throws -> String {
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\":
                switch rest.popFirst() {
                case "\\": text += "\\"
                case "\"": text += "\""
                case "n": text += "\n"
                default: throw TestFailure("an escape: \(line)")
                }
            default: text.append(character)
            }
        }
        throw TestFailure("no end of a label's value: \(line)")
    }
}
