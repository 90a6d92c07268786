// What the catalogue says about functions of the template.

internal import Diagnostics

extension DiagnosticEntries {
    static let functions: [String: DiagnosticEntry] = [
        "api-unserved": DiagnosticEntry(
            "the proxy does not serve the routes of an API yet",
            .function,
            faulty: "FunctionUrlConfig: {AuthType: NONE}"
        ),
        "code-missing": DiagnosticEntry(
            "the code of a function is not there",
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
        "function-conflict": DiagnosticEntry(
            "settings of a function do not go together",
            .function,
            faulty: "DeploymentPreference: {Type: AllAtOnce}",
            mended: """
                AutoPublishAlias: live
                DeploymentPreference: {Type: AllAtOnce}
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
                  Properties:
                    PackageType: Image
                    ImageUri: 123456789012.dkr.ecr.us-east-1.amazonaws.com/ratings:latest
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """
        ),
        "function-url": DiagnosticEntry(
            "Lambda or SAM refuses these settings of a function URL",
            .function,
            faulty: """
                TenancyConfig: {TenantIsolationMode: PER_TENANT}
                FunctionUrlConfig: {AuthType: NONE}
                """,
            mended: "FunctionUrlConfig: {AuthType: NONE}"
        ),
        "inline-code": DiagnosticEntry(
            "code in the template is not where `Handler` looks for it",
            .resources,
            faulty: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    InlineCode: "def handler(event, context): return {}"
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: index.handler
                    InlineCode: "def handler(event, context): return {}"
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """
        ),
        "layer-elsewhere": DiagnosticEntry(
            "the content of a layer is not beside the template",
            .function,
            faulty: #"Layers: ["arn:aws:lambda:us-east-1:123456789012:layer:shared:3"]"#
        ),
        "layer-unknown": DiagnosticEntry(
            "a function names a layer that does not exist",
            .function,
            faulty: "Layers: [Shared]"
        ),
        "not-served": DiagnosticEntry(
            "a resource is not served by the routes",
            .resources,
            faulty: "Shop: {Type: AWS::Serverless::GraphQLApi, Properties: {}}"
        ),
        "package-type": DiagnosticEntry(
            "the properties of an archive stand with those of an image",
            .resources,
            faulty: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    PackageType: Image
                    ImageUri: example/ratings
                    Runtime: python3.12
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    PackageType: Image
                    ImageUri: example/ratings
                    Events: {Get: {Type: Api, Properties: {Path: /ratings, Method: get}}}
                """
        ),
        "routes-unread": DiagnosticEntry(
            "the routes of an API cannot be told from the template",
            .resources,
            faulty: "Shop: {Type: AWS::ApiGateway::RestApi, Properties: {CloneFrom: abcdefghij}}"
        ),
    ]
}
