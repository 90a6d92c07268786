// Which of API Gateway's two ways of answering HTTP an API has.

internal import Manifest

/// How requests are matched and answered.
enum GatewayKind: Sendable {
    /// As REST APIs do.
    case rest
    /// As HTTP APIs do, and function URLs like them.
    case http

    init(_ kind: APIKind) { self = kind == .rest ? .rest : .http }
}
