// What secrets look like: the forms of tokens that their makers gave them so that they can be told from other text.

internal import Manifest

/// A form of tokens: how they begin, and what follows.
struct SecretForm: Sendable {
    /// What may follow the beginning.
    enum Alphabet: Sendable {
        case capitalsAndDigits, letters, words, dottedWords, base64

        func contains(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A: return true
            case 0x61...0x7A: return self != .capitalsAndDigits
            case UInt8(ascii: "_"), UInt8(ascii: "-"):
                return self == .words || self == .dottedWords || self == .base64
            case UInt8(ascii: "."): return self == .dottedWords || self == .base64
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "~"): return self == .base64
            default: return false
            }
        }
    }

    let beginning: [UInt8]
    let alphabet: Alphabet
    /// How many bytes follow at least.
    let minimum: Int

    init(_ beginning: String, _ alphabet: Alphabet, _ minimum: Int) {
        self.beginning = Array(beginning.utf8)
        self.alphabet = alphabet
        self.minimum = minimum
    }

    /// The forms, as the makers' own pages and GitHub's "Supported secret scanning patterns" give them.
    static let all: [SecretForm] =
        [
            // AWS: ids of access keys (IAM user guide, "IAM identifiers").
            ["AKIA", "ASIA", "ABIA", "ACCA"].map { SecretForm($0, .capitalsAndDigits, 16) },
            // GitHub, GitLab.
            ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map { SecretForm($0, .letters, 20) },
            [SecretForm("github_pat_", .words, 20), SecretForm("glpat-", .words, 16)],
            // Slack.
            ["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map { SecretForm($0, .words, 10) },
            [SecretForm("hooks.slack.com/services/", .base64, 20)],
            // Stripe.
            ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"].map { SecretForm($0, .base64, 10) },
            // Google, OpenAI and those that write theirs alike, SendGrid, registries of packages, Azure.
            [
                SecretForm("AIza", .words, 30), SecretForm("ya29.", .dottedWords, 20), SecretForm("sk-", .words, 20),
                SecretForm("SG.", .dottedWords, 30), SecretForm("npm_", .letters, 30), SecretForm("pypi-", .words, 40),
                SecretForm("AccountKey=", .base64, 20),
            ],
        ].flatMap { $0 }

    /// The forms by their first byte.
    static let byFirstByte: [[SecretForm]] = {
        var table: [[SecretForm]] = Array(repeating: [], count: 256)
        for form in all { table[Int(form.beginning[0])].append(form) }
        return table
    }()
}

/// Names whose values are kept from reviews.
enum SecretMembers {
    /// Words that end the name of a secret, beyond those that keep a variable out of a manifest: fields of requests, and
    /// parameters of addresses.
    private static let lastWords: Set<String> = ["authorization", "cookie", "pass", "pw", "sig", "signature"]

    /// Whether the name of a variable, field or parameter reads like that of a secret.
    static func contains(_ name: some StringProtocol) -> Bool {
        let last = name.utf8.reversed().prefix { ($0 | 0x20) &- 0x61 < 26 }
        let word = String(decoding: last.reversed().map { $0 | 0x20 }, as: UTF8.self)
        return lastWords.contains(word) || SecretNames.contains(String(name))
    }
}
