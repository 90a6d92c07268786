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
