// What holds for every template, whatever its bytes: asked by tests of texts that were chosen, by the fuzzer of all others.

package import Compiler
internal import Diagnostics
internal import Manifest

/// Compiles, and looks whether the result keeps what the compiler promises.
package enum CompilerProperties {
    /// How many bytes of text the diagnostics of a template may come to.
    package static let maximumReport = 4_000_000

    /// The first promise that is broken.
    ///
    /// - Parameters:
    ///   - template: the bytes of a template.
    ///   - environment: those of `env.json`, nil for none.
    /// - Returns: what is wrong; nil where all promises are kept.
    package static func violation(template: [UInt8], environment: [UInt8]? = nil) -> String? {
        var options = CompilerOptions(template: "template.yaml")
        options.contents["template.yaml"] = template
        if let environment {
            options.environmentFile = "env.json"
            options.contents["env.json"] = environment
        }
        return violation(options)
    }

    /// The first promise that is broken; nil where all are kept.
    package static func violation(_ options: CompilerOptions) -> String? {
        let compilation = Compiler.compile(options)
        let hasErrors = compilation.diagnostics.contains { $0.severity == .error }
        if hasErrors != (compilation.manifest == nil) { return "there is a manifest beside errors, or neither" }

        let again = Compiler.compile(options)
        guard again.manifest == compilation.manifest, again.secrets == compilation.secrets,
            again.diagnostics == compilation.diagnostics
        else { return "a second run answers otherwise" }

        for diagnostic in compilation.diagnostics {
            guard let span = diagnostic.span else { continue }
            guard span.start.line >= 1, span.start.column >= 1, span.start <= span.end else {
                return "\(diagnostic.code) is at \(span)"
            }
            if diagnostic.message.isEmpty { return "\(diagnostic.code) says nothing" }
        }
        let report = DiagnosticTextRenderer(sources: compilation.sources).render(compilation.diagnostics)
        if report.utf8.count > maximumReport { return "the diagnostics are \(report.utf8.count) bytes" }
        // The report's own line feeds are the only control characters that may reach a terminal.
        if report.utf8.contains(where: { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F }) {
            return "the diagnostics steer the terminal"
        }
        return compilation.manifest.flatMap(violation)
    }

    private static func violation(_ manifest: Manifest) -> String? {
        let text = manifest.text
        do {
            let read = try Manifest(parsing: text.utf8)
            if read.text != text { return "the manifest is printed otherwise after reading" }
            // Lists without an order of their own are sorted when they are written, so it is compared from there.
            return try Manifest(parsing: read.text.utf8) == read ? nil : "the manifest is read as another"
        } catch {
            return "the manifest cannot be read: \(error)"
        }
    }
}
