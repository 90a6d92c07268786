// Endpoints over TLS.

import Manifest
import Testing

@testable import Proxy

@Suite("Endpoints over TLS")
struct SecureEndpointTests {
    private static let apis = #"{"A":\#(TestGateway.api(.rest, ["ANY /"]))}"#

    private static func serve(
        _ certificate: TestCertificate,
        host: String,
        wire: Endpoint.Wire,
        roots: String?,
        script: @escaping TestEndpoint.Script = { _ in .result(#"{"body":"ok"}"#) },
        _ body: (TestGateway) async throws -> Void
    ) async throws {
        try await TestGateway.serve(
            apis,
            certificate: certificate,
            configure: {
                let port = $0.defaultEndpoint.port
                $0.defaultEndpoint = Endpoint(wire: wire, isSecure: true, host: host, port: port)
                $0.upstreamTLS.trustRoots = roots
            },
            script: script,
            body
        )
    }

    @Test(
        "A certificate that is trusted and is for the host is taken, and the connection is kept",
        arguments: ["localhost", "127.0.0.1"],
        [Endpoint.Wire.lambda, .http]
    )
    func trusted(host: String, wire: Endpoint.Wire) async throws {
        try await TestCertificate.local.withFile { roots in
            try await Self.serve(.local, host: host, wire: wire, roots: roots) { gateway async throws in
                for _ in 0..<2 { #expect(try await gateway.send("POST", "/", content: [1]).status == 200) }
                let requests = gateway.endpoint.requests
                #expect(requests.map(\.connection) == [0, 0])
                #expect(requests.first?.values("host") == ["\(host):\(gateway.endpoint.port)"])
            }
        }
    }

    @Test("A certificate for another host, and one that nobody vouches for, are refused: nothing is sent")
    func refused() async throws {
        try await TestCertificate.other.withFile { roots in
            for host in ["localhost", "127.0.0.1"] {
                try await Self.serve(.other, host: host, wire: .http, roots: roots) { gateway async throws in
                    #expect(try await gateway.send().status == 504)
                    #expect(gateway.endpoint.requests.isEmpty)
                }
            }
        }
        try await Self.serve(.local, host: "localhost", wire: .http, roots: nil) { gateway async throws in
            #expect(try await gateway.send().status == 504)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A server that does not answer in TLS gets nothing to read")
    func plain() async throws {
        try await TestGateway.serve(
            #"{"A":\#(TestGateway.api(.rest, ["ANY /"], route: #","timeoutMilliseconds":100"#))}"#,
            configure: {
                let port = $0.defaultEndpoint.port
                $0.defaultEndpoint = Endpoint(wire: .http, isSecure: true, host: "127.0.0.1", port: port)
            }
        ) { gateway async throws in
            #expect(try await gateway.send().status == 504)
            #expect(gateway.endpoint.requests.isEmpty)
        }
    }

    @Test("A file of roots that is none keeps the proxy from starting")
    func badRoots() async throws {
        for path in ["/nonexistent/roots.pem", "/dev/null"] {
            #expect(throws: ProxyError.self) { _ = try UpstreamSecurity(trustRoots: path) }
        }
    }

    @Test(
        "An address says its scheme, and the port is the scheme's own where it names none",
        arguments: [
            ("https://a.test", "https://a.test:443", "a.test"),
            ("https://a.test:80/x/", "https://a.test:80/x", "a.test:80"),
            ("http://a.test", "http://a.test:80", "a.test"), ("http://a.test:443", "http://a.test:443", "a.test:443"),
            ("https://[::1]", "https://[::1]:443", "[::1]"),
        ]
    )
    func addresses(text: String, url: String, host: String) throws {
        let endpoint = try Endpoint(wire: .http, url: text)
        #expect(endpoint.url == url)
        #expect(endpoint.hostField == host)
        #expect(try Endpoint(wire: .http, url: endpoint.url) == endpoint)
    }
}
