// A page of metrics in Prometheus' text format (version 0.0.4).

/// The text of a page, family by family.
package struct MetricsPage {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package enum Kind: String {
        case counter, gauge, histogram
    }

    /// The page so far.
    package private(set) var text = ""

    package init() {}

    /// Adds a family with one sample that has no labels.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger) {
        add(name, kind, help) { $0.add("", value) }
    }

    /// Adds a family.
    ///
    /// - Parameters:
    ///   - name: the family's name.
    ///   - kind: its type.
    ///   - help: a sentence in one line.
    ///   - body: adds the samples, labels as `label` spells them.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ body: (inout Family) -> Void) {
        var family = Family(name: name, text: "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
        body(&family)
        text += family.text
    }

    /// A label with its value: `name="value"`.
    package static func label(_ name: String, _ value: String) -> String { "\(name)=\"\(escape(value))\"" }

    /// A duration as samples have it, in seconds.
    package static func seconds(_ nanoseconds: UInt64) -> String { "\(Double(nanoseconds) / 1_000_000_000)" }

    private static func escape(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
    }

    /// The samples of one family.
    package struct Family {
        fileprivate let name: String
        fileprivate var text: String

        /// Adds a sample.
        ///
        /// - Parameters:
        ///   - labels: labels with their values, separated by commas; empty for none.
        ///   - value: the value.
        package mutating func add(_ labels: String, _ value: some CustomStringConvertible) {
            add(suffix: "", labels, value)
        }

        /// Adds the samples of a histogram of durations.
        ///
        /// - Parameters:
        ///   - labels: labels with their values, separated by commas; empty for none.
        ///   - limits: the upper ends of the buckets but the last, in nanoseconds.
        ///   - buckets: how many durations fell into each bucket, one more than there are limits.
        ///   - total: the sum of the durations, in nanoseconds.
        package mutating func addHistogram(_ labels: String, limits: [UInt64], buckets: [UInt64], total: UInt64) {
            var count: UInt64 = 0
            for (index, bucket) in buckets.enumerated() {
                count += bucket
                let end = index < limits.count ? MetricsPage.seconds(limits[index]) : "+Inf"
                add(suffix: "_bucket", "\(labels)\(labels.isEmpty ? "" : ",")le=\"\(end)\"", count)
            }
            add(suffix: "_sum", labels, MetricsPage.seconds(total))
            add(suffix: "_count", labels, count)
        }

        private mutating func add(suffix: String, _ labels: String, _ value: some CustomStringConvertible) {
            text += "\(name)\(suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(value)\n"
        }
    }
}
