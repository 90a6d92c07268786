// What of a request selects its route.

internal import Manifest
internal import Routing

/// A request while its route is looked for. Its memory is the request's head.
struct RouteRequest {
    /// The path as it was sent.
    let path: UnsafeRawBufferPointer
    let query: UnsafeRawBufferPointer
    let method: RequestMethod
    /// The method that a REST API takes in place of it; nil for none.
    let override: RequestMethod?
    /// The method that a preflight asks for; nil for every other request.
    let preflight: RequestMethod?
    /// The path decoded, once an HTTP API has asked for it.
    private var decoded: [UInt8]?
    private var isDecoded = false

    init(_ head: RequestHead, in memory: UnsafeRawBufferPointer) {
        path = head.path(in: memory)
        query = head.query(in: memory)
        method = head.method
        override = head.methodOverride
        preflight = override == nil ? head.preflightMethod : nil
    }

    /// The method as a kind of API sees it.
    func method(for kind: GatewayKind) -> RequestMethod { kind == .rest ? override ?? method : method }

    /// The path of an HTTP API; nil where it is the one that was sent.
    mutating func decodedPath() -> [UInt8]? {
        if !isDecoded {
            isDecoded = true
            decoded = RoutePath.http(path)
        }
        return decoded
    }

    /// Whether the path begins with a prefix of whole segments; an empty prefix begins every path.
    func begins(with prefix: [UInt8]) -> Bool {
        guard path.count >= prefix.count, path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/") else {
            return false
        }
        return prefix.withUnsafeBytes { $0.equals(path.slice(0, prefix.count)) }
    }
}
