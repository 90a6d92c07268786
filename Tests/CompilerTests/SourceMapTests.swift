// Where the parts of a manifest stand in its template.

import Compiler
import Diagnostics
import Manifest
import Support
import Testing

struct SourceMapTests {
    private static let template = """
        Transform: AWS::Serverless-2016-10-31
        Globals:
          Function: {Timeout: 9, Runtime: python3.12}
        Resources:
          Shop:
            Type: AWS::Serverless::HttpApi
            Properties:
              CorsConfiguration:
                AllowOrigins: ["https://a.example"]
              Auth:
                Authorizers:
                  Login: {JwtConfiguration: {issuer: "https://i.example/", audience: [a]}, IdentitySource: $request.header.A}
          Pets:
            Type: AWS::Serverless::Function
            Properties:
              Handler: index.main
              InlineCode: x
              Environment:
                Variables:
                  TABLE: x
              FunctionUrlConfig: {AuthType: NONE}
              Events:
                List:
                  Type: HttpApi
                  Properties: {ApiId: !Ref Shop, Path: /pets, Method: get}
                One:
                  Type: HttpApi
                  Properties:
                    ApiId: !Ref Shop
                    Path: /pets/{id}
                    Method: get
                    Auth: {Authorizer: Login}
        """

    private static func compile(_ text: String) -> Compilation {
        var options = CompilerOptions(template: "t.yaml")
        options.mapsSources = true
        options.contents["t.yaml"] = Array(text.utf8)
        return Compiler.compile(options)
    }

    @Test(
        arguments: [
            ("/apis/Shop", 5), ("/apis/Shop/cors", 8), ("/apis/Shop/cors/allowOrigins", 9),
            ("/apis/Shop/authorizers/Login", 12), ("/apis/Shop/routes/GET ~1pets", 25),
            ("/apis/Shop/routes/GET ~1pets~1{id}", 30), ("/apis/Shop/routes/GET ~1pets~1{id}/auth", 32),
            ("/apis/PetsUrl", 21), ("/functions/Pets", 13), ("/functions/Pets/timeoutSeconds", 3),
            ("/functions/Pets/handler", 16), ("/functions/Pets/environment/TABLE", 20),
        ]
    )
    func partsHaveTheirLines(_ pointer: String, _ line: Int) {
        let map = Self.compile(Self.template).sourceMap
        #expect(map[pointer]?.start.line == line)
        #expect(map[pointer]?.file == "t.yaml")
    }

    @Test func isEmptyUnlessAskedFor() {
        var options = CompilerOptions(template: "t.yaml")
        options.contents["t.yaml"] = Array(Self.template.utf8)
        #expect(Compiler.compile(options).sourceMap == SourceMap())
    }

    /// Every route points at its own event, path or operation, in a file that was read.
    @Test(arguments: GoldenCase.all.filter { $0.has("template.yaml") && $0.has("routes.json") })
    func everyRouteHasItsOwnPlace(_ golden: GoldenCase) throws {
        var options = try golden.options()
        options.mapsSources = true
        let compilation = Compiler.compile(options)
        let manifest = try #require(compilation.manifest)
        let map = compilation.sourceMap
        for (id, api) in manifest.apis {
            #expect(map[SourceMap.pointer(["apis", id])] != nil, "\(id)")
            var spans: [Span: RouteKey] = [:]
            for key in api.routes.keys {
                let span = try #require(map[SourceMap.pointer(["apis", id, "routes", key.description])], "\(key)")
                let text = try #require(compilation.sources[span.file], "\(span.file)")
                #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count >= span.end.line)
                // What a loop repeats stands once.
                if text.contains("Fn::ForEach") { continue }
                let other = spans.updateValue(key, forKey: span)
                #expect(other == nil, "'\(key)' stands where '\(other.map(\.description) ?? "")' does")
            }
        }
    }

    @Test func isReadAsItIsWritten() throws {
        let compilation = Self.compile(Self.template)
        let manifest = try #require(compilation.manifest).text
        let text = compilation.sourceMap.text(of: manifest)
        #expect(SourceMap(parsing: text.utf8, of: manifest.utf8) == compilation.sourceMap)
        // A map of another text says nothing about this one.
        #expect(SourceMap(parsing: text.utf8, of: (manifest + " ").utf8) == nil)
        #expect(
            SourceMap(parsing: text.replacing("\"sourceMap\": 1", with: "\"sourceMap\": 2").utf8, of: manifest.utf8)
                == nil
        )
        #expect(SourceMap(parsing: text.replacing("\"line\": 5", with: "\"line\": 0").utf8, of: manifest.utf8) == nil)
    }
}
