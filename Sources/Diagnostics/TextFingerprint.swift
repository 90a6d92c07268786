// Short texts that stand for long ones where nobody has a reason to forge them.

/// FNV-1a of 64 bits: the same for the same text, on every machine and in every run.
package enum TextFingerprint {
    /// The fingerprint of a text, 16 hexadecimal digits. It finds what is different, not what is forged.
    package static func of(_ text: String) -> String { of(text.utf8) }

    /// The same of bytes.
    package static func of(_ bytes: some Sequence<UInt8>) -> String {
        let hash = bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
