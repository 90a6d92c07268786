# Runs a Lambda handler: asks the Runtime API for events, calls the handler, posts what it returns.
import decimal
import importlib
import json
import os
import socket
import sys
import time
import traceback

PREFIX = "/2018-06-01/runtime/"


class Fault(Exception):
    """An error of the function that the runtime reports in words of its own."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = list(trace)


class RuntimeClient:
    """One connection to the Runtime API, which answers each request with a Content-Length."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.address = (host, int(port))
        self.authority = address
        self.socket = None
        self.buffer = b""

    def request(self, method, path, body=b"", headers=""):
        head = "%s %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n" % (
            method, PREFIX, path, self.authority, headers, len(body))
        if self.socket is None:
            self.connect()
        self.socket.sendall(head.encode("latin-1") + body)
        return self.receive()

    def connect(self):
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def receive(self):
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end >= 0:
                break
            self.fill()
        lines = self.buffer[:end].decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        chunks = [self.buffer[end + 4:]]
        count = len(chunks[0])
        while count < length:
            chunk = self.socket.recv(max(65536, length - count))
            if not chunk:
                raise ConnectionError("the Runtime API closed the connection")
            chunks.append(chunk)
            count += len(chunk)
        data = b"".join(chunks)
        self.buffer = data[length:]
        if headers.get("connection", "").lower() == "close":
            self.socket.close()
            self.socket = None
        return status, headers, data[:length]

    def fill(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the Runtime API closed the connection")
        self.buffer += chunk


class CognitoIdentity:
    def __init__(self):
        self.cognito_identity_id = None
        self.cognito_identity_pool_id = None


class ClientFields:
    def __init__(self, values):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, values.get(name))


class ClientContext:
    def __init__(self, values):
        self.client = ClientFields(values["client"]) if "client" in values else None
        self.custom = values.get("custom", {})
        self.env = values.get("env", {})


class LambdaContext:
    """What a handler receives as its second argument."""

    def __init__(self, headers):
        environment = os.environ
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.function_name = environment.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environment.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environment.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = CognitoIdentity()
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client_context = headers.get("lambda-runtime-client-context")
        if client_context:
            values = json.loads(client_context.encode("latin-1").decode("utf-8"))
            self.client_context = ClientContext(values) if isinstance(values, dict) else None
        else:
            self.client_context = None
        self._deadline = int(headers.get("lambda-runtime-deadline-ms", "0"))

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                 "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id")
        return "LambdaContext([%s])" % ",".join("%s=%s" % (name, getattr(self, name)) for name in names)


def encode_other(value):
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


ENCODE = json.JSONEncoder(ensure_ascii=False, default=encode_other).encode


def marshal(result):
    try:
        return ENCODE(result).encode("utf-8")
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error) from None


def describe(error, request_id, skipped=0):
    """The payload of an error; the frames of this file are left out."""
    if isinstance(error, Fault):
        error_type, message, trace = error.error_type, error.message, error.trace
    else:
        error_type, message = type(error).__name__, str(error)
        trace = traceback.format_list(traceback.extract_tb(error.__traceback__)[skipped:])
    payload = {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}
    return error_type, payload


def announce(payload):
    """The error as Lambda's own log has it."""
    lines = ["[ERROR] %s: %s" % (payload["errorType"], payload["errorMessage"])]
    if payload["stackTrace"]:
        lines.append("Traceback (most recent call last):")
        lines += [line.rstrip("\n") for line in payload["stackTrace"]]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def report(client, path, error, request_id, skipped=0):
    error_type, payload = describe(error, request_id, skipped)
    announce(payload)
    body = json.dumps(payload).encode("utf-8")
    kind = "".join(c for c in error_type if 0x20 < ord(c) < 0x7F)
    client.request("POST", path, body, "Lambda-Runtime-Function-Error-Type: %s\r\n" % kind)


def load(handler):
    module_name, dot, function_name = handler.rpartition(".")
    if not dot or not module_name:
        raise Fault(
            "Runtime.MalformedHandlerName",
            "Bad handler '%s': not enough values to unpack (expected 2, got 1)" % handler)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except SyntaxError as error:
        place = "  File \"%s\" Line %s\n    %s" % (error.filename, error.lineno, error.text)
        raise Fault(
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module '%s': %s" % (module_name, error), [place]) from None
    except ImportError as error:
        raise Fault(
            "Runtime.ImportModuleError",
            "Unable to import module '%s': %s" % (module_name, error)) from None
    try:
        function = getattr(module, function_name)
    except AttributeError:
        function = None
    if not callable(function):
        raise Fault(
            "Runtime.HandlerNotFound",
            "Handler '%s' missing on module '%s'" % (function_name, module_name))
    return function


def initialize(client):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    # This file's own directory stands first; the function's code belongs there.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    try:
        return load(os.environ.get("_HANDLER", ""))
    except BaseException as error:
        if isinstance(error, SystemExit):
            # As Lambda words it; the host sees the exit.
            raise
        frames = traceback.extract_tb(error.__traceback__)
        own = [index for index, frame in enumerate(frames)
               if frame.filename == __file__ or "importlib" in frame.filename]
        report(client, "init/error", error, "", (own[-1] + 1) if own else 0)
        sys.exit(1)


def serve(client, handler):
    while True:
        status, headers, body = client.request("GET", "invocation/next")
        if status != 200:
            raise ConnectionError("the Runtime API answered %d" % status)
        request_id = headers["lambda-runtime-aws-request-id"]
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        try:
            try:
                event = json.loads(body)
            except Exception as error:
                raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error) from None
            result = marshal(handler(event, LambdaContext(headers)))
        except Exception as error:
            report(client, "invocation/%s/error" % request_id, error, request_id, 1)
        else:
            status, _, answer = client.request("POST", "invocation/%s/response" % request_id, result)
            if status == 413:
                print("[ERROR] the response of %d bytes is too large" % len(result), file=sys.stderr)


def main():
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
    handler = initialize(client)
    serve(client, handler)


main()
