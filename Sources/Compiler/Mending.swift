// Compiling and mending in turns, until there is nothing left that mends itself.

package import Diagnostics
internal import JSON

/// What came of mending the files of a compilation.
package struct Mending: Sendable {
    /// How often fix-its are applied; one may lead to the next, but not for ever.
    private static let maximumRounds = 10

    /// One file that changes.
    package struct File: Sendable {
        package let path: String
        package let old: [UInt8]
        package let new: [UInt8]
        /// What was done, in the order in which it was.
        package let steps: [FixItApplication.Step]
    }

    /// The files that change, by path.
    package let files: [File]
    /// What the mended files compile to.
    package let compilation: Compilation

    /// Compiles, and applies the fix-its of what is said, again and again until nothing changes; writes nothing.
    ///
    /// A file that could be read before can be read afterwards, as YAML or as JSON; fix-its that would break it are
    /// left out. Only files that the compiler read are changed.
    package init(_ options: CompilerOptions) {
        var options = options
        var compilation = Compiler.compile(options)
        var originals: [String: [UInt8]] = [:]
        var steps: [String: [FixItApplication.Step]] = [:]
        for _ in 0..<Self.maximumRounds {
            let texts = compilation.sources.mapValues { Array($0.utf8) }
            let results = FixItApplication.apply(compilation.diagnostics, to: texts, isSound: Self.isSound)
            guard !results.isEmpty else { break }
            for (path, result) in results {
                if originals[path] == nil { originals[path] = texts[path] }
                steps[path, default: []] += result.steps
                options.contents[path] = result.bytes
            }
            compilation = Compiler.compile(options)
        }
        files = originals.sorted { $0.key < $1.key }.compactMap { path, old in
            guard let new = options.contents[path], new != old else { return nil }
            return File(path: path, old: old, new: new, steps: steps[path] ?? [])
        }
        self.compilation = compilation
    }

    private static func isSound(_ file: String, _ old: [UInt8], _ new: [UInt8]) -> Bool {
        if file.hasSuffix(".toml") {
            var diagnostics = DiagnosticCollector()
            return TOMLParser.parse(new, file: file, code: .configurationSyntax, into: &diagnostics) != nil
        }
        if (try? JSONParser.parse(old)) != nil { return (try? JSONParser.parse(new)) != nil }
        let before = YAMLParser.faults(of: old, file: file)
        return YAMLParser.faults(of: new, file: file) <= before
    }
}

extension YAMLParser {
    /// How much is wrong with a text before anybody asks what it means.
    fileprivate static func faults(of bytes: [UInt8], file: String) -> Int {
        var diagnostics = DiagnosticCollector()
        let root = parse(bytes, file: file, into: &diagnostics)
        return diagnostics.sorted.count + (root == nil ? 1 : 0)
    }
}
