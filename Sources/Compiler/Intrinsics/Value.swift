// A value of the template after its functions are evaluated: known, or with the reason why it cannot be.

internal import Diagnostics

/// What an expression comes to.
struct Value: Hashable, Sendable {
    indirect enum Content: Hashable, Sendable {
        /// A text; unquoted ones may be read as numbers and booleans.
        case text(String, isPlain: Bool)
        case list([Value])
        case map([Member])
        /// `AWS::NoValue`: as if it did not stand there.
        case absent
        /// `null`, which CloudFormation refuses.
        case null
        /// What cannot be known before deployment, and why: "it is exported by another stack". Never empty.
        case unknown(String)
    }

    /// One member of a mapping.
    struct Member: Hashable, Sendable {
        let key: String
        let keySpan: Span
        let value: Value
    }

    let content: Content
    let span: Span
    /// Where a part of it comes from that must not be written down: "NoEcho parameter 'Password'"; nil for nowhere.
    var secretSource: String?
    /// What to say where routes depend on it, at the place that is to be mended; nil where the reason says it.
    var pending: Diagnostic? {
        get { pendingBox.first }
        set { pendingBox = newValue.map { [$0] } ?? [] }
    }
    /// A box, since nearly no value has one and there may be a million values.
    private var pendingBox: [Diagnostic] = []
    /// The text with a dynamic reference in it that is fetched on deployment, no secret; nil for every other value.
    var reference: String?
    /// The function that gave it, the outermost of several; nil for a value as it stands. SAM takes some functions only
    /// at some places.
    var function: String?
    /// The logical id of a resource whose name or attribute it would be once deployed, here a stand-in or unknown.
    var standIn: String?
    /// Whether a function gave it, so that its place does not hold its text.
    var isComputed = false

    init(_ content: Content, at span: Span, secretSource: String? = nil, isComputed: Bool = false) {
        self.content = content
        self.span = span
        self.secretSource = secretSource
        self.isComputed = isComputed
    }

    /// A text that a function gave.
    static func computed(_ text: String, at span: Span, secretSource: String? = nil) -> Value {
        Value(.text(text, isPlain: true), at: span, secretSource: secretSource, isComputed: true)
    }

    /// What a function cannot tell.
    static func unknown(_ reason: String, at span: Span, secretSource: String? = nil) -> Value {
        Value(.unknown(reason), at: span, secretSource: secretSource, isComputed: true)
    }

    /// The text of a text, nil for every other value.
    var text: String? {
        if case .text(let text, _) = content { text } else { nil }
    }

    /// The text of a text that may be shown, nil for a secret and for every other value.
    var openText: String? { secretSource == nil ? text : nil }

    /// The elements of a list, nil for every other value.
    var list: [Value]? {
        if case .list(let elements) = content { elements } else { nil }
    }

    /// The members of a mapping, nil for every other value.
    var members: [Member]? {
        if case .map(let members) = content { members } else { nil }
    }

    /// The value of a member of a mapping; nil where there is none.
    subscript(key: String) -> Value? { members?.first { $0.key == key }?.value }

    /// Why it cannot be known, nil for what is known.
    var unknownReason: String? {
        if case .unknown(let reason) = content { reason } else { nil }
    }

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .text: "a text"
        case .list: "a list"
        case .map: "a mapping"
        case .absent, .null: "nothing"
        case .unknown: "a value that is not known yet"
        }
    }

    /// The same value at another place: that of the function that gave it.
    func moved(to span: Span) -> Value {
        var value = Value(content, at: span, secretSource: secretSource, isComputed: true)
        value.pending = pending
        value.standIn = standIn
        return value
    }
}
