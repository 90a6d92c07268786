// The file that says where the parts of a manifest stand in its template.

internal import Diagnostics
internal import Manifest
internal import SystemPackage

/// Writes and finds source maps; the paths in them are relative to their own folder.
enum SourceMapFile {
    /// Writes the map of a manifest.
    ///
    /// - Throws: `ExitCode` after it has said why that fails.
    static func write(_ map: SourceMap, of manifest: Manifest, to path: String) throws {
        let folder = segments(of: path).dropLast()
        let map = map.mapFiles { file in
            // Standard input stands in no folder.
            guard file != CompilationArguments.standardInputName else { return file }
            let target = segments(of: file)
            let common = zip(folder, target).prefix { $0 == $1 }.count
            let steps = Array(repeating: "..", count: folder.count - common) + target[common...]
            return steps.joined(separator: "/")
        }
        try OutputFile.write(map.text(of: manifest.text), to: path)
    }

    /// The map that stands beside a manifest, where there is one of just this text.
    ///
    /// - Parameters:
    ///   - path: the manifest's path.
    ///   - manifest: what it says.
    /// - Returns: the map, its paths from the folder that the command runs in.
    static func read(besideManifest path: String, _ manifest: Manifest) -> SourceMap? {
        let place = SourceMap.path(beside: path)
        guard let bytes = try? InputFile.read(place),
            let map = SourceMap(parsing: bytes, of: manifest.text.utf8)
        else { return nil }
        let folder = place.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return map.mapFiles { file in
            if folder.isEmpty || file.hasPrefix("/") { return file }
            return normalized("\(folder)/\(file)")
        }
    }

    /// The names that lead to a file from the root.
    private static func segments(of path: String) -> [String] {
        let absolute = path.hasPrefix("/") ? path : "\(InputFile.workingFolder)/\(path)"
        return normalized(absolute).split(separator: "/").map(String.init)
    }

    /// The path without `.`, and without `..` that can be taken back.
    private static func normalized(_ path: String) -> String { FilePath(path).lexicallyNormalized().string }
}
