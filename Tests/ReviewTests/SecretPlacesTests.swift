// Values that may be secret: wherever they stand in a manifest, no format says them.

import JSON
import Manifest
import Review
import Testing

struct SecretPlacesTests {
    /// What is in none of these outputs: every format that there is. Beside its changes a page shows the routes of the
    /// manifests, which it is not given here.
    private static func outputs(_ report: ChangeReport) -> [String] {
        let diagnostics = ChangeDiagnosticRenderer(file: "new")
        return [
            ChangeTextRenderer(isColored: true).render(report), ChangeMarkdownRenderer.render(report),
            ChangeJSONRenderer.render(report), diagnostics.github(report),
            diagnostics.sarif(report, toolName: "samovar", version: "1", workingFolder: "/"),
            ChangeHTMLRenderer.render(report, from: Manifest(), to: Manifest()),
        ]
    }

    private static func report(
        _ old: Manifest,
        _ new: Manifest,
        _ oldSecrets: Secrets = Secrets(),
        _ newSecrets: Secrets = Secrets()
    ) -> ChangeReport {
        ManifestDiff.compare(
            ManifestRevision(name: "old", manifest: old, secrets: oldSecrets),
            ManifestRevision(name: "new", manifest: new, secrets: newSecrets),
            fingerprint: ChangeGolden.fingerprint
        )
    }

    /// Texts with a secret in them, and the secret.
    private static let texts = [
        ("ghp_q8Zr2Lw6Tn4Vx0Yb3Kd7Mf1Hs5Jc9Pg2Ra4E", "q8Zr2Lw6Tn4Vx0Yb"),
        ("https://shop:q8Zr2Lw6Tn@db.example.com/shop", "q8Zr2Lw6Tn"),
        ("https://backend.example.com/{id}?api_key=q8Zr2Lw6Tn&page=1", "q8Zr2Lw6Tn"),
        ("known: q8-known-to-the-sidecar.", "q8-known-to-the-sidecar"),
    ]

    private static var sidecar: Secrets {
        var secrets = Secrets()
        secrets.functions = ["Orders": ["DB_PASSWORD": "q8-known-to-the-sidecar"]]
        return secrets
    }

