// Why an archive was not unpacked.

/// What is wrong with an archive, in words that follow its name.
struct ArchiveError: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
