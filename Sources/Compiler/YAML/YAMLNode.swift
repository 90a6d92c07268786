// A parsed YAML or JSON text: values that know their place.

package import Diagnostics

/// A node of a YAML or JSON text after aliases and merge keys are expanded.
package struct YAMLNode: Hashable, Sendable {
    /// What the node holds.
    package indirect enum Content: Hashable, Sendable {
        case scalar(Scalar)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// A text as it stands, with what decides whether it may be read as something other than a string.
    package struct Scalar: Hashable, Sendable {
        package let text: String
        /// Unquoted: `true`, `1`, `null` are then a boolean, an integer and nothing.
        package let isPlain: Bool

        package init(text: String, isPlain: Bool) {
            self.text = text
            self.isPlain = isPlain
        }
    }

    /// One member of a mapping.
    package struct Entry: Hashable, Sendable {
        /// The key's text; a mapping whose key is no scalar is reported and left out by the parser.
        package let key: String
        package let keySpan: Span
        package let value: YAMLNode

        package init(key: String, keySpan: Span, value: YAMLNode) {
            self.key = key
            self.keySpan = keySpan
            self.value = value
        }
    }

    package let content: Content
    /// An explicit local tag such as `!Ref`, `!Sub`, `!GetAtt`, with its exclamation mark; nil for none.
    package let tag: String?
    package let span: Span

    package init(_ content: Content, tag: String? = nil, span: Span) {
        self.content = content
        self.tag = tag
        self.span = span
    }
}