    /// At every place of a manifest where a text may stand.
    @Test(arguments: RichManifest.places)
    func byTheirLooks(_ path: JSONPath) throws {
        guard path.value(in: RichManifest.json)?.string != nil else { return }
        let rich = try Manifest(JSONReader(RichManifest.json))
        for (text, secret) in Self.texts {
            let value = path.replacing(in: RichManifest.json, by: .string(text))
            guard let other = try? Manifest(JSONReader(value)), other != rich else { continue }
            for report in [
                Self.report(rich, other, Self.sidecar), Self.report(other, rich, Secrets(), Self.sidecar),
            ] {
                for output in Self.outputs(report) { #expect(!output.contains(secret), "\(path): \(output)") }
            }
        }
    }

    /// Values under names of their own, in all collections of texts.
    @Test(arguments: RichManifest.places)
    func byTheirNames(_ path: JSONPath) throws {
        guard case .object(var object)? = path.value(in: RichManifest.json) else { return }
        let names = ["DB_PASSWORD", "integration.request.header.Authorization", "overwrite:header.x-api-key", "Cookie"]
        for name in names {
            func manifest(_ value: String) -> Manifest? {
                object[name] = .string(value)
                return try? Manifest(JSONReader(path.replacing(in: RichManifest.json, by: .object(object))))
            }
            guard let old = manifest("'plain-4711'"), let new = manifest("'plain-4712'") else { continue }
            let rich = try Manifest(JSONReader(RichManifest.json))
            for report in [Self.report(old, new), Self.report(rich, new), Self.report(old, rich)] {
                #expect(!report.changes.isEmpty, "\(path), \(name)")
                for output in Self.outputs(report) { #expect(!output.contains("plain-471"), "\(path): \(output)") }
            }
        }
    }

    /// A text that took the place of a secret is one, whatever it is called.
    @Test func exposedValuesAreNotShown() throws {
        let path = JSONPath(
            steps: ["functions", "Orders", "environment", "DB_PASSWORD"].map { .member($0) }
        )
        let table = JSONPath(steps: ["functions", "Orders", "environment", "TABLE_NAME"].map { .member($0) })
        for place in [path, table] {
            let hidden = place.replacing(in: RichManifest.json, by: ["secret": "env.json"])
            let shown = place.replacing(in: RichManifest.json, by: "plain-4711")
            let report = Self.report(try Manifest(JSONReader(hidden)), try Manifest(JSONReader(shown)))
            #expect(report.changes.map(\.rule.id) == ["environment-secret-exposed"])
            for output in Self.outputs(report) { #expect(!output.contains("plain-4711"), "\(output)") }
        }
    }

    /// What is shown of a text, `…` for what is not.
    @Test(
        arguments: [
            // Tokens.
            ("AKIAQ7ZX3M5N2B8C4D6E", nil), ("id AKIAQ7ZX3M5N2B8C4D6E.", "id …."),
            ("SLAKIAQ7ZX3M5N2B8C4D6E", "SLAKIAQ7ZX3M5N2B8C4D6E"),
            ("AKIA", "AKIA"), ("a github_pat_11ABCDEFG0abcdefghij_x b", "a … b"), ("risk-averse", "risk-averse"),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", nil), ("eyJ", "eyJ"),
            ("'Bearer abcDEF123456'", "'Bearer …'"), ("Basic authentication", "Basic authentication"),
            ("x -----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- y", "x … y"),
            ("-----BEGIN PRIVATE KEY-----\nMIIB", nil),
            ("-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN CERTIFICATE-----\nMIIB"),
            // Addresses.
            ("postgres://a:b@db/x?y=1", "postgres://…@db/x?y=1"),
            ("https://example.com/a@b", "https://example.com/a@b"),
            ("https://b.example.com/?sig=abc&x=1", "https://b.example.com/?sig=…&x=1"),
            // Assignments.
            ("Server=db;Password=abc;Port=1", "Server=db;Password=…;Port=1"),
            (#"{"apiKey": "abc", "page": 1}"#, #"{"apiKey": "…", "page": 1}"#),
            (#"{\"token\":\"abc\"}"#, #"{\"token\":\"…\"}"#),
            ("Authorization: abc def\nHost: x", "Authorization: …\nHost: x"),
            ("<password>abc</password>", "<password>…</password>"),
            (#"{"token": "$input.params('token')"}"#, #"{"token": "$input.params('token')"}"#),
            ("#if($token == 'x')", "#if($token == 'x')"),
            ("arn:aws:secretsmanager:eu-west-1:1:secret:shop", "arn:aws:secretsmanager:eu-west-1:1:secret:shop"),
            ("MAX_TOKENS=5", "MAX_TOKENS=5"),
        ] as [(String, String?)]
    )
    func partsOfTexts(_ text: String, _ shown: String?) throws {
        let place = JSONPath(steps: ["functions", "Orders", "environment", "TABLE_NAME"].map { .member($0) })
        let old = try Manifest(JSONReader(RichManifest.json))
        let new = try Manifest(JSONReader(place.replacing(in: RichManifest.json, by: .string(text))))
        let change = try #require(Self.report(old, new).changes.first)
        switch change.after {
        case .shown(.string(let value))?:
            let masked = value.replacing(/\(secret [0-9a-f]+\)/, with: "…")
            #expect(masked == shown)
        default: #expect(shown == nil, "\(String(describing: change.after))")
        }
    }

    /// Hostile texts take no quadratic time: each of these would take minutes then.
    @Test(arguments: [
        "eyJ-", "://", "token=", "token: {", "-----BEGIN PRIVATE KEY", "-----BEGIN ", "sk-", "bearer ", "\\\"",
        "password :  ",
    ])
    func hostileTexts(_ piece: String) throws {
        let text = String(repeating: piece, count: 20_000)
        let place = JSONPath(steps: ["functions", "Orders", "environment", "TABLE_NAME"].map { .member($0) })
        let old = try Manifest(JSONReader(RichManifest.json))
        let new = try Manifest(JSONReader(place.replacing(in: RichManifest.json, by: .string(text))))
        #expect(Self.report(old, new).changes.count == 1)
    }
}
