// A value of a file of settings, whether that is TOML, YAML or JSON, with its place.

package import Diagnostics

/// A value and where it stands.
package struct SettingValue: Hashable, Sendable {
    package indirect enum Content: Hashable, Sendable {
        case text(String)
        case boolean(Bool)
        /// A number as it would be written in decimal.
        case number(String)
        /// A date, a time or both, as it is written.
        case moment(String)
        case list([SettingValue])
        case table([Entry])
        case null
    }

    /// One member of a table.
    package struct Entry: Hashable, Sendable {
        package let key: String
        package let keySpan: Span
        package let value: SettingValue
    }

    package let content: Content
    package let span: Span

    package init(_ content: Content, at span: Span) {
        self.content = content
        self.span = span
    }

    /// The members of a table, nil for every other value.
    package var table: [Entry]? { if case .table(let entries) = content { entries } else { nil } }

    /// The member of a table, nil where there is none or this is no table.
    package subscript(key: String) -> SettingValue? { table?.first { $0.key == key }?.value }

    /// What the value is, for messages.
    package var kind: String {
        switch content {
        case .text: "a text"
        case .boolean: "a boolean"
        case .number: "a number"
        case .moment: "a date or time"
        case .list: "a list"
        case .table: "a table"
        case .null: "nothing"
        }
    }
}

extension SettingValue {
    /// The same as a node of YAML has it; functions of CloudFormation are texts like others.
    init(_ node: YAMLNode) {
        let content: Content
        switch node.content {
        case .scalar(let scalar):
            // What is in quotes is a text to a file of settings, whatever it looks like.
            if !scalar.isPlain {
                content = .text(scalar.text)
            } else if scalar.isNull {
                content = .null
            } else if let truth = scalar.boolean {
                content = .boolean(truth)
            } else {
                content = scalar.isNumber ? .number(scalar.text) : .text(scalar.text)
            }
        case .sequence(let elements): content = .list(elements.map(SettingValue.init))
        case .mapping(let entries):
            content = .table(
                entries.map { Entry(key: $0.key, keySpan: $0.keySpan, value: SettingValue($0.value)) }
            )
        }
        self.init(content, at: node.span)
    }
}
