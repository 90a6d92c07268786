"""Running programs for the acceptance programs: samovar-proxy with an upstream that plays the Lambda Invoke API."""

import http.client
import http.server
import json
import os
import subprocess
import tempfile
import threading


class JSONHandler(http.server.BaseHTTPRequestHandler):
    """Answers with JSON, and says nothing of it."""

    def answer(self, value):
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def serve(handler):
    """A server on a free port of loopback, in a thread of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Upstream:
    """Answers invocations with what a function makes of the event, and remembers the events."""

    def __init__(self, function):
        self.events = []
        upstream = self

        class Handler(JSONHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                upstream.events.append(event)
                self.answer(function(event))

        self.server = serve(Handler)
        self.port = self.server.server_address[1]

    def close(self):
        self.server.shutdown()


def start(command, environment=None):
    """Starts a host or a proxy; gives its process and where it listens, `host:port`."""
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
    )
    said = ""
    for line in process.stderr:
        said += line
        if line.startswith("Listening on http://"):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, line.strip().removeprefix("Listening on http://")
    raise SystemExit(f"{command[0]} does not start: {said}")


class Gateway:
    """samovar-proxy on a free port; `with Gateway(program, manifest, function) as gateway: …`."""

    def __init__(self, program, manifest, function=lambda event: {"statusCode": 200, "body": "ok"}, settings=None):
        self.upstream = Upstream(function)
        self.folder = tempfile.TemporaryDirectory()
        settings = {
            "listen": "127.0.0.1:0",
            "admin": None,
            "defaultEndpoint": {"protocol": "lambda", "url": f"http://127.0.0.1:{self.upstream.port}"},
            **(settings or {}),
        }
        settings.setdefault("plugins", {}).setdefault("accessLog", {"destination": "off"})
        paths = [os.path.join(self.folder.name, name) for name in ("routes.json", "proxy.json")]
        for path, value in zip(paths, (manifest, settings)):
            with open(path, "w") as file:
                json.dump(value, file)
        self.process, address = start([program, paths[0], "--config", paths[1]])
        self.port = int(address.rsplit(":", 1)[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.upstream.close()
        self.folder.cleanup()

    def send(self, method, target, headers=None, body=None):
        """Sends one request; gives status, fields and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, target, body=body, headers=headers or {})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content


class Report:
    """Prints a line a case, and knows in the end whether all were as they should be."""

    def __init__(self):
        self.failures = 0
        self.count = 0

    def check(self, name, found, wanted):
        self.count += 1
        good = found == wanted
        self.failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {name}" + ("" if good else f": {found!r} in place of {wanted!r}"))

    def finish(self):
        print(f"{self.count} cases, {self.failures} failed")
        raise SystemExit(1 if self.failures or not self.count else 0)
