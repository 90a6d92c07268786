// A runtime of its own for tests: it does what the event tells it, down to the bytes on the wire.

import Foundation

/// A `bootstrap` in Python that sends its response in parts.
///
/// Keys of the event: `parts` (texts), `megabytes` (of zeros after them), `type` and `body` (trailers), `mode`,
/// `contentType`, `await` (a file to wait for between the parts), `end` (`cut` closes the connection before the last
/// chunk, `exit` ends the process as well, `hang` waits for ever), `id` (another request's). What the Runtime API says is
/// appended to the file `answers`, and a part that the host did not take for a second makes the file `blocked`; these
/// files stand beside the folder of the code, in which a change would retire the runtime.
enum StreamingRuntime {
    private static func functions(_ directory: String) -> String {
        [("S", 20), ("Short", 2)].map { name, timeout in
            #""\#(name)": {"runtime": "provided.al2023", "handler": "x", "code": "\#(directory)/s","#
                + #" "timeoutSeconds": \#(timeout)}"#
        }.joined(separator: ", ")
    }

    static let program = """
        #!/usr/bin/env python3
        import base64, http.client, json, os, socket, time
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")

        def send(connection, data):
            connection.settimeout(1)
            while data:
                try:
                    data = data[connection.send(data):]
                except TimeoutError:
                    open("../blocked", "w").write("blocked")

        def respond(id, event):
            connection = socket.create_connection((host, int(port)))
            head = "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\\r\\nHost: h\\r\\n" % event.get("id", id)
            head += "Lambda-Runtime-Function-Response-Mode: %s\\r\\n" % event.get("mode", "streaming")
            head += "Content-Type: %s\\r\\nTransfer-Encoding: chunked\\r\\n" % event.get("contentType", "text/plain")
            send(connection, (head + "Connection: close\\r\\n\\r\\n").encode())
            for number, part in enumerate(event.get("parts", [])):
                while number > 0 and "await" in event and not os.path.exists("../" + event["await"]): time.sleep(0.01)
                part = part.encode()
                send(connection, b"%x\\r\\n%s\\r\\n" % (len(part), part))
            for _ in range(event.get("megabytes", 0)):
                send(connection, b"100000\\r\\n" + bytes(0x100000) + b"\\r\\n")
            if event.get("end") == "hang": time.sleep(1000)
            if event.get("end") == "exit": os._exit(3)
            if event.get("end") != "cut":
                trailers = ""
                if "type" in event: trailers += "Lambda-Runtime-Function-Error-Type: %s\\r\\n" % event["type"]
                if "body" in event:
                    body = base64.b64encode(event["body"].encode()).decode()
                    trailers += "Lambda-Runtime-Function-Error-Body: %s\\r\\n" % body
                send(connection, b"0\\r\\n" + trailers.encode() + b"\\r\\n")
                connection.settimeout(None)
                answer = b""
                while chunk := connection.recv(65536): answer += chunk
                with open("../answers", "ab") as file: file.write(answer + b"\\n")
            connection.close()

        while True:
            connection = http.client.HTTPConnection(host, int(port))
            connection.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = connection.getresponse()
            event = json.loads(answer.read())
            id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
            if event.get("tenant"): event["parts"] = [answer.headers["Lambda-Runtime-Aws-Tenant-Id"] or ""]
            if "plain" in event:
                connection.request("POST", "/2018-06-01/runtime/invocation/%s/%s" % (id, event["plain"]), event["text"])
                connection.getresponse().read()
            else:
                respond(id, event)
                if "id" in event: respond(id, {"parts": ["after"]})
            connection.close()
        """

    static func withHost(_ body: (HostFixture) async throws -> Void) async throws {
        try await HostFixture.withDirectory { directory in
            try HostFixture.write(program, to: "\(directory)/s/bootstrap")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: "\(directory)/s/bootstrap"
            )
            try await HostFixture.withHost(functions(directory), files: [:]) { fixture in
                try await body(HostFixture(directory: directory, host: fixture.host, log: fixture.log))
            }
        }
    }
}
