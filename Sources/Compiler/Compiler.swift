// The compiler's table of contents: its passes in order, each a call.

package import Diagnostics
internal import Manifest

/// Compiles a template, and what belongs to it, to a manifest.
package enum Compiler {
    /// Compiles what `options` name; mistakes in the files are diagnostics of the result.
    ///
    /// The passes, each from one representation to the next, each going on as far as it can. For each stack, the
    /// template and those that it nests:
    /// 1. **Parse**: bytes to `YAMLNode`, where every node knows its place (`YAMLParser`).
    /// 2. **Expand**: nodes to nodes: includes and loops written out (`Expansion`).
    /// 3. **Read**: nodes to `Template`, its Globals merged into its resources.
    /// 4. **Resolve**: `Template` to `ResolvedTemplate`: parameters, conditions and functions evaluated; what cannot be
    ///    known stays as a value that says why. Nested stacks are compiled up to here when their turn comes.
    /// 5. **Lower**: resources to APIs, routes and functions (`Lowering`), named as the whole manifest does.
    ///
    /// For all together:
    /// 6. **Overlay**: `env.json` and the file of endpoints on the functions.
    /// 7. **Check**: all routes together: duplicates, claims of two APIs, requests that pass an authorizer.
    ///
    /// Printing is the manifest's own: `Manifest.text` is canonical.
    package static func compile(_ options: CompilerOptions) -> Compilation {
        var files = SourceFiles(contents: options.contents, tree: options.files)
        var diagnostics = DiagnosticCollector()
        var secrets = Secrets()
        var map = SourceMap()
        let manifest = manifest(options, files: &files, secrets: &secrets, map: &map, diagnostics: &diagnostics)
        diagnostics.apply(options.severityRules)
        return Compilation(
            manifest: diagnostics.hasErrors ? nil : manifest,
            partial: manifest,
            secrets: secrets,
            diagnostics: diagnostics.sorted.keepingQuotes(in: files.texts),
            sources: files.texts,
            sourceMap: map,
            inputs: files.paths
        )
    }

    private static func manifest(
        _ options: CompilerOptions,
        files: inout SourceFiles,
        secrets: inout Secrets,
        map: inout SourceMap,
        diagnostics: inout DiagnosticCollector
    ) -> Manifest? {
        if let source = options.configuration, let bytes = files.read(source.file, at: nil, into: &diagnostics) {
            _ = ToolConfiguration(bytes, source, into: &diagnostics)
        }
        var options = options
        // Every file is read even where an early one is bad: a watcher has to know them all.
        let bytes = files.read(options.template, at: nil, into: &diagnostics)
        files.tree = LocalFiles()
        let given = ParameterFiles.resolve(options.parameterArguments, files: &files, into: &diagnostics)
        options.parameterOverrides.merge(given) { $1 }
        let environment = options.environmentFile.map { ($0, files.read($0, at: nil, into: &diagnostics)) }
        let endpoints = options.endpointsFile.map { ($0, files.read($0, at: nil, into: &diagnostics)) }

        files.tree = options.files
        guard let bytes else { return nil }
        let tree = StackTree(files: files)
        let root = stack(StackInput(options), bytes, in: tree, into: &diagnostics)
        files = tree.files
        guard root != nil else { return nil }
        var manifest = Manifest()
        var routes: [Lowering.RouteDraft] = []
        var openVariables: [Lowering.OpenVariable] = []
        var authorizers: [String: [String: Span]] = [:]
        for template in tree.linked() {
            var lowering = Lowering(template, diagnostics: diagnostics)
            lowering.run()
            diagnostics = lowering.diagnostics
            let lowered = LoweredStack(lowering, mapsSources: options.mapsSources, into: &diagnostics)
            map.add(lowered.sourceMap)
            manifest.add(lowered.manifest)
            secrets.add(lowered.secrets)
            routes += lowered.routes
            openVariables += lowered.openVariables
            authorizers.merge(lowered.authorizers) { first, _ in first }
        }

        if case (let file, let bytes?)? = environment {
            EnvironmentFile.parse(bytes, file: file, host: options.host, into: &diagnostics)?
                .overlay(on: &manifest, secrets: &secrets, into: &diagnostics)
        }
        if case (let file, let bytes?)? = endpoints {
            EndpointsFile.parse(bytes, file: file, into: &diagnostics)?.overlay(on: &manifest, into: &diagnostics)
        }
        reportOpenVariables(openVariables, manifest, secrets, into: &diagnostics)

        Checks.run(routes, of: manifest, authorizers: authorizers, file: options.template, into: &diagnostics)
        return manifest
    }

    /// The passes up to Resolve for one stack; nil where there is no template to read, which is reported.
    static func stack(
        _ input: StackInput,
        _ bytes: [UInt8],
        in tree: StackTree,
        into diagnostics: inout DiagnosticCollector
    ) -> ResolvedTemplate? {
        guard let root = YAMLParser.parse(bytes, file: input.file, into: &diagnostics) else { return nil }
        guard tree.take(root, of: input, into: &diagnostics) else { return nil }
        let expanded = Expansion.expand(root, stack: input, files: &tree.files, into: &diagnostics)
        guard var template = Template(expanded, into: &diagnostics) else { return nil }
        template.readDefinitions(files: &tree.files, into: &diagnostics)
        let resolved = ResolvedTemplate(template, stack: input, in: tree, into: &diagnostics)
        tree.add(resolved)
        return resolved
    }

    /// Says which variables still have no value after `env.json`.
    private static func reportOpenVariables(
        _ variables: [Lowering.OpenVariable],
        _ manifest: Manifest,
        _ secrets: Secrets,
        into diagnostics: inout DiagnosticCollector
    ) {
        for variable in variables {
            let isOpen =
                switch manifest.functions[variable.function]?.environment[variable.name] {
                case .text(let text)?: text.isEmpty || DynamicReference(in: text) != nil
                case .secret?: secrets.functions[variable.function]?[variable.name] == nil
                case nil: false
                }
            if isOpen { diagnostics.emit(variable.diagnostic) }
        }
    }
}

/// The codes that reading files raises.
package enum CompilerCodes {
    package static let all: [DiagnosticCode] = [.fileUnreadable]
}
