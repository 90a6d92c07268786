// The contract: canonical bytes, strict reading, references, and the order of specificity.

import Foundation
import JSON
import Manifest
import Testing

struct ManifestCodingTests {
    static let text = """
        {
          "manifest": 1,
          "apis": {
            "RatingsApi": {
              "kind": "http",
              "stage": "$default",
              "cors": {
                "allowOrigins": [
                  "https://example.com"
                ],
                "maxAgeSeconds": 600
              },
              "authorizers": {
                "Login": {
                  "kind": "jwt",
                  "issuer": "https://issuer.example.com/",
                  "audiences": [
                    "ratings"
                  ]
                }
              },
              "routes": {
                "GET /ratings": {
                  "function": "Ratings",
                  "auth": "none"
                },
                "GET /ratings/{id}": {
                  "function": "Ratings",
                  "payload": "1.0",
                  "auth": "Login",
                  "scopes": [
                    "ratings:read"
                  ]
                },
                "$default": {
                  "function": "Ratings",
                  "auth": "none"
                }
              }
            }
          },
          "functions": {
            "Ratings": {
              "runtime": "python3.12",
              "handler": "ratings.handler",
              "code": "src/ratings",
              "endpoint": {
                "protocol": "http",
                "url": "http://127.0.0.1:8080/base"
              },
              "timeoutSeconds": 5,
              "environment": {
                "DB_PASSWORD": {
                  "secret": "env.json"
                },
                "TABLE_NAME": "localtable"
              }
            }
          }
        }

        """

    @Test func readsAndWritesTheSameBytes() throws {
        #expect(try Manifest(parsing: Self.text.utf8).text == Self.text)
    }

    @Test func sortsWhatHasNoOrder() throws {
        var manifest = try Manifest(parsing: Self.text.utf8)
        manifest.apis["RatingsApi"]?.cors?.allowOrigins = ["https://z", "https://a", "https://z"]
        let text = manifest.text
        let again = try Manifest(parsing: text.utf8)
        #expect(again.apis["RatingsApi"]?.cors?.allowOrigins == ["https://a", "https://z"])
        #expect(again.text == text)
    }

    @Test(
        arguments: [
            (
                #""auth": "Login""#, #""auth": "Logon""#,
                "at /apis/RatingsApi/routes/GET ~1ratings~1{id}/auth: no authorizer 'Logon'"
            ),
            (
                #""function": "Ratings""#, #""function": "Rating""#,
                "at /apis/RatingsApi/routes/GET ~1ratings/function: no function 'Rating'"
            ),
            (#""stage": "$default","#, #""stage": "$default", "stag": 1,"#, "at /apis/RatingsApi/stag: unknown member"),
            (
                #""manifest": 1"#, #""manifest": 2"#,
                "at /manifest: the manifest is of format 2, this version reads up to 1"
            ),
            (
                #""kind": "http""#, #""kind": "soap""#,
                "at /apis/RatingsApi/kind: expected one of 'rest', 'http', 'websocket', 'function-url', found 'soap'"
            ),
            (
                #""GET /ratings/{id}""#, #""GET /ratings/id}""#,
                "at /apis/RatingsApi/routes/GET ~1ratings~1id}: a parameter fills"
            ),
            (#""$default": {"#, #""GET /ratings/{other}": {"#, "takes the same requests as 'GET /ratings/{id}'"),
            (
                #"127.0.0.1:8080"#, #"127.0.0.1:80800"#,
                "at /functions/Ratings/endpoint/url: 'http://127.0.0.1:80800/base': the port"
            ),
            (
                #""timeoutSeconds": 5"#, #""timeoutSeconds": 0"#,
                "at /functions/Ratings/timeoutSeconds: 0 is out of range"
            ),
        ]
    )
    func refuses(_ original: String, _ replacement: String, _ message: String) throws {
        var text = Self.text
        let range = try #require(text.range(of: original))
        text.replaceSubrange(range, with: replacement)
        let error = #expect(throws: ManifestError.self) { try Manifest(parsing: text.utf8) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func refusesEveryTruncation() throws {
        let bytes = Array(Self.text.utf8)
        for length in 0..<(bytes.count - 1) {
            #expect(throws: ManifestError.self) { try Manifest(parsing: bytes[..<length]) }
        }
    }

    @Test func keepsSecretsApart() throws {
        var secrets = Secrets()
        secrets.functions["Ratings"] = ["DB_PASSWORD": "hunter2"]
        #expect(try Secrets(parsing: secrets.text.utf8) == secrets)
        #expect(Secrets.path(besideManifest: "out/routes.json") == "out/routes.secrets.json")
    }
}

struct RouteKeyTests {
    /// Bytes of UTF-8 are in the order of the code points, unlike units of UTF-16 (`\u{FFFD}` and `😀`).
    @Test func ordersNamesByCodePoint() throws {
        let names = ["A", "Z", "a", "zz", "\u{E9}", "\u{FFFD}", "😀"]
        let members = Dictionary(uniqueKeysWithValues: names.shuffled().map { ($0, 0) })
        #expect(members.sortedByCodePoint.map(\.key) == names)
        let messages = try names.shuffled().map { try RouteKey($0, kind: .webSocket) }
        #expect(messages.sorted().map(\.description) == names)
    }

    /// A request is matched by its bytes, so a path is parted by them, whatever mark follows a slash.
    @Test func readsPathsAsBytes() throws {
        let path = try PathPattern("/a/\u{301}b/{id}/{rest+}")
        #expect(path.segments == [.literal("a"), .literal("\u{301}b"), .parameter("id"), .greedy("rest")])
        #expect(try PathPattern("/caf\u{E9}").segments == [.literal("caf\u{E9}")])
    }

    @Test func comparesWithoutNames() throws {
        func key(_ text: String) throws -> RouteKey { try RouteKey(text, kind: .http) }
        #expect(try key("GET /a/{b}/{c+}").nameless == key("GET /a/{d}/{e+}").nameless)
        #expect(try key("GET /a/{b}").nameless != key("GET /a/{b+}").nameless)
        #expect(try key("GET /a/{b}").nameless != key("POST /a/{b}").nameless)
        #expect(try key("GET /a/b").nameless == key("GET /a/b"))
    }

    @Test func ordersBySpecificity() throws {
        let keys = try [
            "$default", "ANY /{proxy+}", "GET /pets/{id}", "POST /pets/{id}", "GET /pets/{proxy+}", "GET /",
            "GET /pets/dog", "ANY /pets",
        ]
        .map { try RouteKey($0, kind: .http) }
        let expected = [
            "GET /", "ANY /pets", "GET /pets/dog", "GET /pets/{id}", "POST /pets/{id}", "GET /pets/{proxy+}",
            "ANY /{proxy+}", "$default",
        ]
        #expect(keys.sorted().map(\.description) == expected)
    }

    @Test(arguments: [
        "", "/", "GET", "get /", "GET pets", "GET /a//b", "GET /a/", "GET /{a+}/b", "GET /{}", "GET /x{a}",
        "GET /{a}/{a}", "TRACE /", "GET /a b",
    ])
    func refuses(_ text: String) {
        #expect(throws: PathPatternError.self) { try RouteKey(text, kind: .http) }
    }
}
