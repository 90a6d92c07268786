// Fields that the parameter mapping of HTTP APIs may not touch.

/// The names that API Gateway keeps for itself (developer guide, "Transform API requests and responses for HTTP APIs",
/// reserved headers).
package enum ReservedFields {
    /// Whether a field, its name in lower case, is one of them.
    package static func contains(_ field: String) -> Bool {
        ["access-control-", "apigw-", "x-amz-", "x-amzn-"].contains { field.hasPrefix($0) }
            || [
                "authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded",
                "keep-alive", "origin", "proxy-authenticate", "proxy-authorization", "te", "trailers",
                "transfer-encoding", "upgrade", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
            ].contains(field)
    }
}
