// What env.json does to the functions of a manifest, and what it is warned about.

import Compiler
import Diagnostics
import Manifest
import Testing

struct EnvironmentOverlayTests {
    private func manifest() -> Manifest {
        var ratings = Function()
        ratings.name = "ratings-prod"
        ratings.environment = ["STAGE": .text("prod"), "TABLE_NAME": .text("t"), "DB_PASSWORD": .text("")]
        var hello = Function()
        hello.environment = ["STAGE": .text("prod"), "LICENCE": .secret("NoEcho parameter 'Licence'")]
        return Manifest(functions: ["Ratings": ratings, "Hello": hello, "Bare": Function()])
    }

    private func overlay(_ text: String) throws -> (Manifest, Secrets, [String]) {
        var diagnostics = DiagnosticCollector()
        var manifest = manifest()
        var secrets = Secrets()
        let file = EnvironmentFile.parse(Array(text.utf8), file: "config/env.json", into: &diagnostics)
        try #require(file).overlay(on: &manifest, secrets: &secrets, into: &diagnostics)
        return (manifest, secrets, diagnostics.sorted.map(\.summary))
    }

    @Test func putsTheFunctionOverParametersOverTheTemplate() throws {
        let text = #"{"Ratings": {"STAGE": "own"}, "Parameters": {"STAGE": "shared", "TABLE_NAME": "shared"}}"#
        let (manifest, secrets, said) = try overlay(text)
        #expect(said == [])
        #expect(secrets == Secrets())
        #expect(manifest.functions["Ratings"]?.environment["STAGE"] == .text("own"))
        #expect(manifest.functions["Ratings"]?.environment["TABLE_NAME"] == .text("shared"))
        #expect(manifest.functions["Hello"]?.environment["STAGE"] == .text("shared"))
        #expect(manifest.functions["Hello"]?.environment["TABLE_NAME"] == nil)
        #expect(manifest.functions["Bare"]?.environment == [:])
    }

    @Test func findsFunctionsByName() throws {
        let (manifest, _, said) = try overlay(#"{"ratings-prod": {"STAGE": "own"}}"#)
        #expect(said == [])
        #expect(manifest.functions["Ratings"]?.environment["STAGE"] == .text("own"))
    }

    @Test func takesTheLogicalIdOfTwo() throws {
        let (manifest, _, said) = try overlay(#"{"ratings-prod": {"STAGE": "b"}, "Ratings": {"STAGE": "a"}}"#)
        #expect(manifest.functions["Ratings"]?.environment["STAGE"] == .text("a"))
        #expect(
            said == [
                "1:2 env-ambiguous-function: 'ratings-prod' and 'Ratings' are the same function; only 'Ratings' is used"
            ]
        )
    }

    @Test func movesSecretsAside() throws {
        let (manifest, secrets, said) = try overlay(#"{"Parameters": {"DB_PASSWORD": "hunter2", "LICENCE": "abc"}}"#)
        #expect(said == [])
        #expect(manifest.functions["Ratings"]?.environment["DB_PASSWORD"] == .secret("env.json"))
        #expect(manifest.functions["Hello"]?.environment["LICENCE"] == .secret("env.json"))
        #expect(secrets.functions == ["Ratings": ["DB_PASSWORD": "hunter2"], "Hello": ["LICENCE": "abc"]])
    }

    @Test(
        arguments: [
            (
                #"{"Rating": {"STAGE": "x"}}"#,
                "1:2 env-unknown-function: the template has no function 'Rating'; did you mean 'Ratings'?"
            ),
            (
                #"{"parameters": {}}"#,
                "1:2 env-unknown-function: the template has no function 'parameters'; did you mean 'Parameters'?"
            ),
            (#"{"Warehouse": {}}"#, "1:2 env-unknown-function: the template has no function 'Warehouse'"),
            (
                #"{"Ratings": {"STAGES": "x"}}"#,
                "1:14 env-undeclared-variable: 'Ratings' does not declare 'STAGES' in the template, so it is not passed; did you mean 'STAGE'?"
            ),
            (
                #"{"Parameters": {"TABLE": "x"}}"#,
                "1:17 env-undeclared-variable: no function declares 'TABLE' in the template, so it is not passed"
            ),
        ]
    )
    func warns(_ text: String, _ expected: String) throws {
        let (result, secrets, said) = try overlay(text)
        #expect(said == [expected])
        #expect(result == manifest())
        #expect(secrets == Secrets())
    }
}

struct SecretNamesTests {
    @Test(arguments: [
        "DB_PASSWORD", "password", "Secret", "CLIENT_SECRETS", "github_token", "githubToken", "API_KEY",
        "stripe-apikey", "apiKey", "PRIVATE_KEY_PEM", "AWS_SECRET_ACCESS_KEY",
    ])
    func knows(_ name: String) { #expect(SecretNames.contains(name)) }

    @Test(arguments: [
        "", "_", "TABLE_NAME", "TOKENIZER", "MAX_TOKENS", "SECRETARY", "KEY", "PRIMARY_KEY", "API_URL_KEY",
        "COMPASS_WORD", "PUBLIC_KEY",
    ])
    func leaves(_ name: String) { #expect(!SecretNames.contains(name)) }
}
