// Where the commands speak: results on standard output, everything else on standard error.

internal import ArgumentParser
internal import Compiler
internal import Diagnostics
internal import Glibc
internal import SystemPackage

/// Standard output and standard error.
enum Console {
    /// Writes a result.
    ///
    /// - Throws: `ExitCode` 1 where nobody can take it, such as a full disk; a closed pipe ends the program as usual.
    static func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// The same for a result that need not be a text.
    static func write(_ bytes: [UInt8]) throws {
        do { _ = try FileDescriptor.standardOutput.writeAll(bytes) } catch {
            throw failure("cannot write to standard output: \(error)")
        }
    }

    /// Writes a text for people.
    static func say(_ text: String) {
        // Nobody is left to be told where standard error itself is gone.
        _ = try? FileDescriptor.standardError.writeAll(Array(text.utf8))
    }

    /// Says why the command cannot do its work; throw what it returns.
    static func failure(_ message: String) -> ExitCode {
        say("error: \(message)\n")
        return ExitCode(1)
    }

    /// Writes diagnostics to standard error, as text with a line that counts them, or in a format for programs.
    static func show(_ compilation: Compilation, as format: DiagnosticFormat) {
        if format == .text {
            guard !compilation.diagnostics.isEmpty else { return }
            let renderer = DiagnosticTextRenderer(sources: compilation.sources, isColored: isColored)
            say(renderer.render(compilation.diagnostics))
            if let summary = DiagnosticTextRenderer.summary(of: compilation.diagnostics) { say("\(summary)\n") }
        } else {
            say(text(of: compilation.diagnostics, as: format))
        }
    }

    /// Diagnostics in a format for programs; as `text` they have no lines of source.
    static func text(of diagnostics: [Diagnostic], as format: DiagnosticFormat) -> String {
        switch format {
        case .text: DiagnosticTextRenderer(sources: [:]).render(diagnostics)
        case .json: DiagnosticJSONRenderer.render(diagnostics)
        case .github: DiagnosticGitHubRenderer.render(diagnostics)
        case .sarif:
            DiagnosticSARIFRenderer(
                toolName: Samovar.name,
                version: Samovar.version,
                workingFolder: InputFile.workingFolder,
                entries: DiagnosticCatalogue.entries
            ).render(diagnostics)
        }
    }

    /// Whether standard error is a terminal that may be coloured (no-color.org).
    static var isColored: Bool {
        let refusesColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? false
        return isatty(STDERR_FILENO) == 1 && !refusesColor && !isDumb
    }
}
