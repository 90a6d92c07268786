// What of a manifest is looked up by name while a generation is built.

internal import Manifest
internal import NIOConcurrencyHelpers

/// A manifest with its secrets, and the endpoints that its functions are at.
final class ManifestDirectory: Sendable {
    let manifest: Manifest
    /// The values that are kept beside the manifest.
    let secrets: Secrets
    let configuration: ProxyConfiguration
    private let registry: EndpointRegistry
    private let used = NIOLockedValueBox<Set<EndpointSlot>>([])
    private let said = NIOLockedValueBox<[String]>([])

    init(manifest: Manifest, secrets: Secrets, configuration: ProxyConfiguration, registry: EndpointRegistry) {
        self.manifest = manifest
        self.secrets = secrets
        self.configuration = configuration
        self.registry = registry
    }

    /// The endpoints that have been asked for: those that the generation needs.
    var endpoints: Set<EndpointSlot> { used.withLockedValue { $0 } }

    /// What has been said of the manifest while it was made ready.
    var warnings: [String] { said.withLockedValue { $0 } }

    /// Says something of the manifest that whoever runs the proxy has to know, though it is served; once, however many
    /// routes it is true of.
    func warn(_ text: String) { said.withLockedValue { if !$0.contains(text) { $0.append(text) } } }

    /// The slot of an endpoint that the generation needs.
    func slot(of endpoint: Endpoint) -> EndpointSlot {
        let slot = registry.slot(of: endpoint)
        used.withLockedValue { _ = $0.insert(slot) }
        return slot
    }

    /// Where a function is: by the configuration, else by the manifest, else where functions are by default.
    func endpoint(ofFunction id: String) -> Endpoint {
        configuration.endpoints[id] ?? manifest.functions[id]?.endpoint ?? configuration.defaultEndpoint
    }

    /// A function that events are sent to; nil where what is spoken at its endpoint is not for events.
    func invoker(ofFunction id: String) -> FunctionInvoker? {
        let endpoint = endpoint(ofFunction: id)
        guard endpoint.wire != .http else { return nil }
        return FunctionInvoker(slot: slot(of: endpoint), name: manifest.functions[id]?.name ?? id)
    }
}
