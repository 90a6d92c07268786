// The plugin that docs/plugins.md shows, byte for byte, so that it compiles and does what the page says.

import JSON

@testable import Proxy

/// Answers 503 with `Retry-After` for paths under a prefix.
struct MaintenancePlugin: RequestHeadPlugin {
    static let name = "maintenance"

    private let prefix: String?
    private let retryAfterSeconds: Int

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        (prefix, retryAfterSeconds) = try settings.object { (object) throws(JSONShapeError) in
            var prefix: String?
            if let setting = object.optional("prefix") {
                let text = try setting.string()
                guard text.hasPrefix("/") else { throw setting.error("expected a path, such as '/shop'") }
                prefix = text
            }
            return (prefix, try object.optional("retryAfterSeconds")?.integer(in: 1...86_400) ?? 60)
        }
    }

    /// Routes meet the plugin only where there is something to maintain.
    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? { prefix == nil ? nil : self }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        let path = exchange.withRoutedPath { String(decoding: $0, as: UTF8.self) }
        guard let prefix, path == prefix || path.hasPrefix("\(prefix)/") else { return .proceed }
        var response = LocalResponse(status: 503, detail: "maintenance")
        response.head.fields.append(.other, "Retry-After", value: Array("\(retryAfterSeconds)".utf8))
        response.head.fields.append(.contentType, "Content-Type", value: Array("application/json".utf8))
        response.content = Array(#"{"message":"Service Unavailable"}"#.utf8)
        return .respond(response)
    }
}
