#!/usr/bin/env python3
"""Cross-origin requests as a real browser sends them: headless Chromium fetches from origins that are and are not
allowed, and says what a page may read.

usage: Acceptance/cors.py PROXY
"""

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gateway import Gateway, Report

PAGE = """<!doctype html><script>
const attempt = async ([name, path, options]) => {
  try {
    const response = await fetch(GATEWAY + path, options)
    return [name, response.status, await response.text(), response.headers.get('x-exposed'),
            response.headers.get('x-hidden')]
  } catch (error) { return [name, error.name] }
}
(async () => {
  const results = []
  for (const entry of CASES) results.push(await attempt(entry))
  await fetch('/results', { method: 'POST', body: JSON.stringify(results) })
})()
</script>"""

# name, path, options of fetch; what a page of an allowed origin gets, and one of another.
READ = [200, "ok", "seen", None]
REFUSED = ["TypeError"]
HTTP_CASES = [
    ("a plain GET", "/items", {}, READ, REFUSED),
    ("an allowed header needs a preflight", "/items", {"headers": {"x-allowed": "1"}}, READ, REFUSED),
    ("another header is refused", "/items", {"headers": {"x-other": "1"}}, REFUSED, REFUSED),
    ("an allowed method", "/items", {"method": "PUT", "body": "x"}, READ, REFUSED),
    ("another method is refused", "/items", {"method": "DELETE"}, REFUSED, REFUSED),
    ("JSON is no simple type, and its header is not allowed", "/items",
     {"method": "POST", "body": "{}", "headers": {"content-type": "application/json"}}, REFUSED, REFUSED),
    ("with credentials", "/items", {"credentials": "include"}, READ, REFUSED),
    ("an error of the gateway's own can be read", "/none", {}, [404, '{"message":"Not Found"}', None, None], REFUSED),
]
REST_CASES = [
    ("a handler that sets the field", "/open", {"headers": {"x-allowed": "1"}}, [200, "ok", None, None], None),
    ("a handler that does not", "/closed", {}, REFUSED, None),
    ("another header is refused", "/open", {"headers": {"x-other": "1"}}, REFUSED, None),
    ("an error of the gateway has no field", "/none", {}, REFUSED, None),
]


def function(event):
    if "requestContext" in event and "http" in event["requestContext"]:
        headers = {"x-exposed": "seen", "x-hidden": "unseen", "Access-Control-Allow-Origin": "http://handler.test"}
        return {"statusCode": 200, "headers": headers, "body": "ok"}
    headers = {"Access-Control-Allow-Origin": "*"} if event["path"] == "/open" else {}
    return {"statusCode": 200, "headers": headers, "body": "ok"}


def browse(origin_host, gateway, cases, pages):
    """What a page at an origin finds out."""
    done = threading.Event()
    results = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            text = PAGE.replace("GATEWAY", json.dumps(gateway)).replace(
                "CASES", json.dumps([[case[0], case[1], case[2]] for case in cases])
            )
            self.reply(text.encode())

        def do_POST(self):
            results.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.reply(b"")
            done.set()

        def reply(self, content):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    pages.RequestHandlerClass = Handler
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = subprocess.Popen(
            [
                shutil.which("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                f"--user-data-dir={profile}", f"http://{origin_host}:{pages.server_address[1]}/",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        finished = done.wait(60)
        # The browser is many processes; they are a group of their own.
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
    if not finished:
        raise SystemExit("the browser has not answered")
    return {result[0]: result[1:] for result in results}


def main():
    if not shutil.which("chromium"):
        raise SystemExit("chromium is needed: apt-get install chromium")
    report = Report()
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    port = pages.server_address[1]
    route = {"function": "F", "auth": "none"}
    http_api = {
        "kind": "http",
        "stage": "$default",
        "cors": {
            "allowOrigins": [f"http://localhost:{port}"],
            "allowMethods": ["GET", "PUT"],
            "allowHeaders": ["x-allowed"],
            "exposeHeaders": ["x-exposed"],
            "maxAgeSeconds": 600,
            "allowCredentials": True,
        },
        "routes": {"ANY /items": route},
    }
    rest_api = {
        "kind": "rest",
        "stage": "Prod",
        "cors": {
            "allowOrigins": ["*"],
            "allowMethods": ["GET"],
            "allowHeaders": ["x-allowed"],
            "preflightAuth": "none",
        },
        "routes": {"GET /open": route, "GET /closed": route},
    }
    manifest = {"manifest": 1, "functions": {"F": {}}}
    with Gateway(sys.argv[1], {**manifest, "apis": {"Web": http_api}}, function) as gateway:
        address = f"http://127.0.0.1:{gateway.port}"
        allowed = browse("localhost", address, HTTP_CASES, pages)
        refused = browse("127.0.0.1", address, HTTP_CASES, pages)
        for name, _, _, wanted, otherwise in HTTP_CASES:
            report.check(f"HTTP API, allowed origin: {name}", allowed.get(name), wanted)
            report.check(f"HTTP API, another origin: {name}", refused.get(name), otherwise)
    with Gateway(sys.argv[1], {**manifest, "apis": {"Rest": rest_api}}, function) as gateway:
        found = browse("localhost", f"http://127.0.0.1:{gateway.port}", REST_CASES, pages)
        for name, _, _, wanted, _ in REST_CASES:
            report.check(f"REST API: {name}", found.get(name), wanted)
    pages.shutdown()
    report.finish()


main()
