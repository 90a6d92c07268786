// What the catalogue says about loops, includes and macros.

internal import Diagnostics

extension DiagnosticEntries {
    static let expansion: [String: DiagnosticEntry] = [
        "expansion-duplicate": DiagnosticEntry(
            "a loop makes one key twice",
            .template,
            faulty: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [One, Two]
                    - Topic: {Type: AWS::SNS::Topic}
                """,
            mended: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [One, Two]
                    - Topic${Name}: {Type: AWS::SNS::Topic}
                """
        ),
        "expansion-limit": DiagnosticEntry(
            "loops and includes make too much",
            .template,
            faulty: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::A:
                    - A
                    - &ten [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
                    - Fn::ForEach::B${A}:
                        - B
                        - *ten
                        - Fn::ForEach::C${A}${B}:
                            - C
                            - *ten
                            - Fn::ForEach::D${A}${B}${C}:
                                - D
                                - *ten
                                - Fn::ForEach::E${A}${B}${C}${D}:
                                    - E
                                    - *ten
                                    - Topic${A}${B}${C}${D}${E}: {Type: AWS::SNS::Topic}
                """,
            mended: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [One, Two]
                    - Topic${Name}: {Type: AWS::SNS::Topic}
                """
        ),
        "include-cycle": DiagnosticEntry(
            "a file includes itself",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: template.yaml}}
                """
        ),
        "include-remote": DiagnosticEntry(
            "an included file is not on this machine",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/resources.yaml}}
                """
        ),
        "include-shape": DiagnosticEntry(
            "an include does not say what it includes",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Fn::Transform: {Name: AWS::Include}
                """
        ),
        "language-extension": DiagnosticEntry(
            "the transform of the language extensions is not declared",
            .resources,
            faulty: """
                Fn::ForEach::Topics:
                  - Name
                  - [One, Two]
                  - Topic${Name}: {Type: AWS::SNS::Topic}
                """,
            mended: """
                TopicOne: {Type: AWS::SNS::Topic}
                TopicTwo: {Type: AWS::SNS::Topic}
                """
        ),
        "loop-shape": DiagnosticEntry(
            "a loop is not of its three parts",
            .template,
            faulty: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics: [Name, [One, Two]]
                """,
            mended: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [One, Two]
                    - Topic${Name}: {Type: AWS::SNS::Topic}
                """
        ),
        "loop-unknown": DiagnosticEntry(
            "what a loop runs over cannot be known",
            .template,
            faulty: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - !Ref AWS::NotificationARNs
                    - Topic${Name}: {Type: AWS::SNS::Topic}
                """,
            mended: """
                Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
                Resources:
                  Fn::ForEach::Topics:
                    - Name
                    - [One, Two]
                    - Topic${Name}: {Type: AWS::SNS::Topic}
                """
        ),
        "macro-not-run": DiagnosticEntry(
            "a macro would change routes, and macros are not run",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Fn::Transform: {Name: MyMacro}
                """
        ),
    ]
}
