// A function as the host runs it: the manifest's words and the sidecar's values, with paths made absolute.

package import Manifest

/// Everything that the host knows of a function.
package struct FunctionDefinition: Hashable, Sendable {
    /// The logical id.
    package let id: String
    /// `FunctionName`, or the logical id where the template gives none.
    package let name: String
    package let runtime: String?
    package let handler: String?
    /// The folder of the code as an absolute path; before it is placed it may be an archive.
    package var codeDirectory: String?
    /// The code itself, where it stands in the manifest.
    package let inlineCode: String?
    /// Whether the code is a container image.
    package let isImage: Bool
    /// The layers in order: a later one lies above an earlier one.
    package let layers: [Layer]
    /// The folders with the content of the layers, in order; empty before they are placed.
    var layerDirectories: [String] = []
    /// The folder with all layers merged, as the host sees it; nil before they are placed, and without layers.
    var optDirectory: String?
    package var timeoutSeconds: Int
    package let memoryMegabytes: Int
    /// `ReservedConcurrentExecutions`; nil where the template gives none.
    package var reservedConcurrency: Int?
    /// The variables of the manifest, secrets included.
    package let environment: [String: String]
    /// The secret variables that the sidecar has no value for.
    package let missingSecrets: [String]
    /// How it is debugged; nil for all functions but one.
    package var debugging: DebugSettings?

    /// - Parameters:
    ///   - id: the logical id.
    ///   - function: the manifest's words.
    ///   - secrets: the values of the function's secret variables.
    ///   - codeRoot: the absolute path that the manifest's code paths are relative to.
    ///   - layerCache: the folder with the content of layers that only AWS has; nil where there is none.
    package init(
        id: String,
        function: Function,
        secrets: [String: String],
        codeRoot: String,
        layerCache: String? = nil
    ) {
        self.id = id
        name = function.name ?? id
        runtime = function.runtime
        handler = function.handler
        codeDirectory = function.code.map { Self.join(codeRoot, $0) }
        inlineCode = function.inlineCode
        isImage = function.image != nil
        layers = function.layers.map { text in
            text.hasPrefix("arn:")
                ? Layer(arn: text, cache: layerCache) : Layer(path: Self.join(codeRoot, text), arn: nil)
        }
        timeoutSeconds = function.timeoutSeconds
        memoryMegabytes = function.memoryMegabytes
        reservedConcurrency = function.reservedConcurrency
        var environment: [String: String] = [:]
        var missing: [String] = []
        for (name, value) in function.environment {
            switch value {
            case .text(let text): environment[name] = text
            case .secret: if let secret = secrets[name] { environment[name] = secret } else { missing.append(name) }
            }
        }
        self.environment = environment
        missingSecrets = missing.sorted()
    }

    /// The folders and archives whose changes need new processes; not all of them need be there.
    var watchedPaths: [String] { (codeDirectory.map { [$0] } ?? []) + layers.flatMap(\.places) }

    /// The definitions of all functions of a manifest, by logical id.
    package static func all(
        of manifest: Manifest,
        secrets: Secrets,
        codeRoot: String,
        layerCache: String? = nil
    ) -> [String: FunctionDefinition] {
        var definitions: [String: FunctionDefinition] = [:]
        for (id, function) in manifest.functions {
            definitions[id] = FunctionDefinition(
                id: id,
                function: function,
                secrets: secrets.functions[id] ?? [:],
                codeRoot: codeRoot,
                layerCache: layerCache
            )
        }
        return definitions
    }

    private static func join(_ root: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        var parts = path.split(separator: "/").filter { $0 != "." }
        var base = root.split(separator: "/")
        while parts.first == "..", !base.isEmpty {
            parts.removeFirst()
            base.removeLast()
        }
        return "/" + (base + parts).joined(separator: "/")
    }
}
