// Where the keys of an issuer come from, and how they are fetched.

internal import AsyncHTTPClient
internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Where an issuer's key set is.
enum KeySource: Hashable, Sendable {
    /// A file, for staging without a network.
    case file(String)
    case url(String)
    /// Where the issuer's own metadata says (OpenID Connect Discovery 1.0, section 4).
    case discovery(issuer: String)

    /// Whether a text is an address that keys can be fetched from. Issuers on this machine may do without TLS.
    static func isAddress(_ text: String) -> Bool {
        guard let rest = text.suffix(after: "https://") ?? text.suffix(after: "http://") else { return false }
        return !rest.hasPrefix("/") && text.utf8.count <= 2048 && rest.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// Fetches key sets, with the limits of API Gateway (developer guide, "Quotas for configuring and running an HTTP API").
struct KeyFetcher: Sendable {
    /// Why there are no keys.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long discovery, and then the key set, may take.
    private static let timeout = TimeAmount.milliseconds(1500)
    /// How large each may be, in bytes.
    private static let sizeLimit = 150_000

    /// It lives as long as the process, and makes no connection before it is asked for keys. A redirection leads to
    /// where nobody has said that keys are, so none is followed.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: timeout, read: timeout),
            decompression: .disabled
        )
    )

    /// Fetches what is at an address.
    var fetch: @Sendable (_ address: String) async throws -> [UInt8] = { try await Self.bytes(at: $0) }

    /// The keys of a source.
    ///
    /// - Throws: `Failure` that says why there are none.
    func keys(of source: KeySource) async throws(Failure) -> SigningKeys {
        let bytes: [UInt8]
        switch source {
        case .file(let path):
            do throws(FileReader.Failure) { bytes = try FileReader.read(path, limit: Self.sizeLimit) } catch {
                throw Failure(description: "\(path): \(error.reason)")
            }
        case .url(let address): bytes = try await get(address)
        case .discovery(let issuer): bytes = try await get(try await keySetAddress(of: issuer))
        }
        do throws(SigningKeys.Failure) { return try await SigningKeys(parsing: bytes) } catch {
            throw Failure(description: error.reason)
        }
    }

    private func keySetAddress(of issuer: String) async throws(Failure) -> String {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let bytes = try await get("\(base)/.well-known/openid-configuration")
        let metadata = try? JSONParser.parse(bytes)
        guard let metadata, let address = metadata["jwks_uri"]?.string, KeySource.isAddress(address) else {
            throw Failure(description: "the metadata of '\(issuer)' names no key set")
        }
        // Section 4.3: they must be the same.
        guard metadata["issuer"]?.string == issuer else {
            throw Failure(description: "the metadata of '\(issuer)' is of another issuer")
        }
        guard address.hasPrefix("https://") || issuer.hasPrefix("http://") else {
            throw Failure(description: "the key set of '\(issuer)' is not behind TLS")
        }
        return address
    }

    private func get(_ address: String) async throws(Failure) -> [UInt8] {
        do { return try await fetch(address) } catch { throw Failure(description: "\(address): \(error)") }
    }

    private static func bytes(at address: String) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                var request = HTTPClientRequest(url: address)
                request.headers.add(name: "Accept", value: "application/json")
                let response = try await client.execute(request, timeout: timeout)
                guard response.status == .ok else {
                    throw Failure(description: "the status is \(response.status.code)")
                }
                let content = try await response.body.collect(upTo: sizeLimit)
                return Array(content.readableBytesView)
            }
            // The deadline of a request ends with the head of its response.
            group.addTask {
                try await Task.sleep(nanoseconds: UInt64(timeout.nanoseconds))
                throw Failure(description: "it takes longer than \(timeout.nanoseconds / 1_000_000) ms")
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() else { throw Failure(description: "nothing was fetched") }
            return bytes
        }
    }
}
