// What the catalogue says about the checks of all routes together.

internal import Diagnostics

extension DiagnosticEntries {
    static let checks: [String: DiagnosticEntry] = [
        "authorizer-bypassed": DiagnosticEntry(
            "other methods of a guarded path reach an open route",
            .events,
            faulty: """
                Guarded: {Type: Api, Properties: {Path: /admin, Method: post, Auth: {Authorizer: AWS_IAM}}}
                Open: {Type: Api, Properties: {Path: "/{proxy+}", Method: any}}
                """,
            mended: """
                Guarded: {Type: Api, Properties: {Path: /admin, Method: any, Auth: {Authorizer: AWS_IAM}}}
                Open: {Type: Api, Properties: {Path: "/{proxy+}", Method: any}}
                """
        ),
        "authorizer-unused": DiagnosticEntry(
            "no route has the authorizer",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties: {Auth: {Authorizers: {Token: {
                    IdentitySource: $request.header.Authorization,
                    JwtConfiguration: {issuer: https://login.example.com, audience: [shop]}}}}}
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /ratings, Method: GET}}}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::HttpApi
                  Properties: {Auth: {DefaultAuthorizer: Token, Authorizers: {Token: {
                    IdentitySource: $request.header.Authorization,
                    JwtConfiguration: {issuer: https://login.example.com, audience: [shop]}}}}}
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /ratings, Method: GET}}}
                """
        ),
        "parameter-names": DiagnosticEntry(
            "a REST API has two names for one parameter of its paths",
            .events,
            faulty: """
                One: {Type: Api, Properties: {Path: "/pets/{id}", Method: get}}
                Toys: {Type: Api, Properties: {Path: "/pets/{name}/toys", Method: get}}
                """,
            mended: """
                One: {Type: Api, Properties: {Path: "/pets/{id}", Method: get}}
                Toys: {Type: Api, Properties: {Path: "/pets/{id}/toys", Method: get}}
                """
        ),
        "routes-public": DiagnosticEntry(
            "some routes have an authorizer and some are open to everyone",
            .events,
            faulty: """
                Put: {Type: Api, Properties: {Path: /ratings, Method: put, Auth: {Authorizer: AWS_IAM}}}
                Get: {Type: Api, Properties: {Path: /ratings, Method: get}}
                """,
            mended: """
                Put: {Type: Api, Properties: {Path: /ratings, Method: put, Auth: {Authorizer: AWS_IAM}}}
                Get: {Type: Api, Properties: {Path: /ratings, Method: get, Auth: {Authorizer: AWS_IAM}}}
                """
        ),
        "no-routes": DiagnosticEntry(
            "no function of the template can be reached over HTTP",
            .resources,
            faulty: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: .}
                """,
            mended: """
                Ratings:
                  Type: AWS::Serverless::Function
                  Properties:
                    Runtime: python3.12
                    Handler: app.handler
                    CodeUri: .
                    Events: {Get: {Type: HttpApi, Properties: {Path: /ratings, Method: GET}}}
                """
        ),
        "route-claimed-twice": DiagnosticEntry(
            "two APIs have a route for the same requests",
            .events,
            faulty: """
                One: {Type: Api, Properties: {Path: /pets, Method: get}}
                Two: {Type: HttpApi, Properties: {Path: /pets, Method: get}}
                """,
            mended: """
                One: {Type: Api, Properties: {Path: /pets, Method: get}}
                Two: {Type: HttpApi, Properties: {Path: /v2/pets, Method: get}}
                """
        ),
        "route-duplicate": DiagnosticEntry(
            "one API has two routes for the same requests",
            .events,
            faulty: """
                One: {Type: Api, Properties: {Path: "/pets/{id}", Method: get}}
                Two: {Type: Api, Properties: {Path: "/pets/{name}", Method: get}}
                """,
            mended: """
                One: {Type: Api, Properties: {Path: "/pets/{id}", Method: get}}
                Two: {Type: Api, Properties: {Path: "/pets/{id}", Method: put}}
                """
        ),
    ]
}
