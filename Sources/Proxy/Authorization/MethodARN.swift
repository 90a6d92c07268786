// The name of a method as policies have it.

internal import Manifest
internal import NIOCore

/// The ARN of the method that a request calls: `arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/Prod/GET/pets/1`
/// (developer guide, "Resource format of permissions for executing API in API Gateway").
enum MethodARN {
    /// The longest that is authorised, in bytes (developer guide, "Amazon API Gateway quotas").
    static let lengthLimit = 1600

    /// The ARN of a request's method: the method and the path that were sent, not those of the route.
    ///
    /// The path is the one that was matched: without repeated slashes before it and slashes behind it, which would
    /// otherwise be a way around a policy that names the path.
    static func text(_ exchange: Exchange) -> String { prefix(exchange) + path(exchange) }

    /// The length of `text` in bytes.
    static func length(_ exchange: Exchange) -> Int {
        prefix(exchange).utf8.count + exchange.withRoutedPath { $0.count }
    }

    /// The ARN as answers show it, all but the last four digits of the account masked.
    static func maskedText(_ exchange: Exchange) -> String {
        let hidden = String(repeating: "*", count: EventTemplate.accountID.utf8.count - 4)
        return prefix(exchange, account: hidden + EventTemplate.accountID.suffix(4)) + path(exchange)
    }

    private static func prefix(_ exchange: Exchange, account: String = EventTemplate.accountID) -> String {
        let region = exchange.loop.configuration.region
        let method = exchange.head.fields.withBytes { String(decoding: exchange.head.method(in: $0), as: UTF8.self) }
        return "arn:aws:execute-api:\(region):\(account):\(exchange.api.publicID)/\(exchange.api.stage)/\(method)"
    }

    private static func path(_ exchange: Exchange) -> String {
        exchange.withRoutedPath { String(decoding: $0, as: UTF8.self) }
    }
}
