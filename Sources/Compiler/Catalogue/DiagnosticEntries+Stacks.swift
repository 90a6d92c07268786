// What the catalogue says about nested stacks.

internal import Diagnostics

extension DiagnosticEntries {
    static let stacks: [String: DiagnosticEntry] = [
        "stack-cycle": DiagnosticEntry(
            "a template nests itself",
            .resources,
            faulty: """
                Nested:
                  Type: AWS::Serverless::Application
                  Properties: {Location: template.yaml}
                """
        ),
        "stack-limit": DiagnosticEntry(
            "there are too many nested stacks",
            .command,
            faulty: "A template that nests 300 others"
        ),
        "stack-unread": DiagnosticEntry(
            "the template of a nested stack is not on this machine",
            .resources,
            faulty: """
                Nested:
                  Type: AWS::Serverless::Application
                  Properties: {Location: no-such-file.yaml}
                """
        ),
    ]
}
