// What the catalogue says about the files beside the template.

internal import Diagnostics

extension DiagnosticEntries {
    static let environment: [String: DiagnosticEntry] = [
        "config-environment": DiagnosticEntry(
            "`--config-env` names an environment that the file does not have",
            .command,
            faulty: "samovar start-api --config-env prod",
            mended: "samovar start-api --config-env default"
        ),
        "config-key": DiagnosticEntry(
            "`samconfig.toml` has an option that does not exist",
            .configuration,
            faulty: """
                version = 0.1
                [default.local_start_api.parameters]
                env-vars = "env.json"
                """,
            mended: """
                version = 0.1
                [default.local_start_api.parameters]
                env_vars = "env.json"
                """
        ),
        "config-shape": DiagnosticEntry(
            "a part of `samconfig.toml` is no table",
            .configuration,
            faulty: """
                version = 0.1
                [default]
                local_start_api = "port=8080"
                """,
            mended: """
                version = 0.1
                [default.local_start_api.parameters]
                port = 8080
                """
        ),
        "config-syntax": DiagnosticEntry(
            "`samconfig.toml` is no TOML",
            .configuration,
            faulty: """
                version = 0.1
                [default.local_start_api.parameters]
                env_vars = env.json
                """,
            mended: """
                version = 0.1
                [default.local_start_api.parameters]
                env_vars = "env.json"
                """
        ),
        "config-value": DiagnosticEntry(
            "an option in `samconfig.toml` has the wrong type",
            .configuration,
            faulty: """
                version = 0.1
                [default.local_start_api.parameters]
                port = "http"
                """,
            mended: """
                version = 0.1
                [default.local_start_api.parameters]
                port = 8080
                """
        ),
        "config-version": DiagnosticEntry(
            "`samconfig.toml` has no version",
            .configuration,
            faulty: """
                [default.local_start_api.parameters]
                port = 8080
                """,
            mended: """
                version = 0.1
                [default.local_start_api.parameters]
                port = 8080
                """
        ),
        "endpoints-file": DiagnosticEntry(
            "the file of endpoints is wrong at this place",
            .endpoints,
            faulty: #"{"Ratings": {"url": "127.0.0.1:9001"}}"#,
            mended: #"{"Ratings": {"url": "http://127.0.0.1:9001"}}"#
        ),
        "env-ambiguous-function": DiagnosticEntry(
            "the file names one function twice",
            .environment,
            faulty: #"{"Ratings": {"TABLE": "a"}, "ratings-function": {"TABLE": "b"}}"#,
            mended: #"{"Ratings": {"TABLE": "a"}}"#
        ),
        "env-shape": DiagnosticEntry(
            "a variable stands outside of an object in `env.json`",
            .environment,
            faulty: #"{"TABLE": "local"}"#,
            mended: #"{"Parameters": {"TABLE": "local"}}"#
        ),
        "env-syntax": DiagnosticEntry(
            "the file of environment variables is neither JSON nor `.env`",
            .environment,
            faulty: #"{"Ratings": {'TABLE': "local"}}"#,
            mended: #"{"Ratings": {"TABLE": "local"}}"#
        ),
        "env-trailing-comma": DiagnosticEntry(
            "a comma stands behind the last member of `env.json`",
            .environment,
            faulty: """
                {
                  "Ratings": {"TABLE": "local"},
                }
                """,
            mended: """
                {
                  "Ratings": {"TABLE": "local"}
                }
                """
        ),
        "env-twice": DiagnosticEntry(
            "a `.env` file sets one variable twice",
            .dotenv,
            faulty: """
                TABLE=a
                TABLE=b
                """,
            mended: "TABLE=b"
        ),
        "env-undeclared-variable": DiagnosticEntry(
            "the template does not declare a variable that the file sets",
            .environment,
            faulty: #"{"Ratings": {"TABEL": "local"}}"#,
            mended: #"{"Ratings": {"TABLE": "local"}}"#
        ),
        "env-unknown-function": DiagnosticEntry(
            "the file sets variables of a function that does not exist",
            .environment,
            faulty: #"{"Rating": {"TABLE": "local"}}"#,
            mended: #"{"Ratings": {"TABLE": "local"}}"#
        ),
        "env-unset": DiagnosticEntry(
            "`${NAME}` in a `.env` file names a variable that is set nowhere",
            .dotenv,
            faulty: "TABLE=${STAGE_NAME}-table",
            mended: "TABLE=${STAGE_NAME:-dev}-table"
        ),
        "env-value": DiagnosticEntry(
            "the value of an environment variable is no text",
            .environment,
            faulty: #"{"Ratings": {"TABLE": ["a", "b"]}}"#,
            mended: #"{"Ratings": {"TABLE": "[\"a\", \"b\"]"}}"#
        ),
        "file-unreadable": DiagnosticEntry(
            "a file cannot be read",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: Prod, DefinitionUri: no-such-file.yaml}
                """
        ),
        "parameter-boolean": DiagnosticEntry(
            "a parameter in a file is a boolean without quotes",
            .parameters,
            faulty: "StageName: true",
            mended: "StageName: 'true'"
        ),
        "parameter-file": DiagnosticEntry(
            "a file of parameters cannot be read",
            .parameters,
            faulty: "- StageName",
            mended: "- StageName=dev"
        ),
    ]
}
