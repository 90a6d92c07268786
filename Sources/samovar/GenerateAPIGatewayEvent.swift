// `samovar generate-event apigateway`: sample events without a template.

internal import ArgumentParser
internal import Compiler
internal import Manifest

/// The event of a route that the command line describes.
struct GenerateAPIGatewayEvent: AsyncParsableCommand {
    /// What makes the event, by SAM CLI's names; it has none for the authorizer of HTTP APIs.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case restProxy = "aws-proxy"
        case httpProxy = "http-api-proxy"
        case tokenAuthorizer = "authorizer"
        case requestAuthorizer = "request-authorizer"
        case httpAuthorizer = "http-api-authorizer"

        var api: APIKind { self == .httpProxy || self == .httpAuthorizer ? .http : .rest }
        var isProxy: Bool { self == .restProxy || self == .httpProxy }
    }

    static let configuration = CommandConfiguration(
        commandName: "apigateway",
        abstract: "Print a sample event of API Gateway.",
        discussion: """
            aws-proxy is what a REST API sends to functions, http-api-proxy what an HTTP API sends in format 2.0; \
            authorizer and request-authorizer are what the TOKEN and REQUEST authorizers of a REST API get, \
            http-api-authorizer that of an HTTP API in format 2.0.
            """
    )

    @Argument(help: "Whose event it is.") var kind: Kind

    @Option(name: .shortAndLong, help: "The method; POST unless given, of authorizers GET.")
    var method: String?

    @Option(name: .shortAndLong, help: "The path of the request; one that matches the resource unless given.")
    var path: String?

    @Option(
        name: .shortAndLong,
        help: "The path of the route, such as /pets/{id}; /{proxy+} unless given, of HTTP APIs the route $default."
    )
    var resource: String?

    @Option(name: .shortAndLong, help: "The stage; prod unless given, of HTTP APIs $default.")
    var stage: String?

    @Option(help: "The token that an authorizer gets, in the field Authorization.")
    var token = "incoming-client-token"

    @Option(help: "The region that ARNs name; us-east-1 unless given.")
    var region: String?

    @OptionGroup var request: EventRequest

    func run() async throws {
        try await GenerateEvent.run {
            let method = method ?? (kind.isProxy ? "POST" : "GET")
            let key = try routeKey(method)
            let bytes = try request.bytes(
                method,
                path ?? examplePath(key),
                more: kind.isProxy ? [] : [("Authorization", token)],
                standardBody: kind.isProxy && method == "POST" ? #"{"test":"body"}"# : nil
            )
            let maker = EventMaker(
                manifest: manifest(key),
                region: region ?? HostEnvironment.region ?? "us-east-1"
            )
            try Console.write(try await maker.event(of: bytes, for: kind.isProxy ? "function" : "authorizer").text)
        }
    }

    private func routeKey(_ method: String) throws(CommandError) -> RouteKey {
        let resource = resource ?? (kind.api == .http ? "$default" : path == "/" ? "/" : "/{proxy+}")
        let text = resource == "$default" ? resource : "\(method) \(resource)"
        do throws(PathPatternError) { return try RouteKey(text, kind: kind.api) } catch {
            throw CommandError("\(error)")
        }
    }

    private func examplePath(_ key: RouteKey) -> String {
        guard resource != nil, case .path(_, let pattern) = key else { return "/path/to/resource" }
        return pattern.examplePath
    }

    /// An API of one route, with an authorizer where the event is of one.
    private func manifest(_ key: RouteKey) -> Manifest {
        var api = API(kind: kind.api, stage: stage ?? (kind.api == .http ? "$default" : "prod"))
        var auth = RouteAuth.none
        if !kind.isProxy {
            var authorizer = Authorizer(kind: .lambda)
            authorizer.function = "Authorizer"
            authorizer.cacheSeconds = 0
            switch kind {
            case .tokenAuthorizer:
                authorizer.input = .token
                authorizer.identitySources = ["method.request.header.Authorization"]
            case .httpAuthorizer:
                authorizer.payload = .v2
                authorizer.identitySources = ["$request.header.Authorization"]
            default: authorizer.input = .request
            }
            api.authorizers = ["Authorizer": authorizer]
            auth = .authorizer("Authorizer")
        }
        api.routes = [key: Route(function: "Function", payload: kind.api.defaultPayload, auth: auth)]
        return Manifest(apis: ["Api": api], functions: ["Authorizer": Function(), "Function": Function()])
    }
}
