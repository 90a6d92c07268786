// TLS to endpoints.

internal import Manifest
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOSSL

/// The one context of TLS for connections to endpoints. Certificates are always verified, names included.
final class UpstreamSecurity: Sendable {
    private let configuration: TLSConfiguration
    private let context = NIOLockedValueBox<NIOSSLContext?>(nil)

    /// Trusts what the system trusts.
    init() {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        self.configuration = configuration
    }

    /// - Parameter path: a file of certificates in PEM format, which are trusted in place of the system's.
    /// - Throws: `ProxyError` where it has none.
    init(trustRoots path: String) throws(ProxyError) {
        var configuration = UpstreamSecurity().configuration
        let certificates: [NIOSSLCertificate]
        do { certificates = try NIOSSLCertificate.fromPEMFile(path) } catch {
            throw ProxyError("upstreamTLS/trustRoots: \(path): is no file of certificates in PEM format")
        }
        guard !certificates.isEmpty else { throw ProxyError("upstreamTLS/trustRoots: \(path): has no certificates") }
        configuration.trustRoots = .certificates(certificates)
        self.configuration = configuration
    }

    /// Puts TLS under what is spoken on a connection to an endpoint.
    func secure(_ channel: any Channel, to endpoint: Endpoint) throws {
        let isAddress = endpoint.host.contains(":") || (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
        // No name is indicated for an address (RFC 6066 section 3); the certificate must then be for the address.
        let handler = try NIOSSLClientHandler(
            context: try prepared(),
            serverHostname: isAddress ? nil : endpoint.host
        )
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Made once, the first time: to read the system's certificates takes a while.
    private func prepared() throws -> NIOSSLContext {
        try context.withLockedValue { context in
            if let context { return context }
            let made = try NIOSSLContext(configuration: configuration)
            context = made
            return made
        }
    }
}
