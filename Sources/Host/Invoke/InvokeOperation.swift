// The paths of the Invoke API: which operation a request asks for, and of which function.

internal import NIOHTTP1

/// What a caller wants done (Lambda API reference, "Invoke" and "InvokeWithResponseStream").
enum InvokeOperation: CaseIterable, Hashable, Sendable {
    /// The answer is the response as a whole.
    case invoke
    /// The answer is an event stream that brings the response as it comes.
    case invokeWithResponseStream

    private var prefix: String {
        switch self {
        case .invoke: "/2015-03-31/functions/"
        case .invokeWithResponseStream: "/2021-11-15/functions/"
        }
    }

    private var suffix: String {
        switch self {
        case .invoke: "/invocations"
        case .invokeWithResponseStream: "/response-streaming-invocations"
        }
    }

    /// Reads the request line.
    ///
    /// - Returns: the operation, and the function that the path and the field `Qualifier` of the query name.
    /// - Throws: `InvokeError` where there is no such operation, or the function is named badly.
    static func read(_ request: BufferedRequest) throws(InvokeError) -> (InvokeOperation, FunctionReference) {
        let path = request.path
        let operation = allCases.first {
            path.hasPrefix($0.prefix) && path.hasSuffix($0.suffix)
                && path.utf8.count > $0.prefix.utf8.count + $0.suffix.utf8.count
        }
        guard let operation else {
            throw .unknownOperation("'\(path)' is not '\(invoke.prefix){function}\(invoke.suffix)'")
        }
        guard request.head.method == .POST else {
            throw .methodNotAllowed("functions are invoked with POST, not \(request.head.method.rawValue)")
        }
        let encoded = path.dropFirst(operation.prefix.count).dropLast(operation.suffix.count)
        guard let name = PercentEncoding.decode(encoded), var reference = FunctionReference(name) else {
            throw .invalidParameter("'\(encoded)' is no name or ARN of a function")
        }
        if let qualifier = try qualifier(request) { try reference.qualify(qualifier) }
        return (operation, reference)
    }

    /// The value of `Qualifier`; other fields of the query mean nothing to Lambda.
    private static func qualifier(_ request: BufferedRequest) throws(InvokeError) -> String? {
        for field in request.query.split(separator: "&") where field.hasPrefix("Qualifier=") {
            let encoded = field.dropFirst("Qualifier=".count)
            guard let text = PercentEncoding.decode(encoded), FunctionReference.isQualifier(text) else {
                throw .invalidParameter("the qualifier '\(encoded)' is no version or alias of a function")
            }
            return text
        }
        return nil
    }
}
