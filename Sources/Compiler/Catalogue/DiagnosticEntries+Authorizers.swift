// What the catalogue says about authorizers.

internal import Diagnostics

extension DiagnosticEntries {
    static let authorizers: [String: DiagnosticEntry] = [
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
