// What a plugin is: settings that are checked before traffic sees them, and the phases that it takes part in.

internal import JSON
internal import Manifest
internal import NIOCore
internal import Operations

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
    ///
    /// - Throws: `ProxyError` where the manifest asks for what the settings do not provide: it is refused as a whole.
    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)?
}

extension Plugin {
    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? { self }
}

/// What of the process plugins may use.
struct PluginServices: Sendable {
    /// Where log lines go.
    let logs: LogSinks
    /// How log lines are spelled; nil where the command line does not say.
    var logFormat: LogFormat?
    /// The API keys that clients may show.
    let apiKeys = APIKeyDirectory()
}

/// The requests that a plugin is prepared for: those of one route, or those of an API that match none.
struct PluginScope: Sendable {
    let apiID: String
    let api: API
    /// The route; nil for requests that match none.
    let route: (key: RouteKey, route: Route)?
    /// What else there is in the manifest, and where its functions are.
    let directory: ManifestDirectory

    /// The authorizer of the route; nil where everyone may call it.
    var authorizer: (name: String, authorizer: Authorizer)? {
        guard case .authorizer(let name)? = route?.route.auth, let authorizer = api.authorizers[name] else {
            return nil
        }
        return (name, authorizer)
    }

    /// Says to whoever runs the proxy why a route answers 501: its clients are not told.
    func warnOfClosedRoute(_ reason: String) {
        directory.warn("'\(route?.key.description ?? "")' of '\(apiID)' answers 501: \(reason)")
    }
}

/// Takes part before the content of a request is read.
protocol RequestHeadPlugin: Plugin {
    /// Looks at a request whose route is known.
    func requestHeadReceived(_ exchange: Exchange) -> Verdict
}

/// Guards a route: a check that the manifest asks for, by name.
///
/// The requests of a route that asks for a check are refused unless a plugin with that check takes part in them, so
/// that nothing becomes public by being forgotten.
protocol GuardPlugin: RequestHeadPlugin {
    /// What it checks where it is prepared.
    var checks: GuardedCheck { get }
}

/// What a route may ask to be checked.
struct GuardedCheck: OptionSet, Sendable {
    let rawValue: UInt8
    /// Who calls: the route's `auth`.
    static let authorization = GuardedCheck(rawValue: 1)
    static let apiKey = GuardedCheck(rawValue: 2)
    static let validation = GuardedCheck(rawValue: 4)
    static let resourcePolicy = GuardedCheck(rawValue: 8)

    /// What a route of an API asks for.
    init(_ route: Route, of api: API) {
        self = []
        if route.auth != .none { insert(.authorization) }
        if route.isKeyRequired { insert(.apiKey) }
        if route.validation != nil { insert(.validation) }
        if api.policy != nil { insert(.resourcePolicy) }
    }

    init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// Takes part before the head of a response is written, the gateway's own responses included.
protocol ResponseHeadPlugin: Plugin {
    /// May change the head.
    func responseHeadReady(_ head: inout ResponseHead, _ exchange: Exchange)
}

/// Takes part before a response is written whose content goes with it: the gateway's own included.
protocol ResponseContentPlugin: Plugin {
    /// May change the head and the content of a response that is in hand.
    func responseReady(_ head: inout ResponseHead, _ content: inout ByteBuffer, _ exchange: Exchange)

    /// May change a content that is passed on piece by piece.
    ///
    /// - Parameters:
    ///   - head: the head of the response.
    ///   - length: how many bytes the content has; nil where that is not known yet.
    ///   - exchange: the exchange.
    /// - Returns: what the pieces go through; nil where they pass as they are.
    func responseBegins(_ head: inout ResponseHead, length: Int?, _ exchange: Exchange) -> (any ContentTransform)?
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
    /// The gateway answers with an error, as the API spells it.
    case refuse(GatewayError)
    /// The plugin has to see the request's content: it is read whole into `Exchange.content`, and the plugin asked
    /// again. A plugin that says so must find `Exchange.contentIsWhole` false.
    case readContent
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
    /// What changes contents of responses: one plugin at most.
    let responseContent: (any ResponseContentPlugin)?
    let completion: [any CompletionPlugin]
    /// What the plugins check of what the route asks for.
    let checks: GuardedCheck

    /// - Throws: `ProxyError` where a plugin cannot do what the manifest asks for.
    init(_ plugins: [any Plugin], scope: PluginScope) throws(ProxyError) {
        var prepared: [any Plugin] = []
        for plugin in plugins {
            if let plugin = try plugin.prepared(for: scope) { prepared.append(plugin) }
        }
        checks = prepared.reduce(into: []) { checks, plugin in
            if let plugin = plugin as? any GuardPlugin { checks.formUnion(plugin.checks) }
        }
        requestHead = prepared.compactMap { $0 as? any RequestHeadPlugin }
        responseHead = prepared.compactMap { $0 as? any ResponseHeadPlugin }
        responseContent = prepared.lazy.compactMap { $0 as? any ResponseContentPlugin }.first
        completion = prepared.compactMap { $0 as? any CompletionPlugin }
    }
}
