// What the catalogue says about the sections of a template.

internal import Diagnostics

extension DiagnosticEntries {
    static let templates: [String: DiagnosticEntry] = [
        "globals-ignored": DiagnosticEntry(
            "`IgnoreGlobals` names something that cannot be ignored",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Globals: {Function: {Timeout: 30}}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    IgnoreGlobals: [Timeot]
                    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Globals: {Function: {Timeout: 30}}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    IgnoreGlobals: [Timeout]
                    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """
        ),
        "globals-unsupported": DiagnosticEntry(
            "`Globals` cannot have this",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Globals: {Function: {FunctionName: ratings}}
                Resources: {}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Globals: {Function: {Timeout: 30}}
                Resources: {}
                """
        ),
        "parameter-declaration": DiagnosticEntry(
            "a parameter is declared wrongly",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  Stage: {Type: Strin, Default: dev}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get}}}
                  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: !Ref Stage}}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  Stage: {Type: String, Default: dev}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get}}}
                  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: !Ref Stage}}
                """
        ),
        "resource-type": DiagnosticEntry(
            "a resource has no type, or one that does not exist",
            .resources,
            faulty: "Ratings: {Properties: {Runtime: python3.12}}",
            mended: "Topic: {Type: AWS::SNS::Topic}"
        ),
        "resources-missing": DiagnosticEntry(
            "the template has no `Resources`",
            .template,
            faulty: "Transform: AWS::Serverless-2016-10-31",
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Resources: {}
                """
        ),
        "section-shape": DiagnosticEntry(
            "a part of the template has the wrong shape",
            .template,
            faulty: "Resources: []",
            mended: "Resources: {}"
        ),
        "transform-missing": DiagnosticEntry(
            "the template does not declare the transform of SAM",
            .template,
            faulty: """
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """
        ),
        "transform-unknown": DiagnosticEntry(
            "a macro of the whole template is not run",
            .template,
            faulty: """
                Transform: [AWS::Serverless-2016-10-31, MyMacro]
                Resources: {}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Resources: {}
                """
        ),
        "unknown-name": DiagnosticEntry(
            "a name means nothing at this place",
            .function,
            faulty: "Timeot: 30",
            mended: "Timeout: 30"
        ),
    ]
}
