// Which files a compilation came from, and whether they are still the same.

internal import Compiler
internal import FileWatch

/// Compiles, and says when compiling again would give something else.
struct CompilationWatch: Sendable {
    let options: CompilerOptions
    private var paths: [String]
    private var watch: SettlingWatch

    init(options: CompilerOptions) {
        self.options = options
        paths = [options.template] + (options.environmentFile.map { [$0] } ?? [])
        watch = SettlingWatch(reported: [])
    }

    /// Compiles the files as they are now.
    mutating func compile() -> Compilation {
        // Taken before anything is read, so that a change while we read shows as one afterwards.
        let before = Dictionary(paths.map { ($0, FileFingerprint(path: $0)) }) { first, _ in first }
        let compilation = Compiler.compile(options)
        paths = compilation.inputs
        watch = SettlingWatch(reported: paths.map { before[$0] ?? FileFingerprint(path: $0) })
        return compilation
    }

    /// Whether a file has changed since, and has come to rest; to be asked at intervals.
    mutating func haveChanged() -> Bool { watch.observe(paths.map { FileFingerprint(path: $0) }) }
}
