// Documents of OpenAPI: valid against the official schema, and nothing of the routes is lost in them.

import Foundation
import JSON
import Manifest
import Review
import Support
import Testing

struct OpenAPIRendererTests {
    /// Each API of manifests by chance in a document of its own, and all in one where that goes.
    private static let documents: [(rows: [RouteRow], document: JSONValue)] = {
        (0..<16).flatMap { seed -> [([RouteRow], JSONValue)] in
            let manifest = RouteManifest.random(seed: UInt64(seed))
            return (manifest.apis.keys.sorted().map(Optional.some) + [nil]).compactMap { api in
                guard let text = try? OpenAPIRenderer(manifest, api: api).render(),
                    let document = try? JSONParser.parse(Array(text.utf8))
                else { return nil }
                return (manifest.rows.filter { api == nil || $0.api == api }, document)
            }
        }
    }()

    @Test func isValidAgainstTheOfficialSchema() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let documents = Self.documents
        #expect(documents.count > 40)
        let files = try documents.enumerated().map { number, document in
            let file = folder.appending(path: "\(number).json")
            try Data(document.document.canonicalText.utf8).write(to: file)
            return file.path(percentEncoded: false)
        }
        let verdict = try JSONSchema.validate(files, against: "Tests/ReviewTests/OpenAPI/openapi-3.1.schema.json")
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// What `samovar routes --format json` says can be read back, and open routes are those without security.
    @Test func losesNoRoute() throws {
        for (rows, document) in Self.documents {
            let operations = Self.operations(document)
            let others = document["x-samovar-other-routes"]?.array ?? []
            let read = Set(operations.compactMap { $0["x-samovar-route"] } + others)
            #expect(read == Set(rows.map(\.json)))
            for operation in operations {
                let row = try #require(rows.first { $0.json == operation["x-samovar-route"] })
                let isOpen = operation["security"]?.array?.isEmpty
                #expect(isOpen == (row.route.auth == .none && !row.route.isKeyRequired))
            }
        }
    }

    @Test func namesEachOperationOnce() {
        for (_, document) in Self.documents {
            let names = Self.operations(document).compactMap { $0["operationId"]?.string }
            #expect(Set(names).count == names.count)
        }
    }

