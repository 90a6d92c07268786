// Requests that botocore 1.43.11 has signed at 2026-11-21T15:00:00Z for execute-api in us-east-1.

/// A signed request, line by line, and its content.
struct SignatureVector: Sendable {
    let name: String
    /// The request line and the fields.
    let head: String
    let content: String

    var lines: [String] { head.split(separator: "\n").map(String.init) }

    /// The access keys: one of a user, and one of a session with its token.
    static let accessKey = "AKIDEXAMPLE"
    static let sessionKey = "ASIDEXAMPLE"
    static let sessionToken = "FwoGZXIvYXdzEXAMPLE//token=="
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// When they were signed, in seconds since 1970.
    static let time = 1795273200

    static let all: [SignatureVector] = [
        SignatureVector(
            name: "a plain GET",
            head: #"""
                GET /pets HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=93a45d46e26231f53c076ecbc349c709e34ab20\#
                841ae67b74ea7ac319b506901
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "the root",
            head: #"""
                GET / HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=aa213e8bbc5b1c8e01cfa5ca919445dd9dd23ef\#
                0141d282997192a2f5fb6dd86
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a query out of order, with duplicates, empty values and characters that are encoded",
            head: #"""
                GET /pets?b=2&a=3&a=1&empty=&flag&c=%2F%20%2B&%C3%A9=%E2%98%95&a-b=1&aa=1 HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=59a39d2132de7b52c67246768e7088042f922d6\#
                29805cebc13381352d9b2d237
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "parameters that botocore encodes",
            head: #"""
                GET /pets?q=a+b%2Bc%26d%3De&z=%C3%A9&A=1 HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=ca9a4ed2407c6388f7111f345ac16e9af4071ad\#
                613ef212f8b56fa0844834895
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a path with encoded characters",
            head: #"""
                GET /a%20b/%C3%A9/x%2Fy/%7Eu;v=1,2 HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=9cffd1aa77b66378da1206bafff4883fe39d051\#
                464fb272e5797318caa9e26e5
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a path with characters that need no encoding",
            head: #"""
                GET /a:b@c!$&'()*+,;=~._- HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=a677134496b02f9468db4e449613ae3d5ac9f28\#
                96f9a3f3eb3c10d481576fa44
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "repeated slashes and one behind",
            head: #"""
                GET //a///b/ HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=f04ce2a7c420984f4701c8861c5119e0b3f5839\#
                13692eda8e8ec88e49c774ead
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a body",
            head: #"""
                POST /pets HTTP/1.1
                Host: gateway.test:8080
                Content-Type: application/json
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=content-type;host;x-amz-date, Signature=1b4d01cec5ccb636d4f01fbcc2\#
                3c22bd3a0a2930ebd2b96eefbfa8e8db376a98
                """#,
            content: #"{"name":"Jü"}"#
        ),
        SignatureVector(
            name: "a body that is not signed",
            head: #"""
                POST /pets HTTP/1.1
                Host: gateway.test:8080
                Content-Type: text/plain
                X-Amz-Content-SHA256: UNSIGNED-PAYLOAD
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=4c383\#
                ad8301f892ac384d550886b6f40c5290b8d8e8ce69ff1c233cf8bc8a42c
                """#,
            content: #"anything"#
        ),
        SignatureVector(
            name: "fields with spaces, and a name with capitals",
            head: #"""
                PUT /pets HTTP/1.1
                Host: gateway.test:8080
                X-Custom:   a   b  c
                x-Amz-Meta: 1
                Accept: */*
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=accept;host;x-amz-date;x-amz-meta;x-custom, Signature=160e81e26bbc\#
                4ff54d0b20404316e587a52f44d0970456642bd977cf9061e5de
                """#,
            content: #"x"#
        ),
        SignatureVector(
            name: "a session token",
            head: #"""
                GET /pets?x=1 HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                X-Amz-Security-Token: FwoGZXIvYXdzEXAMPLE//token==
                Authorization: AWS4-HMAC-SHA256 Credential=ASIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=ca520708024182ffd7\#
                71b04eb3a203d305f5b875217747089e46627e8621ad8c
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a Date field",
            head: #"""
                GET /pets HTTP/1.1
                Host: gateway.test:8080
                Date: Sat, 21 Nov 2026 15:00:00 -0000
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=date;host, Signature=6a7fd713c10b1678c73242cdf886f53d0742f71b612a0\#
                8ca23b2dde9879507d5
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "DELETE",
            head: #"""
                DELETE /pets/1 HTTP/1.1
                Host: gateway.test:8080
                X-Amz-Date: 20261121T150000Z
                Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/execute-api/aws4\#
                _request, SignedHeaders=host;x-amz-date, Signature=4a7c38f070afa69887ce58e514917cbbe008c1f\#
                e10fd2986c2c77f48009fd500
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a signed URL",
            head: #"""
                GET /pets?b=2&a=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261121\#
                %2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20261121T150000Z&X-Amz-Expires=3600&X\#
                -Amz-SignedHeaders=host&X-Amz-Signature=9093946630969cd02a3d1e2f650694daec5bb77c5b4ac57718\#
                354a48e9b6b655 HTTP/1.1
                Host: gateway.test:8080
                """#,
            content: #""#
        ),
        SignatureVector(
            name: "a signed URL with a session token",
            head: #"""
                GET /pets?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIDEXAMPLE%2F20261121%2Fus-ea\#
                st-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20261121T150000Z&X-Amz-Expires=3600&X-Amz-Sig\#
                nedHeaders=host&X-Amz-Security-Token=FwoGZXIvYXdzEXAMPLE%2F%2Ftoken%3D%3D&X-Amz-Signature=\#
                e179b341ac1abcce107a3480f674af386b9bc5eab58e7145b516990fed2436ff HTTP/1.1
                Host: gateway.test:8080
                """#,
            content: #""#
        ),
    ]
}
