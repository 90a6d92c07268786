// An event that is only shown is the event that is sent.

import Foundation
import JSON
import Manifest
import Testing

@testable import Proxy

@Suite("Events without a network")
struct EventPreviewTests {
    /// An event without what is different each time, and without the port of a listener.
    private static func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(masked))
        case .object(let object):
            return .object(
                JSONObject(
                    object.members.map { key, value in
                        let changes = [
                            "requestid", "extendedrequestid", "requesttime", "requesttimeepoch", "time", "timeepoch",
                            "x-amzn-trace-id", "x-forwarded-port",
                        ].contains(key.lowercased())
                        return (key, changes ? .string("masked") : masked(value))
                    }
                )
            )
        default: return value
        }
    }

    private static func preview(
        _ request: String,
        for recipient: EventPreview.Recipient = .function,
        _ apis: String
    ) async throws -> EventPreview {
        let path = FileManager.default.temporaryDirectory.appending(path: "event-\(UUID().uuidString).json").path()
        try Data(TestGateway.manifest(apis).utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await EventPreview.make(of: Array(request.utf8), for: recipient, ProxyOptions(manifestPath: path))
    }

    private static let content = #"{"name":"Tom"}"#
    private static let fields = [
        "Content-Type: application/json", "X-Twice: 1", "x-twice: 2", "Cookie: a=b; c=d", "Authorization: me",
    ]

    /// The same request as text, with the fields that `TestGateway.send` gives it.
    private static func request(_ target: String) -> String {
        let lines =
            ["POST \(target) HTTP/1.1"] + fields + ["Host: gateway.test:8080", "Content-Length: \(content.utf8.count)"]
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + content
    }

    @Test(
        "What is shown is what is sent, of both formats, with parameter mapping and for authorizers",
        arguments: [
            AuthorizerFixture.api(
                .rest,
                ["POST /pets/{id}"],
                #","input":"request""#,
                more: #""stageVariables":{"a":"b"},"#
            ),
            AuthorizerFixture.api(.rest, ["ANY /pets/{rest+}"], #","input":"token""#),
            AuthorizerFixture.api(.http, ["$default"], #","identitySources":["$request.header.Authorization"]"#),
            AuthorizerFixture.api(
                .http,
                ["POST /pets/{id}"],
                #","payload":"1.0","identitySources":["$request.header.Authorization"]"#,
                stage: "dev",
                route: #","requestParameters":{"append:header.x-more":"$request.path.id"}"#
            ),
        ]
    )
    func isTheSame(_ api: String) async throws {
        let target = "/pets/7?a=1&a=2&b=%20"
        try await AuthorizerFixture.serve(
            api,
            authorizer: { _ in .result(AuthorizerFixture.answer("Allow")) },
            test: { gateway async throws in
                _ = try await gateway.send("POST", target, Self.fields, content: Array(Self.content.utf8))
                let sent = gateway.endpoint.requests
                #expect(sent.count == 2)
                for request in sent {
                    let recipient = request.isForAuthorizer ? EventPreview.Recipient.authorizer : .function
                    let preview = try await Self.preview(Self.request(target), for: recipient, #"{"A":\#(api)}"#)
                    #expect(preview.function == (request.isForAuthorizer ? "Authorizer" : "F"))
                    var expected = try JSONParser.parse(request.content)
                    // What the authorizer has added is the one difference.
                    if case .object(var event) = expected, case .object(var context)? = event["requestContext"] {
                        if !request.isForAuthorizer { #expect(context["authorizer"] != nil) }
                        context["authorizer"] = nil
                        event["requestContext"] = .object(context)
                        expected = .object(event)
                    }
                    let shown = try JSONParser.parse(preview.event)
                    #expect(Self.masked(shown) == Self.masked(expected))
                }
            }
        )
    }

    @Test(
        "Where there is no event, the reason is said",
        arguments: [
            ("GET /nix HTTP/1.1\r\nHost: a\r\n\r\n", "no route takes 'GET /nix'"),
            ("GET /open HTTP/1.1\r\nHost: a\r\n\r\n", "'GET /open' has no Lambda authorizer"),
            ("GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", "the request is not whole"),
            ("GET /open HTTP/1.1\r\nHost: a\r\n\r\nGET", "the request is malformed: "),
            ("nonsense\r\n\r\n", "the request is malformed: "),
        ]
    )
    func refuses(_ request: String, _ reason: String) async throws {
        let apis = #"{"A":\#(TestGateway.api(.rest, ["GET /open"]))}"#
        let error = await #expect(throws: ProxyError.self) {
            _ = try await Self.preview(request, for: .authorizer, apis)
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("A route that ends in no function has no event")
    func hasNoFunction() async throws {
        let apis =
            #"{"A":{"kind":"rest","stage":"Prod","routes":{"GET /m":{"auth":"none","integration":{"type":"mock"}}}}}"#
        let error = await #expect(throws: ProxyError.self) {
            _ = try await Self.preview("GET /m HTTP/1.1\r\nHost: a\r\n\r\n", apis)
        }
        #expect(error?.description.hasPrefix("'GET /m' ") == true, "\(error?.description ?? "")")
    }
}
