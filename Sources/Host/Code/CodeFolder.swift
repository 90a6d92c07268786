// A folder that the host has filled, for as long as somebody needs it.

/// A folder in the host's private folder, removed with the last reference to this.
final class CodeFolder: Sendable {
    let path: String
    private let cleaner: Cleaner

    init(path: String, cleaner: Cleaner) {
        self.path = path
        self.cleaner = cleaner
    }

    deinit { cleaner.remove(folder: path) }
}
