// The files that a host reads: the manifest and the secrets beside it.

internal import FileWatch
internal import Glibc
internal import JSON
internal import Manifest

/// The manifest and its sidecar, on disk.
struct HostFiles: Sendable {
    /// A manifest of more bytes than this is not read.
    private static let maximumSize = 64 * 1024 * 1024

    let manifest: String
    /// The absolute path that code paths are relative to.
    let codeRoot: String
    /// The folder with the content of layers that only AWS has, as an absolute path.
    let layerCache: String?

    private var secrets: String { Secrets.path(besideManifest: manifest) }

    /// - Throws: `HostError` where the folder of the code is not there.
    init(manifest: String, codeRoot: String?, layerCache: String? = nil) throws(HostError) {
        self.manifest = manifest
        if let layerCache, !layerCache.hasPrefix("/") {
            // It need not be there yet.
            self.layerCache = Folder.resolved(".").map { "\($0)/\(layerCache)" }
        } else {
            self.layerCache = layerCache
        }
        let slash = manifest.lastIndex(of: "/")
        let folder = slash.map { $0 == manifest.startIndex ? "/" : String(manifest[..<$0]) } ?? "."
        guard let resolved = Folder.resolved(codeRoot ?? folder) else {
            throw HostError("the folder '\(codeRoot ?? folder)' cannot be read: \(errorText(errno))")
        }
        self.codeRoot = resolved
    }

    /// The names of the files: they may stand among the code and are no part of it.
    var names: Set<String> {
        Set([manifest, secrets].map { path in path.split(separator: "/").last.map(String.init) ?? path })
    }

    /// What tells one state of the files from another.
    var fingerprints: [FileFingerprint?] { [FileFingerprint(path: manifest), FileFingerprint(path: secrets)] }

    /// The functions that the files describe now.
    ///
    /// - Throws: `HostError` that names the file and the place of the first fault.
    func load() throws(HostError) -> [String: FunctionDefinition] {
        let manifestValue: Manifest
        let bytes = try Self.read(manifest, isOptional: false) ?? []
        do { manifestValue = try Manifest(parsing: bytes) } catch { throw HostError("'\(manifest)': \(error)") }
        var secretValues = Secrets()
        if let bytes = try Self.read(secrets, isOptional: true) {
            do { secretValues = try Secrets(parsing: bytes) } catch {
                switch error {
                case .syntax(let fault):
                    // The words of the parser may quote the text around the fault, and the text is secret.
                    throw HostError("'\(secrets)': not JSON at line \(fault.line), column \(fault.column)")
                case .shape: throw HostError("'\(secrets)': \(error)")
                }
            }
        }
        return FunctionDefinition.all(
            of: manifestValue,
            secrets: secretValues,
            codeRoot: codeRoot,
            layerCache: layerCache
        )
    }

    private static func read(_ path: String, isOptional: Bool) throws(HostError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if isOptional && errno == ENOENT { return nil }
            throw HostError("'\(path)' cannot be read: \(errorText(errno))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw HostError("'\(path)' cannot be read: \(errorText(errno))") }
            if count == 0 { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumSize else {
                throw HostError("'\(path)' is larger than \(maximumSize) bytes")
            }
        }
    }
}
