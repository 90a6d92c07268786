// The Extensions API: its paths and methods as events of the environment's state machine.

internal import JSON
internal import NIOCore
internal import NIOHTTP1

/// Reads what extensions ask (Lambda developer guide, "Using the Lambda Extensions API").
enum ExtensionsAPI {
    private static let prefix = "/2020-01-01/extension/"
    private static let identifierField = "Lambda-Extension-Identifier"
    private static let errorField = "Lambda-Extension-Function-Error-Type"
    /// What a registration may say is short.
    private static let maximumRegistration = 16 * 1024
    /// What is kept of the name of an error.
    private static let maximumErrorType = 256

    /// What becomes of a request.
    enum Outcome {
        case event(EnvironmentStateMachine.Event)
        case answer(BufferedResponse)
    }

    /// - Returns: nil for a path of another API.
    static func read(_ request: BufferedRequest) -> Outcome? {
        let path = request.path
        let method = request.head.method
        switch path {
        case "/2020-08-15/logs": return unsupported("Logs", method)
        case "/2022-07-01/telemetry": return unsupported("Telemetry", method)
        default: break
        }
        guard path.hasPrefix(prefix) else { return nil }
        do throws(RuntimeRefusal) {
            switch (path.dropFirst(prefix.count), method) {
            case ("register", .POST): return .event(try register(request))
            case ("event/next", .GET):
                return .event(.extensionNext(identifier: try identifier(request.head.headers)))
            case ("init/error", .POST):
                let headers = request.head.headers
                return .event(.extensionInitError(identifier: try identifier(headers), type: try errorType(headers)))
            case ("exit/error", .POST):
                let headers = request.head.headers
                return .event(.extensionExitError(identifier: try identifier(headers), type: try errorType(headers)))
            case ("register", _), ("event/next", _), ("init/error", _), ("exit/error", _): throw .methodNotAllowed
            default: throw .notFound
            }
        } catch {
            return .answer(error.response)
        }
    }

    /// Lambda's emulator takes subscriptions to logs and says that nothing will come of them; so extensions go on.
    private static func unsupported(_ name: String, _ method: HTTPMethod) -> Outcome {
        guard method == .PUT else { return .answer(RuntimeRefusal.methodNotAllowed.response) }
        let body = JSONObject([
            ("errorMessage", .string("\(name) API is not supported")), ("errorType", .string("\(name).NotSupported")),
        ])
        return .answer(BufferedResponse(status: .accepted, json: JSONValue.object(body).compactText))
    }

    private static func register(_ request: BufferedRequest) throws(RuntimeRefusal) -> EnvironmentStateMachine.Event {
        guard let name = request.head.headers.first(name: "Lambda-Extension-Name"), !name.isEmpty else {
            throw .extensionRefused(type: "Extension.InvalidExtensionName", message: "Empty extension name")
        }
        var subscriptions: Set<ExtensionSet.Subscription> = []
        for event in try events(request.body) {
            guard let subscription = ExtensionSet.Subscription(rawValue: event) else {
                throw .extensionRefused(
                    type: "Extension.InvalidEventType",
                    message: "\(event.prefix(maximumErrorType)): ErrorInvalidEventType"
                )
            }
            subscriptions.insert(subscription)
        }
        return .register(name: name, identifier: RequestIdentifier.make(), subscriptions)
    }

    private static func events(_ body: ByteBuffer) throws(RuntimeRefusal) -> [String] {
        let malformed = RuntimeRefusal.extensionRefused(
            type: "InvalidRequestFormat",
            message: "the body is not an object with a list of texts as its 'events'"
        )
        guard body.readableBytes <= maximumRegistration,
            case .object(let object)? = try? JSONParser.parse(String(buffer: body))
        else { throw malformed }
        switch object["events"] {
        case nil, .null?: return []
        case .array(let values)?:
            let texts = values.compactMap(\.string)
            guard texts.count == values.count else { throw malformed }
            return texts
        default: throw malformed
        }
    }

    private static func identifier(_ headers: HTTPHeaders) throws(RuntimeRefusal) -> String {
        guard let text = headers.first(name: identifierField), !text.isEmpty else {
            throw .extensionRefused(
                type: "Extension.MissingExtensionIdentifier",
                message: "Missing \(identifierField) header"
            )
        }
        guard isIdentifier(text) else {
            throw .extensionRefused(
                type: "Extension.InvalidExtensionIdentifier",
                message: "Invalid \(identifierField)"
            )
        }
        return text.lowercased()
    }

    /// Whether a text is written as a UUID is.
    private static func isIdentifier(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }

    private static func errorType(_ headers: HTTPHeaders) throws(RuntimeRefusal) -> String {
        guard let type = headers.first(name: errorField), !type.isEmpty else {
            throw .extensionRefused(type: "Extension.MissingHeader", message: "\(errorField) not found")
        }
        return String(type.prefix(maximumErrorType))
    }

    /// The answer to a registration.
    ///
    /// - Parameters:
    ///   - definition: the function.
    ///   - identifier: the extension's new one.
    ///   - account: the account; Lambda says it to extensions that ask for it, here all are told.
    /// - Returns: what the extension gets to know.
    static func registration(
        of definition: FunctionDefinition,
        identifier: String,
        account: String
    ) -> BufferedResponse {
        let body = JSONObject([
            ("functionName", .string(definition.name)), ("functionVersion", "$LATEST"),
            ("handler", .string(definition.handler ?? "")), ("accountId", .string(account)),
        ])
        return BufferedResponse(
            status: .ok,
            headers: [(name: identifierField, value: identifier)],
            json: JSONValue.object(body).compactText
        )
    }
}
