// The ids of a request, and the response fields that carry them.

internal import JSON
internal import Manifest

/// Puts the fields on responses by which AWS support finds a request: `x-amzn-RequestId` and `x-amz-apigw-id` of REST
/// APIs, `Apigw-Requestid` of HTTP APIs. A REST API takes the id of a client that sends a UUID.
struct RequestIDPlugin: RequestHeadPlugin, ResponseHeadPlugin {
    static let name = "requestID"

    private var kind = GatewayKind.rest

    init(settings: JSONReader, services: PluginServices) throws(JSONShapeError) {
        try settings.object { (_) throws(JSONShapeError) in }
    }

    func prepared(for scope: PluginScope) throws(ProxyError) -> (any Plugin)? {
        var copy = self
        copy.kind = GatewayKind(scope.api.kind)
        return copy
    }

    func requestHeadReceived(_ exchange: Exchange) -> Verdict {
        guard kind == .rest else { return .proceed }
        let fields = exchange.head.fields
        if let field = fields.first(.xAmznRequestId),
            let id = fields.withBytes({ RequestID(uuid: field.value(in: $0)) })
        {
            exchange.requestID = id
        }
        return .proceed
    }

    func responseHeadReady(_ head: inout ResponseHead, _ exchange: Exchange) {
        let id = exchange.requestID
        switch kind {
        case .rest:
            id.withUUID { head.fields.append(.other, "x-amzn-RequestId", value: $0) }
            id.withExtendedID { head.fields.append(.other, "x-amz-apigw-id", value: $0) }
        case .http:
            id.withExtendedID { head.fields.append(.other, "Apigw-Requestid", value: $0) }
        }
    }
}
