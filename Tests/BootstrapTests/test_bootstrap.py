"""The Python bootstrap against a scripted Runtime API: what it sends, what it prints, how it ends.

usage: python3 Tests/BootstrapTests/test_bootstrap.py
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOOTSTRAP = os.path.join(ROOT, "Sources/Host/Bootstraps/bootstrap.py")
ARN = "arn:aws:lambda:us-east-1:123456789012:function:F"


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class RuntimeAPI:
    """Hands out events one after the other and remembers what is posted; `finished` when it is asked for more."""

    def __init__(self, events, status=202, closes=False, pieces=None):
        self.events = list(events)
        self.status = status
        self.closes = closes
        self.pieces = pieces
        self.requests = []
        self.finished = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection, connection.makefile("rb") as reader:
            while True:
                line = reader.readline().decode()
                if not line:
                    return
                method, path, _ = line.split(" ")
                headers = {}
                while True:
                    name, _, value = reader.readline().decode("latin-1").strip().partition(": ")
                    if not name:
                        break
                    headers[name.lower()] = value
                body = reader.read(int(headers["content-length"]))
                if path.endswith("/invocation/next"):
                    if not self.events:
                        self.finished.set()
                        return reader.read()
                    more, content = self.events.pop(0)
                    self.answer(connection, "200 OK", more, content)
                else:
                    self.requests.append(Request(method, path, headers, body))
                    self.answer(connection, "%d Status" % self.status, {}, b'{"status":"OK"}')
                if self.closes:
                    return

    def answer(self, connection, status, headers, content):
        fields = {"Content-Type": "application/json", "Content-Length": len(content), **headers}
        if self.closes:
            fields["Connection"] = "close"
        head = "HTTP/1.1 %s\r\n%s\r\n" % (status, "".join("%s: %s\r\n" % item for item in fields.items()))
        data = head.encode("utf-8") + content
        for start in range(0, len(data), self.pieces or len(data)):
            connection.sendall(data[start:start + (self.pieces or len(data))])

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()


def event(value=None, number=1, content=None, **headers):
    fields = {
        "Lambda-Runtime-Aws-Request-Id": "request-%d" % number,
        "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60000),
        "Lambda-Runtime-Invoked-Function-Arn": ARN,
        "Lambda-Runtime-Trace-Id": "Root=1-2-3",
    }
    fields.update((name.replace("_", "-"), text) for name, text in headers.items())
    present = {name: text for name, text in fields.items() if text is not None}
    return present, json.dumps({} if value is None else value).encode() if content is None else content


class BootstrapTestCase(unittest.TestCase):
    maxDiff = None

    def run_handler(self, code, events=None, handler="app.handler", files=None, environment=None, **options):
        """Runs the bootstrap until it asks for more than there is, or ends. Keeps what it did in this test."""
        with tempfile.TemporaryDirectory() as folder:
            self.folder = os.path.join(os.path.realpath(folder), "code")
            for path, text in {"code/app.py": code, **(files or {})}.items():
                path = os.path.join(os.path.realpath(folder), path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(textwrap.dedent(text))
            api = RuntimeAPI([event()] if events is None else events, **options)
            variables = {
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "LAMBDA_TASK_ROOT": self.folder,
                "_HANDLER": handler,
                "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
                "AWS_LAMBDA_FUNCTION_NAME": "name",
                "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
                "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/name",
                "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            }
            for name, value in (environment or {}).items():
                variables[name] = value.replace("FOLDER", os.path.realpath(folder))
            process = subprocess.Popen(
                [sys.executable, BOOTSTRAP], cwd=self.folder, env=variables, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

            def stop():
                api.finished.wait()
                process.kill()

            threading.Thread(target=stop, daemon=True).start()
            try:
                output, errors = process.communicate(timeout=60)
            finally:
                process.kill()
                api.close()
            self.status = process.returncode if not api.finished.is_set() else None
            api.finished.set()
            self.output, self.errors = output.decode("utf-8"), errors.decode("utf-8")
            self.requests = api.requests
            self.left = sorted(os.listdir(self.folder))
            return api.requests

    def result(self, code, *arguments, **options):
        """The one response to the one event."""
        requests = self.run_handler(code, *arguments, **options)
        self.assertEqual([request.path for request in requests], [
            "/2018-06-01/runtime/invocation/request-1/response"], self.output + self.errors)
        return requests[0]

    def error(self, code, *arguments, path="invocation/request-1/error", **options):
        """The one error; its type stands in its field too."""
        requests = self.run_handler(code, *arguments, **options)
        self.assertEqual([request.path for request in requests], ["/2018-06-01/runtime/" + path],
                         self.output + self.errors)
        payload = requests[0].json
        self.assertEqual(list(payload), ["errorMessage", "errorType", "requestId", "stackTrace"])
        self.assertEqual(requests[0].headers["lambda-runtime-function-error-type"], payload["errorType"])
        return payload

    def init_error(self, code, **options):
        payload = self.error(code, path="init/error", **options)
        self.assertEqual(payload["requestId"], "")
        self.assertEqual(self.status, 1)
        return payload


class ResultTests(BootstrapTestCase):
    def test_bytes_on_the_wire(self):
        requests = self.run_handler(
            "def handler(event, context): return event", [event({"n": 1}), event([2], number=2)])
        self.assertEqual(
            [(request.method, request.path, request.headers["content-type"], request.body) for request in requests],
            [
                ("POST", "/2018-06-01/runtime/invocation/request-1/response", "application/json", b'{"n": 1}'),
                ("POST", "/2018-06-01/runtime/invocation/request-2/response", "application/json", b"[2]"),
            ])
        self.assertIsNone(self.status)
        self.assertEqual(self.left, ["app.py"])

    def test_json(self):
        for expression, body in [
            ("None", "null"),
            ("'gr\\u00fc\\u00dfe \\u2603'", '"grüße ☃"'),
            ("float('nan')", "NaN"),
            ("decimal.Decimal('1.50')", "1.50"),
            ("{'a': [decimal.Decimal('0.1'), decimal.Decimal('NaN'), decimal.Decimal('12345678901234567890.5')]}",
             '{"a": [0.1, NaN, 12345678901234567890.5]}'),
            ("{'a': b'bytes'}", '{"a": "bytes"}'),
            ("Point(1, [Point(2, decimal.Decimal('3.0'))])", '{"x": 1, "y": [{"x": 2, "y": 3.0}]}'),
            ("(1, (2,))", "[1, [2]]"),
            ("{1: True, None: 2}", '{"1": true, "null": 2}'),
        ]:
            with self.subTest(expression):
                request = self.result("""
                    import collections, decimal
                    Point = collections.namedtuple("Point", "x y")
                    def handler(event, context): return %s
                    """ % expression)
                self.assertEqual(request.body.decode(), body)

    def test_older_runtimes_escape(self):
        request = self.result(
            "def handler(event, context): return 'ü'", environment={"AWS_EXECUTION_ENV": "AWS_Lambda_python3.11"})
        self.assertEqual(request.body, b'"\\u00fc"')

    def test_bytes_go_as_they_are(self):
        request = self.result("def handler(event, context): return b'\\x00\\xff'")
        self.assertEqual(request.headers["content-type"], "application/unknown")
        self.assertEqual(request.body, b"\x00\xff")

    def test_what_is_no_json(self):
        for expression, message in [
            ("{1}", "Object of type set is not JSON serializable"),
            ("circle", "Circular reference detected"),
            ("{'a': asynchronous()}", "Object of type coroutine is not JSON serializable"),
        ]:
            with self.subTest(expression):
                payload = self.error("""
                    async def asynchronous(): pass
                    circle = []
                    circle.append(circle)
                    def handler(event, context): return %s
                    """ % expression)
                self.assertEqual(payload["errorType"], "Runtime.MarshalError")
                self.assertEqual(payload["errorMessage"], "Unable to marshal response: " + message)
                self.assertEqual(payload["stackTrace"], [])

    def test_half_of_a_surrogate_pair(self):
        payload = self.error("def handler(event, context): return '\\ud800'")
        self.assertEqual(payload["errorType"], "Runtime.MarshalError")
        payload = self.error("def handler(event, context): raise ValueError('\\ud800')")
        self.assertEqual(payload["errorMessage"], "\ud800")

    def test_asynchronous_handlers_are_not_awaited(self):
        payload = self.error("async def handler(event, context): return 1")
        self.assertEqual(
            payload["errorMessage"], "Unable to marshal response: Object of type coroutine is not JSON serializable")

    def test_handlers_that_are_no_functions(self):
        code = """
            import functools
            class Called:
                def __call__(self, event, context): return "object"
                def method(self, event, context): return "method"
                @classmethod
                def of_class(cls, event, context): return "class method"
            called, method, of_class = Called(), Called().method, Called.of_class
            partial = functools.partial(lambda text, event, context: text, "partial")
            """
        for name, text in [("called", "object"), ("method", "method"), ("of_class", "class method"),
                           ("partial", "partial")]:
            with self.subTest(name):
                self.assertEqual(self.result(code, handler="app." + name).json, text)

    def test_large_payloads(self):
        text = "x" * (5 << 20)
        request = self.result("def handler(event, context): return event + 'y'", [event(text)])
        self.assertEqual(request.json, text + "y")

    def test_response_that_is_too_large(self):
        self.run_handler(
            "def handler(event, context): return 'x' * 10", [event(), event(number=2)], status=413)
        self.assertEqual(len(self.requests), 2)
        self.assertEqual(self.output, "[ERROR] the response of 12 bytes is too large\n" * 2)

    def test_answers_in_pieces_and_on_new_connections(self):
        events = [event({"n": n}, number=n) for n in range(3)]
        for options in [{"pieces": 7}, {"closes": True}]:
            with self.subTest(options):
                requests = self.run_handler("def handler(event, context): return event['n']", events, **options)
                self.assertEqual([request.json for request in requests], [0, 1, 2])

    def test_events_that_are_no_json(self):
        payload = self.error("def handler(event, context): pass", [event(content=b"{")])
        self.assertEqual(payload["errorType"], "Runtime.UnmarshalError")
        self.assertTrue(payload["errorMessage"].startswith("Unable to unmarshal input: Expecting property name"))


class ErrorTests(BootstrapTestCase):
    def test_payload_and_log(self):
        payload = self.error("""
            def handler(event, context):
                fail()

            def fail():
                raise KeyError("böom")
            """)
        self.assertEqual(payload["errorType"], "KeyError")
        self.assertEqual(payload["errorMessage"], "'böom'")
        self.assertEqual(payload["requestId"], "request-1")
        self.assertEqual(payload["stackTrace"], [
            '  File "%s/app.py", line 3, in handler\n    fail()\n' % self.folder,
            '  File "%s/app.py", line 6, in fail\n    raise KeyError("böom")\n' % self.folder,
        ])
        self.assertEqual(self.output.replace("\u00a0", "_"), textwrap.dedent("""\
            [ERROR] KeyError: 'böom'
            Traceback (most recent call last):
            __File "%(folder)s/app.py", line 3, in handler
            ____fail()
            __File "%(folder)s/app.py", line 6, in fail
            ____raise KeyError("böom")
            """ % {"folder": self.folder}))
        self.assertEqual(self.errors, "")

    def test_wrong_parameters_show_who_called(self):
        payload = self.error("def handler(event): pass")
        self.assertEqual(payload["errorType"], "TypeError")
        self.assertEqual(payload["errorMessage"], "handler() takes 1 positional argument but 2 were given")
        self.assertEqual(len(payload["stackTrace"]), 1)
        self.assertIn(BOOTSTRAP, payload["stackTrace"][0])

    def test_deep_recursion(self):
        payload = self.error("""
            def handler(event, context):
                return handler(event, context)
            """)
        self.assertEqual(payload["errorType"], "RecursionError")
        self.assertTrue(payload["stackTrace"][-1].startswith("  [Previous line repeated "), payload["stackTrace"][-1])

    def test_next_request_after_an_error(self):
        requests = self.run_handler(
            "def handler(event, context): return 1 / event", [event(0), event(1, number=2)])
        self.assertEqual([request.path.rsplit("/", 2)[1:] for request in requests],
                         [["request-1", "error"], ["request-2", "response"]])

    def test_exits(self):
        for statement, status in [("sys.exit()", 0), ("sys.exit(3)", 3), ("os._exit(4)", 4),
                                  ("raise KeyboardInterrupt", -2)]:
            with self.subTest(statement):
                requests = self.run_handler("import os, sys\ndef handler(event, context): %s" % statement)
                self.assertEqual((requests, self.status), ([], status))
                requests = self.run_handler("import os, sys\n%s" % statement)
                self.assertEqual((requests, self.status), ([], status))

    def test_threads_do_not_hold_up_requests(self):
        code = """
            import threading
            started = threading.Event()
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            def handler(event, context):
                threading.Thread(target=fail).start()
                started.wait()
                return "done"
            def fail():
                started.set()
                raise ValueError("in a thread")
            """
        self.assertEqual(self.result(code).json, "done")


class LoadTests(BootstrapTestCase):
    def test_errors(self):
        files = {"code/syntax.py": "value = 1\ndef def", "code/deep.py": "import missing",
                 "code/partly.py": "from app import absent"}
        for handler, kind, message in [
            ("app", "Runtime.MalformedHandlerName",
             "Bad handler 'app': not enough values to unpack (expected 2, got 1)"),
            ("nope.handler", "Runtime.ImportModuleError", "Unable to import module 'nope': No module named 'nope'"),
            ("deep.handler", "Runtime.ImportModuleError", "Unable to import module 'deep': No module named 'missing'"),
            ("app.nope", "Runtime.HandlerNotFound", "Handler 'nope' missing on module 'app'"),
            ("app.", "Runtime.HandlerNotFound", "Handler '' missing on module 'app'"),
            ("sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"),
        ]:
            with self.subTest(handler):
                payload = self.init_error("value = 1", handler=handler, files=files)
                self.assertEqual((payload["errorType"], payload["errorMessage"]), (kind, message))
                self.assertEqual(payload["stackTrace"], [])
                self.assertEqual(self.output, "[ERROR] %s: %s\nTraceback (most recent call last):\n" % (kind, message))
        payload = self.init_error("value = 1", handler="partly.handler", files=files)
        self.assertEqual(payload["errorType"], "Runtime.ImportModuleError")
        self.assertTrue(payload["errorMessage"].startswith(
            "Unable to import module 'partly': cannot import name 'absent' from 'app'"), payload)

    def test_syntax_error_has_file_and_line(self):
        payload = self.init_error("value = 1\ndef def")
        self.assertEqual(payload["errorType"], "Runtime.UserCodeSyntaxError")
        self.assertEqual(payload["errorMessage"], "Syntax error in module 'app': invalid syntax (app.py, line 2)")
        self.assertEqual(len(payload["stackTrace"]), 1)
        self.assertTrue(payload["stackTrace"][0].startswith(
            '  File "%s/app.py" Line 2\n    def def' % self.folder), payload["stackTrace"])
        self.assertIn('File "%s/app.py" Line 2' % self.folder, self.output)

    def test_error_at_import(self):
        payload = self.init_error("\n\n{}['absent']")
        self.assertEqual((payload["errorType"], payload["errorMessage"]), ("KeyError", "'absent'"))
        self.assertEqual(
            payload["stackTrace"][-1], '  File "%s/app.py", line 3, in <module>\n    {}[\'absent\']\n' % self.folder)

    def test_folders_in_the_handler(self):
        files = {"code/lib/deep/module.py": "def handler(event, context): return __name__"}
        for handler in ["lib/deep/module.handler", "lib.deep.module.handler"]:
            self.assertEqual(self.result("", handler=handler, files=files).json, "lib.deep.module")

    def test_search_path(self):
        version = "python%d.%d" % sys.version_info[:2]
        files = {
            "code/first.py": "place = 'code'",
            "layer/python/first.py": "place = 'layer'",
            "layer/python/second.py": "place = 'layer'",
            "layer/python/lib/%s/site-packages/second.py" % version: "place = 'packages'",
            "layer/python/lib/%s/site-packages/third.py" % version: "place = 'packages'",
        }
        request = self.result("""
            import first, second, third, sys
            def handler(event, context): return [first.place, second.place, third.place, sys.path[0]]
            """, files=files, environment={"PYTHONPATH": "FOLDER/layer/python"})
        self.assertEqual(request.json, ["code", "packages", "packages", self.folder])


class ContextTests(BootstrapTestCase):
    def test_attributes(self):
        request = self.result("""
            def handler(event, context):
                left = context.get_remaining_time_in_millis()
                assert 50000 < left <= 60000, left
                context.log("logged ")
                context.log(1)
                return {name: getattr(context, name) for name in dir(context)
                        if not name.startswith("_") and isinstance(getattr(context, name), (str, type(None)))}
            """, [event(lambda_runtime_aws_tenant_id="tenant")])
        self.assertEqual(request.json, {
            "aws_request_id": "request-1", "client_context": None, "function_name": "name",
            "function_version": "$LATEST", "invoked_function_arn": ARN, "log_group_name": "/aws/lambda/name",
            "log_stream_name": "stream", "memory_limit_in_mb": "128", "tenant_id": "tenant"})
        self.assertEqual(self.output, "logged 1")

    def test_printed(self):
        request = self.result("def handler(event, context): return repr(context)")
        self.assertEqual(
            request.json,
            "LambdaContext([aws_request_id=request-1,log_group_name=/aws/lambda/name,log_stream_name=stream,"
            "function_name=name,memory_limit_in_mb=128,function_version=$LATEST,invoked_function_arn=" + ARN
            + ",client_context=None,identity=CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None])"
            ",tenant_id=None])")

    def test_client_context_and_identity(self):
        client = {"client": {"app_title": "tïtle"}, "custom": {"a": 1}, "w3c": {"traceparent": "t", "other": "o"}}
        request = self.result("""
            def handler(event, context):
                client = context.client_context
                return [client.client.app_title, client.client.installation_id, client.custom, client.env,
                        context.w3c(), context.identity.cognito_identity_id,
                        context.identity.cognito_identity_pool_id]
            """, [event(
                lambda_runtime_client_context=json.dumps(client, ensure_ascii=False),
                lambda_runtime_cognito_identity='{"cognitoIdentityId": "id", "cognitoIdentityPoolId": "pool"}')])
        self.assertEqual(request.json, ["tïtle", None, {"a": 1}, None, {"traceparent": "t"}, "id", "pool"])

    def test_client_context_that_is_no_json(self):
        payload = self.error("def handler(event, context): pass", [event(lambda_runtime_client_context="{")])
        self.assertEqual(payload["errorType"], "Runtime.LambdaContextUnmarshalError")
        self.assertTrue(payload["errorMessage"].startswith("Unable to parse Client Context JSON: "), payload)

    def test_deadline_that_is_over(self):
        request = self.result(
            "def handler(event, context): return context.get_remaining_time_in_millis()",
            [event(lambda_runtime_deadline_ms="1000")])
        self.assertEqual(request.json, 0)

    def test_trace_of_each_request(self):
        requests = self.run_handler(
            "import os\ndef handler(event, context): return os.environ.get('_X_AMZN_TRACE_ID')",
            [event(), event(number=2, Lambda_Runtime_Trace_Id=None), event(number=3, Lambda_Runtime_Trace_Id="Root=4")])
        self.assertEqual([request.json for request in requests], ["Root=1-2-3", None, "Root=4"])


class LogTests(BootstrapTestCase):
    TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"

    def test_print_comes_before_the_answer(self):
        self.result("""
            import sys
            def handler(event, context):
                print("a line")
                print("no end", end="")
                print("to stderr", end="", file=sys.stderr)
            """)
        self.assertEqual((self.output, self.errors), ("a line\nno end", "to stderr"))

    def test_text(self):
        code = """
            import logging
            logging.warning("at import")
            def handler(event, context):
                logging.getLogger("x").error("böse %d", 1)
                logging.info("not shown")
            """
        self.result(code)
        lines = self.output.splitlines()
        self.assertEqual(len(lines), 2, self.output)
        self.assertRegex(lines[0], r"^\[WARNING\]\t" + self.TIME + r"\.\d{3}Z\t\tat import$")
        self.assertRegex(lines[1], r"^\[ERROR\]\t" + self.TIME + r"\.\d{3}Z\trequest-1\tböse 1$")
        self.result(code, environment={"AWS_LAMBDA_LOG_LEVEL": "INFO"})
        self.assertTrue(self.output.splitlines()[2].endswith("\trequest-1\tnot shown"), self.output)

    def test_a_module_of_the_function_does_not_hide_it(self):
        self.result("""
            import logging
            def handler(event, context): logging.warning("shown")
            """, files={"code/logging.py": "raise ValueError('the wrong one')"})
        self.assertTrue(self.output.endswith("\tshown\n"), self.output)

    def test_json(self):
        self.result("""
            import logging
            def handler(event, context):
                log = logging.getLogger("x")
                log.warning("text %s", "ü", extra={"more": {1, 2}})
                log.debug({"an": "object"})
                try:
                    {}["k"]
                except KeyError:
                    log.exception("caught")
            """, [event(lambda_runtime_aws_tenant_id="t")],
            environment={"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "TRACE"})
        lines = [json.loads(line) for line in self.output.splitlines()]
        for line in lines:
            self.assertRegex(line.pop("timestamp"), "^" + self.TIME + "Z$")
        self.assertEqual(lines[0], {
            "level": "WARNING", "message": "text ü", "logger": "x", "requestId": "request-1", "tenantId": "t",
            "more": "{1, 2}"})
        self.assertEqual(lines[1]["message"], {"an": "object"})
        # From Python 3.11 on, columns are marked in a line of their own.
        trace, = lines[2].pop("stackTrace")
        self.assertTrue(trace.startswith('  File "%s/app.py", line 8, in handler\n    {}["k"]\n' % self.folder), trace)
        self.assertEqual(lines[2].pop("location"), self.folder + "/app.py:handler:10")
        self.assertEqual(lines[2], {
            "level": "ERROR", "message": "caught", "logger": "x", "requestId": "request-1", "tenantId": "t",
            "errorType": "KeyError", "errorMessage": "'k'"})

    def test_json_errors(self):
        payload = self.error(
            "def handler(event, context): raise ValueError('v')", environment={"AWS_LAMBDA_LOG_FORMAT": "JSON"})
        line = json.loads(self.output)
        self.assertTrue(re.match("^" + self.TIME + "Z$", line.pop("timestamp")))
        self.assertEqual(line, {"level": "ERROR", **payload})


if __name__ == "__main__":
    unittest.main()
