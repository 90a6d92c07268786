// What the catalogue says about CORS.

internal import Diagnostics

extension DiagnosticEntries {
    static let cors: [String: DiagnosticEntry] = [
        "cors-credentials": DiagnosticEntry(
            "credentials do not go with the origin `*`",
            .httpAPI,
            faulty: #"CorsConfiguration: {AllowOrigins: ["*"], AllowCredentials: true}"#,
            mended: #"CorsConfiguration: {AllowOrigins: ["https://example.com"], AllowCredentials: true}"#
        ),
        "cors-origins-only": DiagnosticEntry(
            "`CorsConfiguration: true` allows origins and nothing else",
            .httpAPI,
            faulty: "CorsConfiguration: true",
            mended: """
                CorsConfiguration: {AllowOrigins: ["*"], AllowMethods: [GET, POST], AllowHeaders: [content-type]}
                """
        ),
        "cors-unquoted": DiagnosticEntry(
            "a value of `Cors` needs single quotes of its own",
            .restAPI,
            faulty: #"Cors: "*""#,
            mended: #"Cors: "'*'""#
        ),
        "cors-value": DiagnosticEntry(
            "a setting of CORS has a value that it cannot have",
            .restAPI,
            faulty: #"Cors: {AllowOrigin: "'*'", MaxAge: "'soon'"}"#,
            mended: #"Cors: {AllowOrigin: "'*'", MaxAge: "'600'"}"#
        ),
    ]
}
