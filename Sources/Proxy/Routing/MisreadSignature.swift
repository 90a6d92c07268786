// What a REST API says of an Authorization field that is no signature where no route takes the request.

/// The fault that a reader of Signature Version 4 finds in another kind of credentials (recorded behaviour).
enum MisreadSignature {
    /// - Parameter value: the value of the field.
    /// - Returns: the fault; nil for a value that is a signature.
    static func message(_ value: UnsafeRawBufferPointer) -> String? {
        guard !value.hasPrefixIgnoringCase("aws4-") else { return nil }
        let text = String(decoding: value, as: UTF8.self)
        let space = value.firstIndex(of: 0x20, from: 0)
        var fault: String?
        if let space {
            value.slice(space, value.count).forEachListElement { part in
                guard fault == nil, part.firstIndex(of: UInt8(ascii: "="), from: 0) == nil else { return }
                fault = String(decoding: part, as: UTF8.self)
            }
        }
        if let fault {
            return "'\(fault)' not a valid key=value pair (missing equal-sign) in Authorization header: '\(text)'."
        }
        return "Authorization header requires 'Credential' parameter. "
            + "Authorization header requires 'Signature' parameter. "
            + "Authorization header requires 'SignedHeaders' parameter. "
            + "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
            + "Authorization=\(text)"
    }
}
