// What the catalogue says about authorizers.

internal import Diagnostics

extension DiagnosticEntries {
    static let authorizers: [String: DiagnosticEntry] = [
        "auth-ignored": DiagnosticEntry(
            "the `Auth` of an event changes nothing beside a document",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties:
                    StageName: Prod
                    DefinitionBody:
                      swagger: "2.0"
                      paths:
                        /ratings: {get: {x-amazon-apigateway-integration: {type: mock}}}
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events:
                      Get:
                        Type: Api
                        Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get, Auth: {Authorizer: AWS_IAM}}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties:
                    StageName: Prod
                    MergeDefinitions: true
                    DefinitionBody:
                      swagger: "2.0"
                      paths:
                        /ratings: {get: {x-amazon-apigateway-integration: {type: mock}}}
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events:
                      Get:
                        Type: Api
                        Properties: {RestApiId: !Ref Shop, Path: /ratings, Method: get, Auth: {Authorizer: AWS_IAM}}
                """
        ),
        "authorizer-stand-in": DiagnosticEntry(
            "a JWT authorizer needs the deployed id of a resource",
            .resources,
            faulty: """
                Client: {Type: AWS::Cognito::UserPoolClient}
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    Auth:
                      Authorizers:
                        Login:
                          IdentitySource: $request.header.Authorization
                          JwtConfiguration: {issuer: https://issuer.example.com, audience: [!Ref Client]}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties:
                    Auth:
                      Authorizers:
                        Login:
                          IdentitySource: $request.header.Authorization
                          JwtConfiguration: {issuer: https://issuer.example.com, audience: [web]}
                """
        ),
        "auth-without-effect": DiagnosticEntry(
            "the `Auth` of an event changes nothing",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: NONE}}}",
            mended: "Get: {Type: Api, Properties: {Path: /, Method: get}}"
        ),
        "authorizer-incomplete": DiagnosticEntry(
            "an authorizer lacks what it needs",
            .httpAPI,
            faulty: """
                Auth: {Authorizers: {Login: {JwtConfiguration: {issuer: "https://example.com", audience: [web]}}}}
                """,
            mended: """
                Auth:
                  Authorizers:
                    Login:
                      IdentitySource: $request.header.Authorization
                      JwtConfiguration: {issuer: "https://example.com", audience: [web]}
                """
        ),
        "authorizer-name": DiagnosticEntry(
            "an authorizer has the name that stands for none",
            .restAPI,
            faulty: """
                Auth: {Authorizers: {none: {UserPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/a"}}}
                """,
            mended: """
                Auth: {Authorizers: {Login: {UserPoolArn: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/a"}}}
                """
        ),
        "authorizer-unknown": DiagnosticEntry(
            "a route names an authorizer that its API does not declare",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: Login}}}",
            mended: "Get: {Type: Api, Properties: {Path: /, Method: get, Auth: {Authorizer: AWS_IAM}}}"
        ),
        "authorizer-unsupported": DiagnosticEntry(
            "an authorizer cannot be used here, and its routes are refused",
            .restAPI,
            faulty: "Auth: {DefaultAuthorizer: Login, Authorizers: {Login: {FunctionArn: !ImportValue Login}}}",
            mended: """
                Auth: {DefaultAuthorizer: Login, Authorizers: {Login: {FunctionArn: !GetAtt Ratings.Arn}}}
                """
        ),
    ]
}
