// What the catalogue says about integrations.

internal import Diagnostics

extension DiagnosticEntries {
    static let integrations: [String: DiagnosticEntry] = [
        "field-reserved": DiagnosticEntry(
            "parameter mapping may not touch this field",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    DefinitionBody:
                      openapi: 3.0.1
                      paths:
                        /ratings:
                          get:
                            x-amazon-apigateway-integration:
                              type: http_proxy
                              uri: https://example.com/
                              requestParameters: {"overwrite:header.Authorization": secret}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    DefinitionBody:
                      openapi: 3.0.1
                      paths:
                        /ratings:
                          get:
                            x-amazon-apigateway-integration:
                              type: http_proxy
                              uri: https://example.com/
                              requestParameters: {"overwrite:header.X-Tenant": shop}
                """
        ),
        "function-absent": DiagnosticEntry(
            "a route calls a function whose condition does not hold",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Conditions: {IsLive: !Equals [dev, live]}
                Resources:
                  Ratings:
                    Type: AWS::Serverless::Function
                    Condition: IsLive
                    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                  Shop:
                    Type: AWS::Serverless::Api
                    Properties:
                      StageName: Prod
                      DefinitionBody:
                        openapi: 3.0.1
                        paths:
                          /ratings:
                            get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !GetAtt \
                Ratings.Arn}}
                """
        ),
        "function-elsewhere": DiagnosticEntry(
            "a route calls a function that the template does not declare",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: POST
                        uri: arn:aws:lambda:us-east-1:123456789012:function:elsewhere
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
        "function-unnamed": DiagnosticEntry(
            "an integration does not name a function",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: \
                "https://example.com/"}
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
        "integration-method": DiagnosticEntry(
            "the integration of a function has another method than `POST`",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration:
                        type: aws_proxy
                        httpMethod: GET
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
        "integration-target": DiagnosticEntry(
            "an integration does not say what it calls",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET}
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: \
                "https://example.com/"}
                """
        ),
        "integration-type": DiagnosticEntry(
            "there is no such type of integrations",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: mok}
                """,
            mended: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: mock}
                """
        ),
        "integration-unserved": DiagnosticEntry(
            "a route ends in something that the proxy does not have yet",
            .document,
            faulty: """
                openapi: 3.0.1
                paths:
                  /ratings:
                    get:
                      x-amazon-apigateway-integration: {type: aws, httpMethod: POST, uri: \
                "arn:aws:apigateway:us-east-1:sqs:path/queue"}
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
        "payload-missing": DiagnosticEntry(
            "the integration of a function does not say its payload format",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    DefinitionBody:
                      openapi: 3.0.1
                      paths:
                        /ratings:
                          get:
                            x-amazon-apigateway-integration:
                              type: aws_proxy
                              httpMethod: POST
                              uri: arn:aws:lambda:us-east-1:123456789012:function:ratings
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    DefinitionBody:
                      openapi: 3.0.1
                      paths:
                        /ratings:
                          get:
                            x-amazon-apigateway-integration:
                              type: aws_proxy
                              httpMethod: POST
                              payloadFormatVersion: "2.0"
                              uri: arn:aws:lambda:us-east-1:123456789012:function:ratings
                """
        ),
        "payload-unquoted": DiagnosticEntry(
            "a payload format is a number without quotes",
            .events,
            faulty: "Get: {Type: HttpApi, Properties: {Path: /, Method: get, PayloadFormatVersion: 2.0}}",
            mended: #"Get: {Type: HttpApi, Properties: {Path: /, Method: get, PayloadFormatVersion: "2.0"}}"#
        ),
    ]
}
