// What the catalogue says about functions, parameters and conditions.

internal import Diagnostics

extension DiagnosticEntries {
    static let intrinsics: [String: DiagnosticEntry] = [
        "condition-cycle": DiagnosticEntry(
            "a condition is made of itself",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Conditions:
                  IsLive: !Not [!Condition IsTest]
                  IsTest: !Not [!Condition IsLive]
                Resources:
                  Topic: {Type: AWS::SNS::Topic, Condition: IsLive}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Conditions:
                  IsLive: !Not [!Condition IsTest]
                  IsTest: !Equals [!Ref AWS::Region, us-east-1]
                Resources:
                  Topic: {Type: AWS::SNS::Topic, Condition: IsLive}
                """
        ),
        "condition-undecided": DiagnosticEntry(
            "whether there is a resource cannot be known",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Conditions: {IsLive: !Equals [!ImportValue Stage, live]}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Condition: IsLive
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Parameters: {Stage: {Type: String, Default: live}}
                Conditions: {IsLive: !Equals [!Ref Stage, live]}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Condition: IsLive
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """
        ),
        "condition-unknown": DiagnosticEntry(
            "a condition is not declared",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Conditions:
                  IsLive: !Equals [!Ref AWS::Region, us-east-1]
                Resources:
                  Topic: {Type: AWS::SNS::Topic, Condition: IsLve}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Conditions:
                  IsLive: !Equals [!Ref AWS::Region, us-east-1]
                Resources:
                  Topic: {Type: AWS::SNS::Topic, Condition: IsLive}
                """
        ),
        "evaluation-limit": DiagnosticEntry(
            "the functions of the template make too much",
            .function,
            faulty: """
                Description: !Sub ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", {A: !Sub \
                ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", {A: !Sub ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", \
                {A: !Sub ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", {A: !Sub \
                ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", {A: !Sub ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", \
                {A: !Sub ["${A}${A}${A}${A}${A}${A}${A}${A}${A}${A}", {A: 0123456789}]}]}]}]}]}]}]
                """,
            mended: #"Description: !Sub ["${A}${A}", {A: 0123456789}]"#
        ),
        "function-argument": DiagnosticEntry(
            "a function of CloudFormation is called with what it does not take",
            .function,
            faulty: "Description: !Join [a, b, c]",
            mended: #"Description: !Join ["", [a, b, c]]"#
        ),
        "function-unknown": DiagnosticEntry(
            "there is no such function of CloudFormation",
            .function,
            faulty: #"Description: !Substitute "${AWS::Region}""#,
            mended: #"Description: !Sub "${AWS::Region}""#
        ),
        "mapping-key": DiagnosticEntry(
            "`FindInMap` asks for what `Mappings` do not have",
            .template,
            faulty: """
                Mappings: {Sizes: {small: {memory: 128}}}
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      MemorySize: !FindInMap [Sizes, large, memory]
                """,
            mended: """
                Mappings: {Sizes: {small: {memory: 128}}}
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      MemorySize: !FindInMap [Sizes, small, memory]
                """
        ),
        "name-unknown": DiagnosticEntry(
            "a function refers to a name that the template does not declare",
            .function,
            faulty: "Description: !Ref Nothing",
            mended: "Description: !Ref AWS::StackName"
        ),
        "parameter-missing": DiagnosticEntry(
            "a route depends on a parameter without a value",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  Stage: {Type: String}
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
        "parameter-unknown": DiagnosticEntry(
            "a value is given to a parameter that does not exist",
            .command,
            faulty: "samovar check --parameter-overrides StageNaem=dev",
            mended: "samovar check --parameter-overrides StageName=dev"
        ),
        "parameter-value": DiagnosticEntry(
            "the value of a parameter is not one that it may have",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Parameters:
                  Stage: {Type: String, Default: test, AllowedValues: [dev, live]}
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
                  Stage: {Type: String, Default: dev, AllowedValues: [dev, live]}
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
    ]
}
