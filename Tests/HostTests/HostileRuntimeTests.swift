// A runtime that breaks every rule of the Runtime API gets answers, and the host goes on.

import Foundation
import JSON
import Testing

@testable import Host

@Suite(.serialized) struct HostileRuntimeTests {
    /// For each request it does what it must not, and answers with what the host said to that.
    private static let program = #"""
        #!/usr/bin/env python3
        import http.client, json, os, socket
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        prefix = "/2018-06-01/runtime/"

        def raw(data):
            connection = socket.create_connection((host, int(port)), timeout=20)
            answer = b""
            try:
                connection.sendall(data)
                while chunk := connection.recv(65536): answer += chunk
            except OSError: pass
            connection.close()
            return answer.split(b"\r\n")[0].decode()

        def call(method, path, body=None, headers={}):
            connection = http.client.HTTPConnection(host, int(port), timeout=20)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            kind = json.loads(text).get("errorType", "") if text else ""
            return "%d %s" % (answer.status, kind)

        def misbehave(id):
            chunked = "POST %sinvocation/%s/response HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
            cut = socket.create_connection((host, int(port)))
            cut.sendall((chunked % (prefix, id)).encode())
            cut.close()
            register = "/2020-01-01/extension/register"
            name = {"Lambda-Extension-Name": "x"}
            return {
                "garbage": raw(b"\0\1\2 garbage\r\n\r\n"),
                "header": raw(b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 3000000 + b"\r\n\r\n"),
                "twoLengths": raw(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1"),
                "path": call("GET", "/"), "deep": call("GET", prefix + "invocation/a/b/c"),
                "nextByPost": call("POST", prefix + "invocation/next"),
                "responseByGet": call("GET", prefix + "invocation/%s/response" % id),
                "encodedID": call("POST", prefix + "invocation/%0d%0a/response", "1"),
                "initError": call("POST", prefix + "init/error", "{}"),
                "noName": call("POST", register, "{}"), "noBody": call("POST", register, "", name),
                "nested": call("POST", register, "[" * 10000, name),
                "long": call("POST", register, json.dumps({"events": ["INVOKE"] * 10000}), name),
                "event": call("POST", register, '{"events": ["DANCE"]}', name),
                "notTexts": call("POST", register, '{"events": [1]}', name),
                "late": call("POST", register, '{"events": ["INVOKE"]}', name),
                "identifier": call("GET", "/2020-01-01/extension/event/next", None, {"Lambda-Extension-Identifier": "x"}),
                "errorType": call("POST", "/2020-01-01/extension/exit/error", "{}",
                    {"Lambda-Extension-Identifier": "00000000-0000-0000-0000-000000000000"}),
                "logsByGet": call("GET", "/2020-08-15/logs"),
            }

        while True:
            connection = http.client.HTTPConnection(host, int(port))
            connection.request("GET", prefix + "invocation/next")
            answer = connection.getresponse()
            answer.read()
            id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
            # The cause of an error may be this long.
            headers = {"Lambda-Runtime-Function-XRay-Error-Cause": "x" * 1000000}
            connection.request("POST", prefix + "invocation/%s/response" % id, json.dumps(misbehave(id)), headers)
            connection.getresponse().read()
            call("POST", prefix + "invocation/%s/response" % id, "2")
            connection.close()
        """#

    @Test func everyBrokenRuleHasItsAnswer() async throws {
        try await HostFixture.withDirectory { directory in
            try HostFixture.write(Self.program, to: "\(directory)/b/bootstrap")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: "\(directory)/b/bootstrap"
            )
            let function = """
                "B": {"runtime": "provided.al2023", "handler": "x", "code": "\(directory)/b", "timeoutSeconds": 20}
                """
            try await HostFixture.withHost(function, files: [:]) { fixture in
                for _ in 1...3 {
                    let answer = try await fixture.invoke("B")
                    let expected: [String: String] = [
                        "garbage": "HTTP/1.1 400 Bad Request", "header": "HTTP/1.1 400 Bad Request",
                        "twoLengths": "HTTP/1.1 400 Bad Request", "path": "404 NotFound", "deep": "404 NotFound",
                        "nextByPost": "405 MethodNotAllowed", "responseByGet": "405 MethodNotAllowed",
                        "encodedID": "400 InvalidRequestID", "initError": "403 InvalidStateTransition",
                        "noName": "403 Extension.InvalidExtensionName", "noBody": "403 InvalidRequestFormat",
                        "nested": "403 InvalidRequestFormat", "long": "403 InvalidRequestFormat",
                        "event": "403 Extension.InvalidEventType", "notTexts": "403 InvalidRequestFormat",
                        "late": "403 Extension.RegistrationClosed",
                        "identifier": "403 Extension.InvalidExtensionIdentifier",
                        "errorType": "403 Extension.MissingHeader", "logsByGet": "405 MethodNotAllowed",
                    ]
                    for (what, said) in expected { #expect(answer.text(what) == said, "\(what): \(answer.body)") }
                }
            }
        }
    }
}
