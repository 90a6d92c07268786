// One side of a comparison, read: a manifest, and what compiling had to say of it.

internal import Compiler
internal import Diagnostics
internal import Manifest
internal import Review

/// A side of a comparison.
struct ReviewSide {
    let revision: ManifestRevision
    /// What the compiler made of it; nil for a manifest, and for nothing.
    let compilation: Compilation?
    /// Where the parts of the manifest stand, as far as that is known.
    let sourceMap: SourceMap?
    /// Whether there was nothing to read.
    let isEmpty: Bool

    /// Reads a side, and says on standard error what is wrong in its template.
    ///
    /// - Parameters:
    ///   - source: what to read.
    ///   - arguments: with which values templates are compiled.
    /// - Throws: `CommandError` where there is no manifest to be had.
    init(_ source: ReviewSource, _ arguments: CompilationArguments) throws {
        isEmpty = source.isEmpty
        guard !source.isEmpty else {
            revision = ManifestRevision(name: source.name, manifest: Manifest(), isASCII: true)
            compilation = nil
            sourceMap = nil
            return
        }
        var options = try arguments.options(source)
        options.mapsSources = true
        switch try ManifestFile(options) {
        case .manifest(let manifest, let isASCII):
            revision = ManifestRevision(
                name: source.name,
                manifest: manifest,
                secrets: Self.sidecar(of: source),
                isASCII: isASCII
            )
            compilation = nil
            let isLocal = source.tree is LocalFiles && source.contents == nil
            sourceMap = isLocal ? SourceMapFile.read(besideManifest: source.path, manifest) : nil
        case .template(let result):
            guard let manifest = result.manifest else {
                Self.show(result, source, options)
                throw CommandError("'\(source.name)' cannot be compiled, so there is nothing to compare")
            }
            revision = ManifestRevision(name: source.name, manifest: manifest, secrets: result.secrets)
            compilation = result
            sourceMap = result.sourceMap.mapFiles { Self.name($0, source, options) }
        }
    }

    /// How many warnings this side has that another one has not; those of a manifest are not known.
    func newWarnings(since other: ReviewSide) -> Int {
        guard let compilation, other.compilation != nil || other.isEmpty else { return 0 }
        var known: [String: Int] = [:]
        for diagnostic in other.compilation?.diagnostics ?? [] { known[diagnostic.message, default: 0] += 1 }
        return compilation.diagnostics.count { diagnostic in
            guard diagnostic.severity == .warning else { return false }
            guard let count = known[diagnostic.message], count > 0 else { return true }
            known[diagnostic.message] = count - 1
            return false
        }
    }

    /// The values beside a manifest on this machine, where there are any: they make fingerprints.
    private static func sidecar(of source: ReviewSource) -> Secrets {
        guard source.tree is LocalFiles, source.contents == nil,
            let bytes = try? InputFile.read(Secrets.path(besideManifest: source.path)),
            let secrets = try? Secrets(parsing: bytes)
        else { return Secrets() }
        return secrets
    }

    /// What a file of a side is called in reports.
    private static func name(_ path: String, _ source: ReviewSource, _ options: CompilerOptions) -> String {
        guard !source.prefix.isEmpty, path != options.environmentFile, path != options.endpointsFile,
            case .file = source.tree.look(at: path)
        else { return path }
        return source.prefix + path
    }

    /// Prints the diagnostics of a template, its files by the names that they have in the revision.
    private static func show(_ compilation: Compilation, _ source: ReviewSource, _ options: CompilerOptions) {
        func name(_ path: String) -> String { Self.name(path, source, options) }
        let sources = Dictionary(compilation.sources.map { (name($0), $1) }) { first, _ in first }
        let diagnostics = compilation.diagnostics.filter { $0.severity == .error }.map { $0.renamingFiles(name) }
        Console.say(DiagnosticTextRenderer(sources: sources, isColored: Console.isColored).render(diagnostics))
    }
}

extension Diagnostic {
    /// The same with other names of files. What would mend it is left out: nobody can mend a revision.
    fileprivate func renamingFiles(_ name: (String) -> String) -> Diagnostic {
        func renamed(_ span: Span?) -> Span? {
            span.map { Span(file: name($0.file), start: $0.start, end: $0.end) }
        }
        var copy = Diagnostic(
            code,
            message,
            at: renamed(span),
            notes: notes.map { Note($0.message, at: renamed($0.span)) }
        )
        copy.severity = severity
        return copy
    }
}

extension CompilationArguments {
    /// What the compiler needs to know for a side of a comparison. The settings of `samconfig.toml` are those of its
    /// own revision, the files that options name those of this machine.
    ///
    /// - Throws: `ParameterOverridesError`, which `validate` has ruled out.
    func options(_ source: ReviewSource) throws -> CompilerOptions {
        let configuration = configuration.source(beside: source.path, in: source.tree)
        let settings = ConfigurationArguments.read(configuration, in: source.tree)
        var options = try options(path: source.path, settings, from: configuration)
        options.files = source.tree
        options.contents[source.path] = source.contents
        return options
    }
}
