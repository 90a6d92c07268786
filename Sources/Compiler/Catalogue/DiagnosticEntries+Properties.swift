// What the catalogue says about properties.

internal import Diagnostics

extension DiagnosticEntries {
    static let properties: [String: DiagnosticEntry] = [
        "function-refused": DiagnosticEntry(
            "a function stands where SAM wants the value itself",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: !Sub /ratings, Method: get}}",
            mended: "Get: {Type: Api, Properties: {Path: /ratings, Method: get}}"
        ),
        "included-properties": DiagnosticEntry(
            "a function stands among other properties",
            .events,
            faulty: #"Get: {Type: Api, Properties: {Path: /, Method: get, "Fn::If": [A, {}, {}]}}"#,
            mended: "Get: {Type: Api, Properties: {Path: /, Method: get}}"
        ),
        "property-missing": DiagnosticEntry(
            "a property is absent",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /ratings}}",
            mended: "Get: {Type: Api, Properties: {Path: /ratings, Method: get}}"
        ),
        "property-range": DiagnosticEntry(
            "a number is too small or too large",
            .function,
            faulty: "Timeout: 5000",
            mended: "Timeout: 30"
        ),
        "property-type": DiagnosticEntry(
            "a property has the wrong type",
            .function,
            faulty: "Timeout: long",
            mended: "Timeout: 30"
        ),
        "secret-in-manifest": DiagnosticEntry(
            "a secret would be written into the manifest",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Parameters: {Password: {Type: String, NoEcho: true, Default: hush}}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {Path: !Sub "/${Password}", Method: get}}}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Parameters: {Password: {Type: String, NoEcho: true, Default: hush}}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Environment: {Variables: {PASSWORD: !Ref Password}}
                      Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """
        ),
        "setting-left-out": DiagnosticEntry(
            "a setting has no place in the manifest",
            .restAPI,
            faulty: "EndpointConfiguration: PRIVATE"
        ),
        "setting-unknown": DiagnosticEntry(
            "a setting depends on a value that cannot be known here",
            .function,
            faulty: "Timeout: !ImportValue Timeout",
            mended: "Timeout: 30"
        ),
        "value-unknown": DiagnosticEntry(
            "a route depends on a value that cannot be known here",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: !ImportValue Path, Method: get}}",
            mended: "Get: {Type: Api, Properties: {Path: /ratings, Method: get}}"
        ),
    ]
}
