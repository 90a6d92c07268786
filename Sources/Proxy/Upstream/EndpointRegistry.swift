// A number for each endpoint, so that an event loop finds its pool without hashing.

internal import Manifest
internal import NIOConcurrencyHelpers

/// An endpoint and the place of its pool in every event loop. A class, so that to pass it on costs one reference count.
final class EndpointSlot: Hashable, Sendable {
    let endpoint: Endpoint
    let index: Int
    /// What lets one request at a time through; nil for an endpoint that takes as many as come.
    let gate: SerialGate?
    /// What is needed to speak to it over TLS; nil for plain HTTP.
    let security: UpstreamSecurity?

    init(endpoint: Endpoint, index: Int, gate: SerialGate?, security: UpstreamSecurity?) {
        self.endpoint = endpoint
        self.index = index
        self.gate = gate
        self.security = security
    }

    static func == (left: EndpointSlot, right: EndpointSlot) -> Bool { left.index == right.index }
    func hash(into hasher: inout Hasher) { hasher.combine(index) }
}

/// The slots of all endpoints that generations have named. An endpoint keeps its slot, and so its connections, over
/// reloads.
final class EndpointRegistry: Sendable {
    private let slots = NIOLockedValueBox<[Endpoint: EndpointSlot]>([:])
    private let security: UpstreamSecurity

    init(security: UpstreamSecurity = UpstreamSecurity()) { self.security = security }

    /// The slot of an endpoint; a new one the first time.
    func slot(of endpoint: Endpoint) -> EndpointSlot {
        slots.withLockedValue { slots in
            if let slot = slots[endpoint] { return slot }
            let slot = EndpointSlot(
                endpoint: endpoint,
                index: slots.count,
                gate: endpoint.wire == .rie ? SerialGate() : nil,
                security: endpoint.isSecure ? security : nil
            )
            slots[endpoint] = slot
            return slot
        }
    }
}
