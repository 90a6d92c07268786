// The API keys that clients may show, by what the manifest, its secrets and the configuration say of them.

internal import Crypto
internal import Manifest
internal import NIOConcurrencyHelpers

/// The keys of all APIs, for the plugins that look at them: made ready once for each manifest.
final class APIKeyDirectory: Sendable {
    private struct State {
        /// The values of the configuration by the logical ids of keys.
        var values: [String: String] = [:]
        /// The manifest that the tables are of.
        weak var directory: ManifestDirectory?
        var tables: [String: APIKeyTable] = [:]
    }

    private let state = NIOLockedValueBox(State())

    /// Takes over values of the configuration, which come before those of the manifest.
    func setValues(_ values: [String: String]) { state.withLockedValue { $0.values = values } }

    /// The keys that open an API.
    ///
    /// - Throws: `ProxyError` for a value that no key can have.
    func table(of apiID: String, in directory: ManifestDirectory) throws(ProxyError) -> APIKeyTable {
        let (known, values) = state.withLockedValue { state in
            if state.directory !== directory {
                state.directory = directory
                state.tables = [:]
            }
            return (state.tables[apiID], state.values)
        }
        if let known { return known }
        let table = try APIKeyTable(apiID: apiID, directory: directory, values: values)
        state.withLockedValue { $0.tables[apiID] = table }
        return table
    }
}

/// The keys that open one API: enabled, with a known value, and in a usage plan of the API.
struct APIKeyTable: Sendable {
    /// How many characters a key has (API reference, `CreateApiKey`).
    static let lengths = 20...128

    /// By the hash of their values, so that the time of looking one up says nothing of it.
    private let keys: [SHA256.Digest: UsageKey]
    /// The usage plan of each key, by the key's id.
    let plans: [String: (id: String, plan: UsagePlan)]

    /// - Throws: `ProxyError` for a value that no key can have.
    fileprivate init(apiID: String, directory: ManifestDirectory, values: [String: String]) throws(ProxyError) {
        var keys: [SHA256.Digest: UsageKey] = [:]
        var plans: [String: (id: String, plan: UsagePlan)] = [:]
        // API Gateway lets a key be in one plan of a stage only; here the first counts.
        let sorted = directory.manifest.usagePlans.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (planID, plan) in sorted where plan.apis[apiID] != nil {
            for id in plan.keys where plans[id] == nil {
                guard let key = directory.manifest.apiKeys[id], key.isEnabled,
                    let value = values[id] ?? key.text ?? directory.secrets.apiKeys[id]
                else { continue }
                guard Self.lengths.contains(value.count) else {
                    throw ProxyError("the value of the API key '\(id)' must be 20 to 128 characters long")
                }
                let digest = SHA256.hash(data: Array(value.utf8))
                guard keys[digest] == nil else { continue }
                keys[digest] = UsageKey(id: id, value: value)
                plans[id] = (planID, plan)
            }
        }
        self.keys = keys
        self.plans = plans
    }

    /// Whether no key opens the API.
    var isEmpty: Bool { keys.isEmpty }

    /// The key of a value; nil for what is none.
    func key(_ value: [UInt8]) -> UsageKey? {
        guard Self.lengths.lowerBound <= value.count, value.count <= 4 * Self.lengths.upperBound else { return nil }
        return keys[SHA256.hash(data: value)]
    }
}

extension APIKey {
    /// The value, where it stands in the manifest itself.
    fileprivate var text: String? {
        if case .text(let text)? = value { text } else { nil }
    }
}
