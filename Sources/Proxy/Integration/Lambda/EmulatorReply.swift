// What the Runtime Interface Emulator answers where the Invoke API would say more.

/// Tells results from errors by their text: the emulator answers both with 200 and has no field that says which.
enum EmulatorReply {
    /// Whether the text is what the emulator says of a function that took too long.
    static func isTimeout(_ text: UnsafeRawBufferPointer) -> Bool {
        text.hasPrefixIgnoringCase("task timed out after")
    }

    /// Whether the text is an error of a function: an object with `errorMessage` and with `errorType` or `stackTrace`,
    /// which no response with a `statusCode` is.
    static func isError(_ text: UnsafeRawBufferPointer) -> Bool {
        var names: Set<String> = []
        var scanner = JSONScanner(text)
        do throws(JSONScanner.Failure) {
            guard try scanner.kind() == .object else { return false }
            try scanner.forEachMember { (scanner, name) throws(JSONScanner.Failure) in
                let name = String(decoding: text.slice(name.lowerBound, name.upperBound), as: UTF8.self)
                if ["errorMessage", "errorType", "stackTrace", "statusCode"].contains(name) { names.insert(name) }
                try scanner.skipValue()
            }
            try scanner.finish()
        } catch { return false }
        return names.contains("errorMessage") && !names.contains("statusCode")
            && (names.contains("errorType") || names.contains("stackTrace"))
    }
}
