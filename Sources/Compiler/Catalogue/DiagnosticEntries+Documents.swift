// What the catalogue says about OpenAPI documents.

internal import Diagnostics

extension DiagnosticEntries {
    static let documents: [String: DiagnosticEntry] = [
        "definition-conflict": DiagnosticEntry(
            "an API has a document in two places",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: Prod, DefinitionUri: s3://bucket/openapi.yaml, DefinitionBody: {openapi: \
                3.0.1, paths: {}}}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: Prod, DefinitionBody: {openapi: 3.0.1, paths: {}}}
                """
        ),
        "definition-remote": DiagnosticEntry(
            "the document of an API is not on this machine",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: Prod, DefinitionUri: s3://bucket/openapi.yaml}
                """
        ),
        "access-log-format": DiagnosticEntry(
            "the format of an access log is not one that the gateway takes",
            .restAPI,
            faulty: #"AccessLogSetting: {Format: "$context.status"}"#,
            mended: #"AccessLogSetting: {Format: "$context.requestId $context.status"}"#
        ),
        "stage-variable": DiagnosticEntry(
            "the name or the value of a stage variable has characters that it must not have",
            .restAPI,
            faulty: "Variables: {table: my table}",
            mended: "Variables: {table: my-table}"
        ),
        "document-invalid": DiagnosticEntry(
            "a policy or a schema is a text that is no JSON",
            .restAPI,
            faulty: #"Models: {Pet: "{type: object"}"#,
            mended: "Models: {Pet: {type: object}}"
        ),
        "document-reference": DiagnosticEntry(
            "a `$ref` leads nowhere",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings: {$ref: "#/nowhere"}
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
        "document-security": DiagnosticEntry(
            "API Gateway ignores `security` at the root of a document",
            .document,
            faulty: """
                openapi: 3.0.1
                security: [{Login: []}]
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
        "document-version": DiagnosticEntry(
            "a document does not say which version of OpenAPI it is written in",
            .document,
            faulty: "paths: {}",
            mended: """
                openapi: 3.0.1
                paths: {}
                """
        ),
        "event-not-in-document": DiagnosticEntry(
            "the document of an API does not have an event's route",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Shop:
                    Type: AWS::Serverless::Api
                    Properties: {StageName: Prod, DefinitionBody: {openapi: 3.0.1, paths: {}}}
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get}}}
                """,
            mended: """
                Transform: AWS::Serverless-2016-10-31
                Resources:
                  Shop:
                    Type: AWS::Serverless::Api
                    Properties: {StageName: Prod, MergeDefinitions: true, DefinitionBody: {openapi: 3.0.1, paths: \
                {}}}
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get}}}
                """
        ),
        "operation-empty": DiagnosticEntry(
            "nothing answers an operation",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      responses: {}
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
        "operation-unknown": DiagnosticEntry(
            "a path has an operation that does not exist",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    gett:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
        "scheme-unknown": DiagnosticEntry(
            "an operation asks for a security scheme that is no authorizer",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      security: [{Login: []}]
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
        "validator-unknown": DiagnosticEntry(
            "an operation names a request validator that is not declared",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-request-validator: all
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """,
            mended: """
                openapi: 3.0.1
                x-amazon-apigateway-request-validators: {all: {validateRequestBody: true}}
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-request-validator: all
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: !Sub \
                "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Ratings.Arn}/invocations"
                """
        ),
    ]
}
