// Certificates for tests, and the key of both. They were made for tests and are used nowhere else.

import Foundation
import NIOSSL

/// A certificate that signs itself, so that it is trusted by being a root.
struct TestCertificate: Sendable {
    /// For `localhost` and 127.0.0.1.
    static let local = TestCertificate(
        """
        -----BEGIN CERTIFICATE-----
        MIIBkjCCATigAwIBAgIUVxZ4VhluFIcXjhslH4aOTu3Ctx8wCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNU2Ftb3ZhciB0ZXN0czAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw
        MDEwMTAwMDAwMFowGDEWMBQGA1UEAwwNU2Ftb3ZhciB0ZXN0czBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABFYGODN07QU2Z6N9X8tSpST6TIC3mGgoIEYjTQnKJGyE
        LlIkcFv5RP9jaJPY8zwMW/uta3/PQXLeWOrp+oXVEEajXjBcMA8GA1UdEwEB/wQF
        MAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA4GA1UdDwEB/wQEAwIC
        hDAdBgNVHQ4EFgQURc7xL6HMFnp5zeJDlQnqMOl9Z8AwCgYIKoZIzj0EAwIDSAAw
        RQIgPjCcM28si+FLkI6lrstlSGz24YkpLYzvbD1h2IhLdAoCIQDxUNoqHEx9p0FY
        nOT46+BUoPYVKppIW8tRH554ge8Ozw==
        -----END CERTIFICATE-----
        """
    )

    /// For `other.test`.
    static let other = TestCertificate(
        """
        -----BEGIN CERTIFICATE-----
        MIIBjjCCATOgAwIBAgIUY3s7SXLDoxUKBHO+4YeLymLY3AwwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNU2Ftb3ZhciB0ZXN0czAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw
        MDEwMTAwMDAwMFowGDEWMBQGA1UEAwwNU2Ftb3ZhciB0ZXN0czBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABFYGODN07QU2Z6N9X8tSpST6TIC3mGgoIEYjTQnKJGyE
        LlIkcFv5RP9jaJPY8zwMW/uta3/PQXLeWOrp+oXVEEajWTBXMA8GA1UdEwEB/wQF
        MAMBAf8wFQYDVR0RBA4wDIIKb3RoZXIudGVzdDAOBgNVHQ8BAf8EBAMCAoQwHQYD
        VR0OBBYEFEXO8S+hzBZ6ec3iQ5UJ6jDpfWfAMAoGCCqGSM49BAMCA0kAMEYCIQDw
        bO1d119uuemc4ivViH7Fbfjv9dN2gaZtts9isRYbeQIhAP/9SIoBKLfvbmDA61TR
        ty1+RY1jq62FixVlSFar/qMC
        -----END CERTIFICATE-----
        """
    )

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHPZ+QjAk2s2nmMSY
        1znjKNYyMA6m0th5XTQhHhig136hRANCAARWBjgzdO0FNmejfV/LUqUk+kyAt5ho
        KCBGI00JyiRshC5SJHBb+UT/Y2iT2PM8DFv7rWt/z0Fy3ljq6fqF1RBG
        -----END PRIVATE KEY-----
        """

    let text: String

    private init(_ text: String) { self.text = text }

    /// What a server needs that has the certificate.
    func serverContext() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(text.utf8)).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(Self.key.utf8), format: .pem))
            )
        )
    }

    /// Writes the certificate to a file while `body` runs.
    func withFile(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "roots-\(UUID().uuidString).pem").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }
}
