// The compiler's table of contents: its passes in order, each a call.

internal import Diagnostics
internal import Manifest

/// Compiles a template, and what belongs to it, to a manifest.
package enum Compiler {
    /// Compiles what `options` name; mistakes in the files are diagnostics of the result.
    package static func compile(_ options: CompilerOptions) -> Compilation {
        var files = SourceFiles()
        var diagnostics = DiagnosticCollector()
        _ = files.read(options.template, at: nil, into: &diagnostics)
        return Compilation(
            manifest: nil,
            secrets: Secrets(),
            diagnostics: diagnostics.sorted,
            sources: files.texts,
            inputs: files.paths
        )
    }
}
