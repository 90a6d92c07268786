// The settings of what verifies tokens.

internal import JSON
internal import Logging
internal import NIOCore
internal import Operations

/// What the plugins `jwt` and `cognito` have in common.
struct TokenSettings: Sendable {
    /// What is known of an issuer beside its name.
    struct Issuer: Sendable {
        /// The issuer that tokens name, where it is not the name of the member (`cognito`).
        var issuer: String?
        /// Where its keys are; nil for where such issuers have them.
        var source: KeySource?
    }

    /// The issuers, or user pools, by name.
    var issuers: [String: Issuer] = [:]
    /// How many verified tokens are remembered.
    var cacheEntries = 10_000
    var ages = IssuerKeys.Ages()

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - settings: the member of the configuration.
    ///   - member: what its member of issuers is called.
    ///   - namesIssuers: whether an entry may name the issuer.
    /// - Throws: `JSONShapeError` with the place of the first setting that is wrong.
    init(_ settings: JSONReader, member: String, namesIssuers: Bool) throws(JSONShapeError) {
        (issuers, cacheEntries, ages) = try settings.object { (object) throws(JSONShapeError) in
            var issuers: [String: Issuer] = [:]
            for (name, reader) in try object.optional(member)?.members() ?? [] {
                issuers[name] = try Issuer(reader, namesIssuers: namesIssuers)
            }
            var ages = IssuerKeys.Ages()
            if let lifetime = object.optional("keySeconds") {
                ages.lifetime = .seconds(Int64(try lifetime.integer(in: 1...7200)))
            }
            if let retry = object.optional("refreshSeconds") {
                ages.retryTime = .seconds(Int64(try retry.integer(in: 0...3600)))
            }
            let entries = try object.optional("cacheEntries")?.integer(in: 1...1_000_000)
            return (issuers, entries ?? 10_000, ages)
        }
    }

    /// What verifies tokens by these settings.
    func makeVerifier(_ services: PluginServices) -> TokenVerifier {
        let sink = try? services.logs.sink(.standardError)
        let logger = Logger(label: "samovar-proxy") { _ in
            if let sink { SinkLogHandler(sink, format: services.logFormat ?? .text) } else { SwiftLogNoOpLogHandler() }
        }
        return TokenVerifier(cacheEntries: cacheEntries) { [ages] source in
            IssuerKeys(source, ages: ages, fetcher: KeyFetcher(), logger: logger)
        }
    }
}

extension TokenSettings.Issuer {
    fileprivate init(_ reader: JSONReader, namesIssuers: Bool) throws(JSONShapeError) {
        self = try reader.object { (object) throws(JSONShapeError) in
            var issuer = Self()
            if namesIssuers { issuer.issuer = try object.optional("issuer")?.string() }
            let file = object.optional("jwksFile")
            let address = object.optional("jwksURL")
            if let file, address != nil { throw file.error("'jwksFile' and 'jwksURL' exclude each other") }
            if let file {
                let path = try file.string()
                // One that is not there is found out now and not by the first request.
                do throws(FileReader.Failure) { _ = try FileReader.read(path, limit: 150_000) } catch {
                    throw file.error("\(path): \(error.reason)")
                }
                issuer.source = .file(path)
            }
            if let address {
                let text = try address.string()
                guard KeySource.isAddress(text) else { throw address.error("expected an address, found '\(text)'") }
                issuer.source = .url(text)
            }
            return issuer
        }
    }
}
