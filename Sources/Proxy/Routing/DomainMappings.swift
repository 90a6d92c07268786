// The API mappings of a custom domain.

internal import Manifest

/// Which API of a custom domain takes a path: the longest key that the path begins with, whatever routes there are
/// (developer guide, "Use API mappings to connect API stages to a custom domain name").
struct DomainMappings: Sendable {
    private struct Mapping: Sendable {
        /// With a slash before it; empty for every path.
        let prefix: [UInt8]
        /// The mapping's key; nil for every path.
        let key: String?
        let group: RouteGroup
        let api: ServedAPI
    }

    /// The longest prefix first.
    private let mappings: [Mapping]

    /// The domains of a manifest by name.
    static func all(_ apis: [String: ServedAPI], _ manifest: Manifest) -> [(name: String, mappings: DomainMappings)] {
        var domains: [String: [Mapping]] = [:]
        for (id, api) in manifest.apis.sortedByCodePoint {
            guard let served = apis[id] else { continue }
            for (name, domain) in api.domains {
                for path in domain.basePaths.isEmpty ? [""] : domain.basePaths {
                    let mapping = Mapping(
                        prefix: path.isEmpty ? [] : Array("/\(path)".utf8),
                        key: path.isEmpty ? nil : path,
                        group: RouteGroup([served], stagePrefix: .ignore),
                        api: served
                    )
                    domains[name, default: []].append(mapping)
                }
            }
        }
        return domains.sortedByCodePoint.map { ($0.key, DomainMappings($0.value)) }
    }

    private init(_ mappings: [Mapping]) { self.mappings = mappings.sorted { $0.prefix.count > $1.prefix.count } }

    /// The API and route that take a request.
    func select(_ request: inout RouteRequest) -> RouteSelection? {
        guard let first = mappings.first?.api else { return nil }
        guard let mapping = mappings.first(where: { request.begins(with: $0.prefix) }) else {
            return Self.refusal(.mappingMissing, first)
        }
        if mapping.api.kind == .rest, Self.isReserved(request.path) { return Self.refusal(.reservedPath, mapping.api) }
        guard let selection = mapping.group.select(&request, from: mapping.prefix.count) else { return nil }
        selection.shownStart = 0
        selection.isOnDomain = true
        selection.basePath = mapping.key
        return selection
    }

    /// The paths that are kept for health checks (developer guide, "Important notes").
    private static func isReserved(_ path: UnsafeRawBufferPointer) -> Bool {
        path.elementsEqual("/ping".utf8) || path.elementsEqual("/sping".utf8)
    }

    private static func refusal(_ refusal: RoutingRefusal, _ api: ServedAPI) -> RouteSelection {
        let selection = RouteSelection(api: api)
        selection.isOnDomain = true
        selection.refusal = refusal
        return selection
    }
}
