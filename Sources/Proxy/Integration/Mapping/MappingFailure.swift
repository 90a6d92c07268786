// Why a mapping of the manifest cannot be honoured.

/// A mapping that this version cannot do: its route answers 501.
struct MappingFailure: Error, Sendable {
    /// Why, for log and metrics.
    let detail: StaticString

    init(_ detail: StaticString) { self.detail = detail }
}