    /// Paths are told apart by more than the names of parameters, and declare each of those.
    @Test func hasNoAmbiguousPath() {
        for (_, document) in Self.documents {
            let members = document["paths"]?.object?.members ?? []
            let shapes = members.map { $0.key.replacing(/\{[^}]*\}/, with: "{}") }
            #expect(Set(shapes).count == shapes.count)
            for (path, item) in members {
                let names = path.matches(of: /\{([^}]*)\}/).map { String($0.1) }
                let declared = item["parameters"]?.array?.compactMap { $0["name"]?.string } ?? []
                #expect(declared == names)
            }
        }
    }

    @Test func givesAMethodToTheRouteThatTakesIt() throws {
        let document = try document(routes: [
            "GET /pets/{id}": "One", "ANY /pets/{rest+}": "Rest", "GET /pets/{rest+}": "Deep",
        ])
        let item = try #require(document["paths"]?["/pets/{id}"])
        #expect(item["get"]?["x-samovar-route"]?["function"] == "One")
        #expect(item["put"]?["x-samovar-route"]?["function"] == "Rest")
        #expect(document["x-samovar-other-routes"]?.array?.map { $0["function"] } == ["Deep"])
    }

    @Test func saysThatAParameterIsGreedy() throws {
        let document = try document(routes: ["GET /files/{path+}": "F", "$default": "G"])
        let parameter = try #require(document["paths"]?["/files/{path}"]?["parameters"]?.array?.first)
        #expect(parameter["name"] == "path" && parameter["x-samovar-greedy"] == true)
        #expect(document["paths"]?["/{default}"]?["post"]?["x-samovar-route"]?["path"] == "$default")
    }

    @Test func refusesAPIsThatCollide() throws {
        var manifest = Manifest(functions: ["F": Function()])
        for id in ["A", "B"] {
            var api = API(kind: .http, stage: "$default")
            api.routes[.fallback] = Route(function: "F", payload: .v2)
            manifest.apis[id] = api
        }
        let collision = #expect(throws: OpenAPICollision.self) { try OpenAPIRenderer(manifest).render() }
        #expect(collision?.apis == ["A", "B"] && collision?.path == "/{default}")
        _ = try OpenAPIRenderer(manifest, api: "B").render()
    }

    /// A token needs one of the scopes of a route, while a document means all of a list.
    @Test func asksForOneOfTheScopes() throws {
        var api = API(kind: .http, stage: "$default")
        var authorizer = Authorizer(kind: .jwt)
        authorizer.issuer = "https://issuer.example.com"
        api.authorizers["Login"] = authorizer
        var route = Route(function: "F", payload: .v2, auth: .authorizer("Login"))
        route.scopes = ["a", "b"]
        api.routes[try RouteKey("GET /x", kind: .http)] = route
        let text = try OpenAPIRenderer(Manifest(apis: ["A": api], functions: ["F": Function()])).render()
        let document = try JSONParser.parse(Array(text.utf8))
        #expect(document["paths"]?["/x"]?["get"]?["security"] == [["Login": ["a"]], ["Login": ["b"]]])
        #expect(
            document["components"]?["securitySchemes"]?["Login"] == [
                "type": "openIdConnect",
                "openIdConnectUrl": "https://issuer.example.com/.well-known/openid-configuration",
            ]
        )
    }

    @Test func convertsModels() throws {
        var api = API(kind: .rest, stage: "Prod")
        api.models["Pet"] = [
            "$schema": "http://json-schema.org/draft-04/schema#", "id": "x",
            "properties": [
                "age": ["minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false],
                "food": ["$ref": "https://apigateway.amazonaws.com/restapis/abc/models/Food", "title": "ignored"],
                "treat": ["$ref": "#/models/Food"],
                "pair": ["$ref": "#/definitions/Pair"], "child": ["$ref": "#"],
            ],
            "definitions": ["Pair": ["items": [["type": "string"]], "additionalItems": false]],
            "dependencies": ["a": ["b"], "c": ["required": ["d"]]],
        ]
        api.models["Food"] = ["type": "string"]
        let text = try OpenAPIRenderer(Manifest(apis: ["A": api])).render()
        let expected: JSONValue = [
            "properties": [
                "age": ["exclusiveMinimum": 0, "maximum": 9], "food": ["$ref": "#/components/schemas/Food"],
                "treat": ["$ref": "#/components/schemas/Food"],
                "pair": ["$ref": "#/components/schemas/Pet/$defs/Pair"], "child": ["$ref": "#/components/schemas/Pet"],
            ],
            "$defs": ["Pair": ["prefixItems": [["type": "string"]], "items": false]],
            "dependentRequired": ["a": ["b"]], "dependentSchemas": ["c": ["required": ["d"]]],
        ]
        #expect(try JSONParser.parse(Array(text.utf8))["components"]?["schemas"]?["Pet"] == expected)
    }

    private func document(routes: [String: String]) throws -> JSONValue {
        var api = API(kind: .http, stage: "$default")
        for (key, function) in routes {
            api.routes[try RouteKey(key, kind: .http)] = Route(function: function, payload: .v2)
        }
        return try JSONParser.parse(Array(try OpenAPIRenderer(Manifest(apis: ["A": api])).render().utf8))
    }

    private static func operations(_ document: JSONValue) -> [JSONValue] {
        let methods = Set(RouteMethod.allCases.map { $0.rawValue.lowercased() })
        return (document["paths"]?.object?.members ?? []).flatMap { _, item in
            (item.object?.members ?? []).filter { methods.contains($0.key) }.map(\.value)
        }
    }
}
