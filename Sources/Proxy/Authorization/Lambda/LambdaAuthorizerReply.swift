// What came of asking a Lambda authorizer.

internal import JSON
internal import Manifest
internal import NIOCore

/// The outcome of an authorizer's invocation, and what the access log has of it.
struct LambdaAuthorizerReply: Sendable {
    enum Meaning: Sendable {
        case answer(LambdaAuthorizerResult)
        /// It has said that nobody was identified: the client gets 401 (REST).
        case unauthorized
        /// It has failed, or its result is no answer.
        case invalid(StaticString)
        /// It could not be asked.
        case unreachable(StaticString)
    }

    let meaning: Meaning
    let call: AuthorizerCall

    /// - Parameters:
    ///   - outcome: what has come of the invocation.
    ///   - milliseconds: how long it took.
    ///   - kind: a function of a REST API that fails with `Unauthorized` means just that (developer guide, "Input to
    ///     an API Gateway Lambda authorizer").
    ///   - isSimple: whether it says `isAuthorized` in place of a policy.
    init(_ outcome: FunctionInvoker.Outcome, milliseconds: Int, kind: GatewayKind, isSimple: Bool) {
        var call = AuthorizerCall(status: 200, milliseconds: milliseconds)
        let meaning: Meaning
        switch outcome {
        case .result(let content):
            do throws(LambdaAuthorizerResult.Failure) {
                meaning = .answer(try LambdaAuthorizerResult(parsing: content, kind: kind, isSimple: isSimple))
            } catch { meaning = .invalid(error.detail) }
        case .functionError(let content):
            call.error = Self.errorMessage(content) ?? "function error"
            meaning =
                kind == .rest && call.error == "Unauthorized" ? .unauthorized : .invalid("authorizer_function_error")
        case .refused(let status):
            call.status = status
            meaning = .unreachable("authorizer_not_invoked")
        case .failed(let failure):
            call.status = failure == .timeout ? 504 : 500
            meaning =
                switch failure {
                case .timeout: .invalid("authorizer_timeout")
                case .tooLarge: .invalid("authorizer_result_too_large")
                case .connect: .unreachable("authorizer_connect_failed")
                case .busy: .unreachable("authorizer_busy")
                case .closed, .malformed: .unreachable("authorizer_connection_failed")
                }
        }
        if call.error == nil {
            switch meaning {
            case .answer, .unauthorized: break
            case .invalid(let detail), .unreachable(let detail): call.error = "\(detail)"
            }
        }
        self.meaning = meaning
        self.call = call
    }

    /// The `errorMessage` of a failed invocation.
    private static func errorMessage(_ content: ByteBuffer) -> String? {
        guard content.readableBytes <= LambdaAuthorizerResult.sizeLimit else { return nil }
        return (try? JSONParser.parse(content.readableBytesView))?["errorMessage"]?.string
    }
}
