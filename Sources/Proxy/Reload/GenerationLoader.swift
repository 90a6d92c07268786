// From a file to a generation.

internal import FileWatch
internal import Glibc
internal import JSON
internal import Manifest
internal import Operations

/// Reads a manifest file and makes a generation of it, or says why not.
struct GenerationLoader: Sendable {
    /// The largest manifest that is read, in bytes.
    private static let sizeLimit = 64 << 20

    let path: String
    private let builder: GenerationBuilder

    /// - Throws: `ProxyError` for settings of plugins that are wrong, for files that they name and that
    ///   are not there, and for what must not be served so.
    init(_ options: ProxyOptions, logs: LogSinks, metrics: MetricsRegistry) throws(ProxyError) {
        path = options.manifestPath
        try options.configuration.checkDisabledAuthorizers()
        let trustRoots = options.configuration.upstreamTLS.trustRoots
        let security = if let trustRoots { try UpstreamSecurity(trustRoots: trustRoots) } else { UpstreamSecurity() }
        let services = PluginServices(logs: logs, logFormat: options.logFormat)
        do throws(JSONShapeError) {
            builder = GenerationBuilder(
                configuration: options.configuration,
                plugins: try PluginOrder.make(options.configuration.plugins, services: services),
                metrics: metrics,
                endpoints: EndpointRegistry(security: security)
            )
        } catch { throw ProxyError("configuration: \(error)") }
    }

    /// - Throws: `ProxyError` that names the file and the place in it.
    func load() throws(ProxyError) -> Generation {
        let manifest: Manifest
        let bytes = try read(path)
        do throws(ManifestError) { manifest = try Manifest(parsing: bytes) } catch {
            throw ProxyError("\(path): \(error)")
        }
        let secrets = try loadSecrets()
        do throws(ProxyError) { return try builder.build(manifest, secrets: secrets) } catch {
            throw ProxyError("\(path): \(error)")
        }
    }

    /// The values beside the manifest; none where there is no such file.
    private func loadSecrets() throws(ProxyError) -> Secrets {
        let path = Secrets.path(besideManifest: path)
        guard access(path, F_OK) == 0 else { return Secrets() }
        let bytes = try read(path)
        do throws(ManifestError) { return try Secrets(parsing: bytes) } catch {
            throw ProxyError("\(path): \(error)")
        }
    }

    private func read(_ path: String) throws(ProxyError) -> [UInt8] {
        do throws(FileReader.Failure) { return try FileReader.read(path, limit: Self.sizeLimit) } catch {
            throw ProxyError("\(path): \(error.reason)")
        }
    }
}

/// Whole files.
package enum FileReader {
    /// Why a file cannot be read.
    package struct Failure: Error {
        package let reason: String
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: `Failure` where there is none, or it is larger than `limit` bytes.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard let status = FileStatus(descriptor: descriptor) else {
            throw Failure(reason: String(cString: strerror(errno)))
        }
        guard status.kind == .regular else { throw Failure(reason: "is no regular file") }
        guard status.size <= limit else { throw Failure(reason: "is larger than \(limit) bytes") }
        var bytes: [UInt8] = []
        let size = status.size + 1
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
                count = max(0, Glibc.read(descriptor, memory.baseAddress, size))
            }
            if chunk.isEmpty { return bytes }
            bytes += chunk
            guard bytes.count <= limit else { throw Failure(reason: "is larger than \(limit) bytes") }
        }
    }
}
