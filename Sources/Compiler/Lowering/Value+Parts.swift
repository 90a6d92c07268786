// The parts of a value that cannot be written into a manifest.

extension Value {
    /// The first value within it that is unknown or a secret; nil where all of it can be written down.
    var unwritablePart: Value? {
        if unknownReason != nil || secretSource != nil { return self }
        for element in list ?? [] {
            if let part = element.unwritablePart { return part }
        }
        for member in members ?? [] {
            if let part = member.value.unwritablePart { return part }
        }
        return nil
    }
}
