// samconfig.toml: which tables count, and what is wrong in them.

import Compiler
import Diagnostics
import Testing

struct ToolConfigurationTests {
    private func read(
        _ text: String,
        file: String = "samconfig.toml",
        environment: String = "default"
    ) -> (configuration: ToolConfiguration, said: [String]) {
        let source = ToolConfiguration.Source(
            file: file,
            environment: environment,
            command: "local_start_api",
            options: ["env_vars": .text, "port": .integer, "debug": .flag, "parameter_overrides": .any]
        )
        var diagnostics = DiagnosticCollector()
        let configuration = ToolConfiguration(Array(text.utf8), source, into: &diagnostics)
        return (configuration, diagnostics.sorted.map(\.summary))
    }

    private static let toml = """
        version = 0.1
        [default.global.parameters]
        stack_name = "shop"
        env_vars = "global.json"
        port = 1
        [default.local_start_api.parameters]
        port = "8080"
        debug = "yes"
        parameter_overrides = ["A=1"]
        [default.deploy.parameters]
        confirm_changeset = true
        [dev.local_start_api.parameters]
        port = 9
        """

    @Test func commandComesBeforeGlobal() {
        let (configuration, said) = read(Self.toml)
        #expect(said == [])
        #expect(configuration.text("env_vars") == "global.json")
        #expect(configuration.integer("port") == 8080)
        #expect(configuration.flag("debug"))
        #expect(configuration.values["parameter_overrides"] != nil)
        #expect(configuration.values["stack_name"] == nil)
    }

    @Test func readsOneEnvironment() {
        let (configuration, said) = read(Self.toml, environment: "dev")
        #expect(said == [])
        #expect(configuration.integer("port") == 9)
        #expect(configuration.text("env_vars") == nil)
        #expect(!configuration.flag("debug"))
    }

    @Test func readsYAML() {
        let text = "version: 0.1\ndefault:\n  local_start_api:\n    parameters:\n      port: 8080\n      debug: true\n"
        for file in ["samconfig.yaml", "a/samconfig.yml"] {
            let (configuration, said) = read(text, file: file)
            #expect(said == [])
            #expect(configuration.integer("port") == 8080 && configuration.flag("debug"))
        }
    }

    @Test(arguments: ["", "# nothing\n", "version = 0.1\n", "version = 1.0\n[other.global.parameters]\n"])
    func takesWhatSaysNothing(_ text: String) {
        let (configuration, said) = read(text)
        #expect(said == [])
        #expect(configuration.values.isEmpty)
    }

    @Test(
        arguments: [
            ("[default]", "1:1 config-version: the file needs a 'version' with a point, such as 'version = 0.1'"),
            ("version = 1", "1:11 config-version: the file needs a 'version' with a point, such as 'version = 0.1'"),
            ("version = 0.1\ndefault = 1", "2:11 config-shape: 'default' is a table, found a number"),
            (
                "version = 0.1\n[default]\nlocal_start_api = []",
                "3:19 config-shape: 'default.local_start_api' is a table, found a list"
            ),
            (
                "version = 0.1\n[default.global]\nparameters = 'a'",
                "3:14 config-shape: 'default.global.parameters' is a table, found a text"
            ),
            (
                "version = 0.1\n[default.local_start_api.parameters]\nenv-vars = 'a'",
                "3:1 config-key: there is no option 'env-vars'; did you mean 'env_vars'?"
            ),
            (
                "version = 0.1\n[default.local_start_api.parameters]\nnothing = 'a'",
                "3:1 config-key: there is no option 'nothing'"
            ),
            (
                "version = 0.1\n[default.global.parameters]\nenv_var = 'a'",
                "3:1 config-key: there is no option 'env_var'; did you mean 'env_vars'?"
            ),
            (
                "version = 0.1\n[default.local_start_api.parameters]\nport = 'x'",
                "3:8 config-value: 'port' is an integer, found a text"
            ),
            (
                "version = 0.1\n[default.local_start_api.parameters]\nenv_vars = true",
                "3:12 config-value: 'env_vars' is a text, found a boolean"
            ),
            (
                "version = 0.1\n[default.local_start_api.parameters]\ndebug = 'maybe'",
                "3:9 config-value: 'debug' is true or false, found a text"
            ),
            ("version = ", "1:11 config-syntax: a value is expected here"),
        ]
    )
    func saysWhatIsWrong(_ text: String, _ expected: String) {
        let (configuration, said) = read(text)
        #expect(said == [expected])
        #expect(configuration.values.isEmpty)
    }

    @Test func namesTheNearestEnvironment() {
        let expected =
            "1:1 config-environment: there is no environment 'prd', so no option is set; did you mean 'prod'?"
        #expect(read("version = 0.1\n[prod]", environment: "prd").said == [expected])
    }

    @Test func readsNoOtherFormat() {
        #expect(read("{}", file: "samconfig.json").said.first?.contains("ends with .toml, .yaml or .yml") == true)
    }

    @Test func mendsItself() {
        var options = CompilerOptions(template: "t.yaml")
        options.contents = [
            "t.yaml": Array("Resources: {}\n".utf8),
            "samconfig.toml": Array("version = 0.1\n[default.local_start_api.parameters]\n\"env-vars\" = 'a'\n".utf8),
        ]
        options.configuration = ToolConfiguration.Source(
            file: "samconfig.toml",
            environment: "default",
            command: "local_start_api",
            options: ["env_vars": .text]
        )
        let mending = Mending(options)
        #expect(mending.files.map(\.path) == ["samconfig.toml"])
        #expect(
            mending.files.first.map { String(decoding: $0.new, as: UTF8.self) }?.contains("\n\"env_vars\" =") == true
        )
        #expect(mending.compilation.inputs.contains("samconfig.toml"))
    }
}
