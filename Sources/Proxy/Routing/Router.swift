// Which API and which route take a request: by its host, its prefix, its stage and its path.

internal import Manifest

/// Everything that is looked at to find the route of a request.
///
/// A host name that means something decides first: a custom domain with its API mappings, API Gateway's own name of an
/// API, or one of the configuration. Then the prefix of a mount does. All other requests belong to the APIs together.
struct Router: Sendable {
    /// What a host name stands for.
    private enum Place: Sendable {
        case group(RouteGroup)
        case domain(DomainMappings)
        /// API Gateway's own name of an API that does not answer there.
        case closed(ServedAPI)
    }

    private struct Mount: Sendable {
        let prefix: [UInt8]
        let group: RouteGroup
    }

    private let hosts: HostTable<Place>
    /// The longest prefix first.
    private let mounts: [Mount]
    private let shared: RouteGroup

    /// - Parameters:
    ///   - apis: all APIs of the manifest, in the order of their ids.
    ///   - manifest: the manifest.
    ///   - configuration: what is mounted where.
    /// - Throws: `ProxyError` for a mount or a host of an API that there is not.
    init(_ apis: [ServedAPI], manifest: Manifest, configuration: ProxyConfiguration) throws(ProxyError) {
        let byID = Dictionary(uniqueKeysWithValues: apis.map { ($0.id, $0) })
        let rule = configuration.routing.stagePrefix
        func api(_ id: String, _ member: String) throws(ProxyError) -> ServedAPI {
            if let api = byID[id] { return api }
            let known = apis.map { "'\($0.id)'" }.joined(separator: ", ")
            throw ProxyError("\(member): there is no API '\(id)', only \(known.isEmpty ? "none" : known)")
        }
        var places: [(name: String, place: Place)] = []
        for (name, id) in configuration.hosts.sortedByCodePoint {
            places.append((name, .group(RouteGroup([try api(id, "hosts/\(name)")], stagePrefix: rule))))
        }
        places += DomainMappings.all(byID, manifest).map { ($0, .domain($1)) }
        for served in apis {
            guard let api = manifest.apis[served.id] else { continue }
            places.append((Manifest.localHost(ofAPI: served.id), .group(RouteGroup([served], stagePrefix: rule))))
            let place: Place =
                api.hasDefaultEndpoint ? .group(RouteGroup([served], stagePrefix: .require)) : .closed(served)
            places += APIHost.amazon(served.id, api.kind, region: configuration.region).map { ($0, place) }
        }
        hosts = HostTable(places)
        var mounts: [Mount] = []
        for (prefix, id) in configuration.mounts.sortedByCodePoint {
            let served = try api(id, "mounts/\(prefix.isEmpty ? "/" : prefix)")
            mounts.append(Mount(prefix: Array(prefix.utf8), group: RouteGroup([served], stagePrefix: rule)))
        }
        self.mounts = mounts.sorted { $0.prefix.count > $1.prefix.count }
        let mounted = Set(configuration.mounts.values)
        let sharing = Set(manifest.mountedAPIs.map(\.key)).subtracting(mounted)
        shared = RouteGroup(apis.filter { sharing.contains($0.id) }, stagePrefix: rule)
    }

    /// The API and route that take a request.
    ///
    /// - Returns: nil where there is no API for it at all.
    func select(_ head: RequestHead) -> RouteSelection? {
        head.fields.withBytes { memory in
            var request = RouteRequest(head, in: memory)
            let found: RouteSelection?
            if let place = place(of: head, memory) {
                found = select(&request, at: place)
            } else {
                found = select(&request)
            }
            guard let selection = found else { return nil }
            guard selection.api.kind == .rest else { return selection }
            selection.overridesMethod = request.override != nil
            if selection.refusal == nil, request.query.contains(where: Self.isReserved) {
                selection.removeRoute()
                selection.refusal = .reservedQuery
            }
            return selection
        }
    }

    private func place(of head: RequestHead, _ memory: UnsafeRawBufferPointer) -> Place? {
        head.fields.first(.host).flatMap { hosts.place(of: $0.value(in: memory)) }
    }

    private func select(_ request: inout RouteRequest, at place: Place) -> RouteSelection? {
        switch place {
        case .group(let group): return group.select(&request, from: 0)
        case .domain(let domain): return domain.select(&request)
        case .closed(let api):
            let selection = RouteSelection(api: api)
            selection.refusal = .endpointDisabled
            return selection
        }
    }

    private func select(_ request: inout RouteRequest) -> RouteSelection? {
        for mount in mounts where request.begins(with: mount.prefix) {
            return mount.group.select(&request, from: mount.prefix.count)
        }
        return shared.select(&request, from: 0)
    }

    /// A character that the query of a REST API may hold only encoded (developer guide, "Important notes").
    private static func isReserved(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "|") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
    }
}

/// The host names that AWS gives each API.
enum APIHost {
    /// The names that AWS gives an API, and the same on this machine.
    static func amazon(_ id: String, _ kind: APIKind, region: String) -> [String] {
        let id = EventTemplate.stableID(id)
        return switch kind {
        case .functionURL: ["\(id).lambda-url.\(region).on.aws", "\(id).lambda-url.\(region).localhost"]
        case .rest, .http, .webSocket:
            ["\(id).execute-api.\(region).amazonaws.com", "\(id).execute-api.\(region).localhost"]
        }
    }
}
