// How `samovar start-api` shows what the compiler has to say.

internal import Compiler
internal import Diagnostics
internal import Glibc

/// Diagnostics on standard error.
enum StartAPIReport {
    /// Shows them all, in colour on a terminal unless NO_COLOR is set (no-color.org).
    static func show(_ compilation: Compilation) {
        guard !compilation.diagnostics.isEmpty else { return }
        let refusesColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let renderer = DiagnosticTextRenderer(
            sources: compilation.sources,
            isColored: isatty(STDERR_FILENO) == 1 && !refusesColor
        )
        StartAPIConsole.show(renderer.render(compilation.diagnostics))
    }
}
