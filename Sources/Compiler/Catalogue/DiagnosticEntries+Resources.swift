// What the catalogue says about APIs of plain CloudFormation.

internal import Diagnostics

extension DiagnosticEntries {
    static let resources: [String: DiagnosticEntry] = [
        "authorization-type": DiagnosticEntry(
            "the authorization of a method or route contradicts itself",
            .resources,
            faulty: method("AuthorizationType: CUSTOM"),
            mended: method("AuthorizationType: AWS_IAM")
        ),
        "authorization-unknown": DiagnosticEntry(
            "who may call a route is known only once the stack is deployed",
            .resources,
            faulty: method("AuthorizationType: CUSTOM, AuthorizerId: !ImportValue authorizer")
        ),
        "resource-path": DiagnosticEntry(
            "the path of a method cannot be made of its resources",
            .resources,
            faulty: method("ResourceId: !Ref Ratings", further: ratings(parent: "!Ref Ratings")),
            mended: method("ResourceId: !Ref Ratings", further: ratings(parent: "!GetAtt Shop.RootResourceId"))
        ),
        "resource-unknown": DiagnosticEntry(
            "a resource names another one that the template does not have",
            .resources,
            faulty: method("ResourceId: Ratings"),
            mended: method("ResourceId: !GetAtt Shop.RootResourceId")
        ),
        "route-target": DiagnosticEntry(
            "a route does not say what answers it",
            .resources,
            faulty: route("RouteKey: GET /ratings"),
            mended: route("RouteKey: GET /ratings, Target: !Sub 'integrations/${Server}'")
        ),
        "stage-chosen": DiagnosticEntry(
            "an API has several stages, and one of them is served",
            .resources,
            faulty: method(
                "",
                further: "Second: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Shop, StageName: second}}"
            )
        ),
        "stage-missing": DiagnosticEntry(
            "an API has no stage, so nobody can call it once it is deployed",
            .resources,
            faulty: "Shop: {Type: AWS::ApiGateway::RestApi}",
            mended: """
                Shop: {Type: AWS::ApiGateway::RestApi}
                Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Shop, StageName: prod}}
                """
        ),
    ]

    /// An API with one method that has some properties more.
    private static func method(_ properties: String, further: String = "") -> String {
        let place = properties.contains("ResourceId") ? "" : "ResourceId: !GetAtt Shop.RootResourceId, "
        let more = properties.isEmpty ? "" : ", \(properties)"
        return """
            Shop: {Type: AWS::ApiGateway::RestApi}
            Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Shop, StageName: prod}}
            Get:
              Type: AWS::ApiGateway::Method
              Properties: {RestApiId: !Ref Shop, \(place)HttpMethod: GET, Integration: {Type: MOCK}\(more)}
            """ + (further.isEmpty ? "" : "\n\(further)")
    }

    /// A resource with the path `/ratings`.
    private static func ratings(parent: String) -> String {
        """
        Ratings:
          Type: AWS::ApiGateway::Resource
          Properties: {RestApiId: !Ref Shop, ParentId: \(parent), PathPart: ratings}
        """
    }

    /// An HTTP API with one route and an integration.
    private static func route(_ properties: String) -> String {
        """
        Shop: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
        Stage: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Shop, StageName: $default}}
        Get:
          Type: AWS::ApiGatewayV2::Route
          Properties: {ApiId: !Ref Shop, \(properties)}
        Server:
          Type: AWS::ApiGatewayV2::Integration
          Properties:
            ApiId: !Ref Shop
            IntegrationType: HTTP_PROXY
            IntegrationMethod: GET
            IntegrationUri: https://example.com
            PayloadFormatVersion: '1.0'
        """
    }
}
