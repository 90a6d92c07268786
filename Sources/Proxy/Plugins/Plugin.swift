// What a plugin is: settings that are checked before traffic sees them, and the phases that it takes part in.

internal import JSON
internal import Manifest
internal import NIOCore

/// Something that the gateway does to requests, in a phase of their life that it conforms to.
///
/// A plugin is made once from its settings. For each route, and for the requests of each API that match no route,
/// `prepared(for:)` then says whether it takes part, and may return a copy that has done all that can be done before
/// the first request. A route that does not need a plugin does not meet it.
protocol Plugin: Sendable {
    /// The member of `plugins` in the configuration that holds the settings.
    static var name: String { get }

    /// - Parameters:
    ///   - settings: the member of the configuration; an empty object where it is absent.
    ///   - services: what of the process the plugin may use.
    /// - Throws: `JSONShapeError` with the place of the first setting that is wrong.
    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError)

    /// The plugin as it takes part in requests of `scope`; nil where it does not.
    func prepared(for scope: PluginScope) -> (any Plugin)?
}

extension Plugin {
    func prepared(for scope: PluginScope) -> (any Plugin)? { self }
}

/// What of the process plugins may use.
struct PluginServices: Sendable {
    /// Where log lines go.
    let logs: LogSinks
}

/// The requests that a plugin is prepared for: those of one route, or those of an API that match none.
struct PluginScope: Sendable {
    let apiID: String
    let api: API
    /// The route; nil for requests that match none.
    let route: (key: RouteKey, route: Route)?
}

/// Takes part before the content of a request is read.
protocol RequestHeadPlugin: Plugin {
    /// Looks at a request whose route is known.
    func requestHeadReceived(_ exchange: Exchange) -> Verdict
}

/// Takes part before the head of a response is written, the gateway's own responses included.
protocol ResponseHeadPlugin: Plugin {
    /// May change the head.
    func responseHeadReady(_ head: inout ResponseHead, _ exchange: Exchange)
}

/// Takes part when an exchange is over, always once, however it ended.
protocol CompletionPlugin: Plugin {
    /// Looks at the finished exchange.
    func exchangeCompleted(_ exchange: Exchange)
}

/// What becomes of a request.
enum Verdict: Sendable {
    /// It goes on.
    case proceed
    /// The plugin answers it.
    case respond(LocalResponse)
    /// Nobody knows yet; the future is of the exchange's own event loop and must not be another `wait`.
    case wait(EventLoopFuture<Verdict>)
}

/// A response that the gateway itself makes.
struct LocalResponse: Sendable {
    var head: ResponseHead
    var content: [UInt8] = []
    /// Why, for log and metrics; the client never sees it.
    var detail: StaticString?

    init(status: Int, detail: StaticString? = nil) {
        head = ResponseHead(status: status)
        self.detail = detail
    }
}

/// The plugins of one route, phase by phase, frozen. A class, so that to look at it costs one reference count.
final class PluginChain: Sendable {
    let requestHead: [any RequestHeadPlugin]
    let responseHead: [any ResponseHeadPlugin]
    let completion: [any CompletionPlugin]

    init(_ plugins: [any Plugin], scope: PluginScope) {
        let prepared = plugins.compactMap { $0.prepared(for: scope) }
        requestHead = prepared.compactMap { $0 as? any RequestHeadPlugin }
        responseHead = prepared.compactMap { $0 as? any ResponseHeadPlugin }
        completion = prepared.compactMap { $0 as? any CompletionPlugin }
    }
}
