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
    static func write(_ text: String) throws {
        do { _ = try FileDescriptor.standardOutput.writeAll(Array(text.utf8)) } catch {
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

    /// Writes diagnostics to standard error, as text with a line that counts them, or as JSON lines.
    static func show(_ compilation: Compilation, as format: OutputFormat) {
        guard !compilation.diagnostics.isEmpty else { return }
        switch format {
        case .json: say(DiagnosticJSONRenderer.render(compilation.diagnostics))
        case .text:
            let renderer = DiagnosticTextRenderer(sources: compilation.sources, isColored: isColored)
            say(renderer.render(compilation.diagnostics))
            if let summary = DiagnosticTextRenderer.summary(of: compilation.diagnostics) { say("\(summary)\n") }
        }
    }

    /// Whether standard error is a terminal that may be coloured (no-color.org).
    private static var isColored: Bool {
        let refusesColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? false
        return isatty(STDERR_FILENO) == 1 && !refusesColor && !isDumb
    }
}
