// What the catalogue says about events and routes.

internal import Diagnostics

extension DiagnosticEntries {
    static let routes: [String: DiagnosticEntry] = [
        "api-absent": DiagnosticEntry(
            "the API of an event does not exist",
            .template,
            faulty: """
                Transform: AWS::Serverless-2016-10-31
                Conditions: {IsLive: !Equals [dev, live]}
                Resources:
                  Shop: {Type: AWS::Serverless::HttpApi, Condition: IsLive}
                  Ratings:
                    Type: AWS::Serverless::Function
                    Properties:
                      Runtime: python3.12
                      Handler: app.handler
                      CodeUri: .
                      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /, Method: get}}}
                """
        ),
        "api-unknown": DiagnosticEntry(
            "an event names an API that the template does not have",
            .events,
            faulty: "Get: {Type: Api, Properties: {RestApiId: Shop, Path: /, Method: get}}",
            mended: "Get: {Type: Api, Properties: {Path: /, Method: get}}"
        ),
        "event-type": DiagnosticEntry(
            "there is no such type of events",
            .events,
            faulty: "Get: {Type: HttpAPI, Properties: {Path: /, Method: get}}",
            mended: "Get: {Type: HttpApi, Properties: {Path: /, Method: get}}"
        ),
        "method-unknown": DiagnosticEntry(
            "there is no such method",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /, Method: fetch}}",
            mended: "Get: {Type: Api, Properties: {Path: /, Method: get}}"
        ),
        "model-unknown": DiagnosticEntry(
            "a route names a model that its API does not declare",
            .events,
            faulty: "Post: {Type: Api, Properties: {Path: /, Method: post, RequestModel: {Model: Pet}}}",
            mended: "Post: {Type: Api, Properties: {Path: /, Method: post}}"
        ),
        "parameter-place": DiagnosticEntry(
            "the name of a request's parameter does not say where it stands",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /, Method: get, RequestParameters: [Authorization]}}",
            mended: """
                Get: {Type: Api, Properties: {Path: /, Method: get, RequestParameters: \
                [method.request.header.Authorization]}}
                """
        ),
        "path-invalid": DiagnosticEntry(
            "API Gateway does not take the path of a route",
            .events,
            faulty: #"Get: {Type: Api, Properties: {Path: "/pets/{id}.png", Method: get}}"#,
            mended: #"Get: {Type: Api, Properties: {Path: "/pets/{id}", Method: get}}"#
        ),
        "path-trailing-slash": DiagnosticEntry(
            "the path of a route ends in a slash",
            .events,
            faulty: "Get: {Type: Api, Properties: {Path: /pets/, Method: get}}",
            mended: "Get: {Type: Api, Properties: {Path: /pets, Method: get}}"
        ),
        "payload-format": DiagnosticEntry(
            "there is no such payload format",
            .events,
            faulty: #"Get: {Type: HttpApi, Properties: {Path: /, Method: get, PayloadFormatVersion: "3.0"}}"#,
            mended: #"Get: {Type: HttpApi, Properties: {Path: /, Method: get, PayloadFormatVersion: "2.0"}}"#
        ),
        "route-unsupported": DiagnosticEntry(
            "the proxy answers a route with 501, so that nothing is served unprotected",
            .httpAPI,
            faulty: "Domain: {DomainName: a.test, CertificateArn: a, MutualTlsAuthentication: {TruststoreUri: s3://a}}"
        ),
        "stage-name": DiagnosticEntry(
            "this cannot be the name of a stage",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: my/stage}
                """,
            mended: """
                Shop:
                  Type: AWS::Serverless::Api
                  Properties: {StageName: my-stage}
                """
        ),
        "usage-plan": DiagnosticEntry(
            "there is no such kind of usage plans",
            .restAPI,
            faulty: "Auth: {UsagePlan: {CreateUsagePlan: ALWAYS}}",
            mended: "Auth: {UsagePlan: {CreateUsagePlan: NONE}}"
        ),
        "websocket-route": DiagnosticEntry(
            "the routes or the authorization of a WebSocket API are none that SAM takes",
            .resources,
            faulty: """
                Shop:
                  Type: AWS::Serverless::WebSocketApi
                  Properties: {Routes: {}}
                """
        ),
    ]
}
