// What the catalogue says about functions of the template.

internal import Diagnostics

extension DiagnosticEntries {
    static let functions: [String: DiagnosticEntry] = [
        "code-missing": DiagnosticEntry(
            "the folder of a function's code is not there",
            .resources,
            faulty: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: no-such-folder/}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """
        ),
        "environment-name": DiagnosticEntry(
            "this cannot be the name of an environment variable",
            .function,
            faulty: "Environment: {Variables: {MY-TABLE: a}}",
            mended: "Environment: {Variables: {MY_TABLE: a}}"
        ),
        "environment-reserved": DiagnosticEntry(
            "Lambda sets this variable itself",
            .function,
            faulty: "Environment: {Variables: {AWS_REGION: us-east-1}}",
            mended: "Environment: {Variables: {MY_REGION: us-east-1}}"
        ),
        "environment-unknown": DiagnosticEntry(
            "the value of an environment variable cannot be known here",
            .function,
            faulty: "Environment: {Variables: {TABLE: !ImportValue Table}}",
            mended: "Environment: {Variables: {TABLE: local}}"
        ),
        "function-name": DiagnosticEntry(
            "two functions have the same name",
            .resources,
            faulty: """
                One:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: ., FunctionName: ratings}
                Two:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: ., FunctionName: ratings}
                """,
            mended: """
                One:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: ., FunctionName: ratings}
                Two:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: ., FunctionName: orders}
                """
        ),
        "function-not-run": DiagnosticEntry(
            "the host cannot run a function",
            .resources,
            faulty: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: s3://bucket/code.zip}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """
        ),
        "not-served": DiagnosticEntry(
            "a resource is not served by the routes",
            .resources,
            faulty: "Shop: {Type: AWS::Serverless::GraphQLApi, Properties: {}}"
        ),
        "routes-unread": DiagnosticEntry(
            "routes are defined in a way that is not read yet",
            .resources,
            faulty: "Shop: {Type: AWS::ApiGateway::RestApi}"
        ),
        "setting-unsupported": DiagnosticEntry(
            "a setting has no effect yet",
            .restAPI,
            faulty: "CanarySetting: {PercentTraffic: 10}"
        ),
    ]
}
