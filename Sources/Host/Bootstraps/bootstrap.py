# Runs a Lambda handler: asks the Runtime API for events, calls the handler, posts what it returns.
#
# Words, shapes and rules are those of AWS's runtime interface client for Python (awslambdaric 4.2). What is imported
# here is paid for at each cold start: `logging`, `decimal` and `socket` are left to functions that want them.
import _socket
import importlib
import json
import os
import sys
import time
import traceback

PREFIX = "/2018-06-01/runtime/"
NO_BREAK_SPACE = "\u00a0"


class Fault(Exception):
    """An error that the runtime reports in words of its own, in place of where it was raised."""

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
        self.next_request = self.head("GET", "invocation/next", b"", "", "application/json")
        self.socket = None
        self.buffer = b""

    def head(self, method, path, body, headers, content_type):
        return (
            "%s %s%s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n"
            % (method, PREFIX, path, *self.address, content_type, headers, len(body))
        ).encode("latin-1")

    def next(self):
        return self.exchange(self.next_request)

    def post(self, path, body, headers="", content_type="application/json"):
        return self.exchange(self.head("POST", path, body, headers, content_type) + body)

    def exchange(self, request):
        if self.socket is None:
            self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
            self.socket.connect(self.address)
            self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            self.buffer = b""
        self.socket.sendall(request)
        return self.receive()

    def receive(self):
        data = self.buffer or self.read(65536)
        while True:
            end = data.find(b"\r\n\r\n")
            if end >= 0:
                break
            data += self.read(65536)
        lines = data[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        chunks = [data[end + 4:]]
        count = len(chunks[0])
        while count < length:
            chunks.append(self.read(max(65536, length - count)))
            count += len(chunks[-1])
        content = b"".join(chunks)
        self.buffer = content[length:]
        if headers.get("connection", "").lower() == "close":
            self.socket.close()
            self.socket = None
        return int(lines[0].split(" ", 2)[1]), headers, content[:length]

    def read(self, count):
        chunk = self.socket.recv(count)
        if not chunk:
            raise ConnectionError("the Runtime API closed the connection")
        return chunk


class Fields:
    """Named values, the absent ones None; printed as `Name([field=value,…])`."""

    __slots__ = ()

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    def __repr__(self):
        return "%s([%s])" % (
            type(self).__name__, ",".join("%s=%s" % (name, getattr(self, name)) for name in self.__slots__))


class CognitoIdentity(Fields):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(Fields):
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(Fields):
    __slots__ = ("custom", "env", "client")


class LambdaContext:
    """What a handler receives as its second argument (Lambda developer guide, "Lambda context object in Python")."""

    def __init__(self, headers, log):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        values = self._values(headers, "lambda-runtime-client-context", "Client Context")
        self._w3c_fields = self._trace_fields(values)
        self.client_context = None if values is None else ClientContext(values)
        if values is not None and self.client_context.client is not None:
            self.client_context.client = Client(self.client_context.client)
        identity = self._values(headers, "lambda-runtime-cognito-identity", "Cognito Identity") or {}
        self.identity = CognitoIdentity({
            "cognito_identity_id": identity.get("cognitoIdentityId"),
            "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
        })
        self._epoch_deadline_time_in_ms = int(headers.get("lambda-runtime-deadline-ms", "0"))
        self._log = log

    @staticmethod
    def _values(headers, name, title):
        text = headers.get(name)
        if not text:
            return None
        try:
            return json.loads(text.encode("latin-1").decode("utf-8"))
        except Exception as error:
            raise Fault(
                "Runtime.LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (title, error)) from None

    @staticmethod
    def _trace_fields(values):
        """Takes the W3C trace context out of a client context."""
        fields = values.pop("w3c", None) if isinstance(values, dict) else None
        if not isinstance(fields, dict):
            return {}
        names = ("traceparent", "tracestate", "baggage")
        return {name: fields[name] for name in names if isinstance(fields.get(name), str)}

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def w3c(self):
        return dict(self._w3c_fields)

    def log(self, msg):
        self._log(str(msg))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                 "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id")
        return "LambdaContext([%s])" % ",".join("%s=%s" % (name, getattr(self, name)) for name in names)


class Encoder:
    """JSON as the runtime's simplejson writes it, by the faster encoder of the standard library.

    Decimals keep their digits, bytes are text in UTF-8, and named tuples are objects. Before Python 3.12 what is not
    ASCII is escaped.
    """

    def __init__(self, runtime):
        minor = runtime.rpartition("python3.")[2]
        is_escaped = "python3." in runtime and minor.isdigit() and int(minor) < 12
        self.encoder = json.JSONEncoder(ensure_ascii=is_escaped, default=self.convert).encode
        # No decimal comes out of the standard encoder with its digits: it writes a mark that is replaced afterwards.
        self.mark = None
        self.decimals = []

    def encode(self, value):
        self.decimals.clear()
        text = self.encoder(value)
        if type(value) is not str and holds_records(value):
            self.decimals.clear()
            text = self.encoder(without_records(value))
        if self.decimals:
            pieces = text.split('"%s"' % self.mark)
            text = pieces[0] + "".join(d + piece for d, piece in zip(self.decimals, pieces[1:]))
        return text

    def convert(self, value):
        decimal = sys.modules.get("decimal")
        if decimal is not None and isinstance(value, decimal.Decimal):
            if value.is_nan():
                return float("nan")
            if self.mark is None:
                self.mark = os.urandom(16).hex()
            self.decimals.append(str(value))
            return self.mark
        if isinstance(value, bytes):
            return value.decode("utf-8")
        if callable(getattr(value, "_asdict", None)):
            return value._asdict()
        raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def holds_records(value):
    """Whether a value without cycles has a named tuple in it, which the standard encoder takes for a list."""
    containers = [value]
    for container in containers:
        if isinstance(container, dict):
            members = container.values()
        elif isinstance(container, list):
            members = container
        elif isinstance(container, tuple):
            if hasattr(container, "_asdict"):
                return True
            members = container
        else:
            continue
        containers += [member for member in members if isinstance(member, (dict, list, tuple))]
    return False


def without_records(value):
    if isinstance(value, dict):
        return {key: without_records(member) for key, member in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return without_records(value._asdict())
    if isinstance(value, (list, tuple)):
        return [without_records(member) for member in value]
    return value


class Logs:
    """What the runtime writes to the standard output, and the set-up of the module `logging`."""

    def __init__(self, encode):
        self.encode = encode
        self.is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        self.level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
        self.request_id = None
        self.tenant_id = None

    def write(self, text):
        sys.stdout.write(text)

    def error(self, payload):
        """The error as Lambda's own log has it."""
        if self.is_json:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            return self.write(self.encode({"timestamp": now, "level": "ERROR", **payload}) + "\n")
        words = [payload["errorType"], payload["errorMessage"]]
        lines = [("[ERROR] " + ": ".join(word for word in words if word)), "Traceback (most recent call last):"]
        for element in payload["stackTrace"]:
            for line in element.splitlines() or [""]:
                text = line.lstrip(" ")
                lines.append(NO_BREAK_SPACE * (len(line) - len(text)) + text)
        self.write("\n".join(lines) + "\n")

    # A finder of modules that waits for the first import of `logging`.

    def install(self):
        if "logging" in sys.modules:
            self.configure(sys.modules["logging"])
        else:
            sys.meta_path.insert(0, self)

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        from importlib.machinery import PathFinder
        # In Lambda the module is there before a file of the function can take its name.
        spec = PathFinder.find_spec(name, sys.path[1:])
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            self.configure(module)

        spec.loader.exec_module = exec_module
        return spec

    def configure(self, logging):
        """The root logger as Lambda has it (developer guide, "Log and monitor Python Lambda functions")."""
        logs = self

        class LambdaLoggerHandler(logging.Handler):
            def emit(self, record):
                record.aws_request_id = logs.request_id or ""
                record.tenant_id = logs.tenant_id
                logs.write(self.format(record))

        class JsonFormatter(logging.Formatter):
            def format(self, record):
                return logs.structure(self, record, logging) + "\n"

        logging.Formatter.converter = time.gmtime
        handler = LambdaLoggerHandler()
        if self.is_json:
            handler.setFormatter(JsonFormatter(datefmt="%Y-%m-%dT%H:%M:%SZ"))
        else:
            handler.setFormatter(logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"))
        root = logging.getLogger()
        if isinstance(logging.getLevelName(self.level), int):
            root.setLevel(self.level)
        root.addHandler(handler)

    # The attributes of a record that are not of its caller.
    RESERVED = frozenset((
        "name", "msg", "args", "levelname", "levelno", "pathname", "filename", "module", "exc_info", "exc_text",
        "stack_info", "lineno", "funcName", "created", "msecs", "relativeCreated", "thread", "threadName",
        "processName", "process", "taskName", "aws_request_id", "tenant_id"))

    def structure(self, formatter, record, logging):
        level = min(50, max(0, record.levelno)) // 10 * 10
        is_object = isinstance(record.msg, dict) and not record.args
        result = {
            "timestamp": formatter.formatTime(record, formatter.datefmt),
            "level": logging.getLevelName(level),
            "message": record.msg if is_object else record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            kind, error, trace = record.exc_info
            result["stackTrace"] = traceback.format_tb(trace)
            result["errorType"] = kind.__name__ if kind else None
            result["errorMessage"] = str(error) if kind else None
        result["requestId"] = record.aws_request_id
        if record.exc_info:
            result["location"] = "%s:%s:%s" % (record.pathname, record.funcName, record.lineno)
        result["tenantId"] = record.tenant_id
        for key, value in record.__dict__.items():
            if key not in self.RESERVED:
                result.setdefault(key, value)
        present = {key: value for key, value in result.items() if value is not None}
        return json.dumps(present, ensure_ascii=False, default=str)


class Runtime:
    def __init__(self):
        self.client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"])
        self.encoder = Encoder(os.environ.get("AWS_EXECUTION_ENV", ""))
        self.logs = Logs(self.encoder.encode)

    def run(self):
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
        set_search_path()
        self.logs.install()
        try:
            handler = load(os.environ.get("_HANDLER", ""))
        except Exception as error:
            self.report("init/error", error, "")
            sys.exit(1)
        while True:
            self.serve(handler)

    def serve(self, handler):
        status, headers, body = self.client.next()
        if status != 200:
            raise ConnectionError("the Runtime API answered %d" % status)
        request_id = self.logs.request_id = headers["lambda-runtime-aws-request-id"]
        self.logs.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        try:
            context = LambdaContext(headers, self.logs.write)
            response = handler(unmarshal(body), context)
            result, content_type = self.marshal(response)
        except Exception as error:
            self.report("invocation/%s/error" % request_id, error, request_id)
            return
        self.flush()
        status, _, answer = self.client.post(
            "invocation/%s/response" % request_id, result, content_type=content_type)
        if status == 413:
            self.logs.write("[ERROR] the response of %d bytes is too large\n" % len(result))

    def marshal(self, response):
        if isinstance(response, bytes):
            return response, "application/unknown"
        try:
            return self.encoder.encode(response).encode("utf-8"), "application/json"
        except Exception as error:
            raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error) from None

    def report(self, path, error, request_id):
        if isinstance(error, Fault):
            error_type, message, trace = error.error_type, error.message, error.trace
        else:
            error_type, message, trace = type(error).__name__, str(error), stack_trace(error)
        payload = {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}
        self.logs.error(payload)
        self.flush()
        try:
            body = self.encoder.encode(payload).encode("utf-8")
        except UnicodeEncodeError:
            # Half of a surrogate pair is no text in UTF-8; escaped it is.
            body = json.dumps(payload).encode("ascii")
        kind = "".join(c for c in error_type if 0x20 < ord(c) < 0x7F)
        self.client.post(path, body, "Lambda-Runtime-Function-Error-Type: %s\r\n" % kind)

    def flush(self):
        """What has been printed belongs to the request that is about to be answered."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                # Closed or replaced by the function.
                pass


def unmarshal(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error) from None


def stack_trace(error):
    """The frames from the first that is not of this file; all of them where there is no other."""
    frames = traceback.extract_tb(error.__traceback__)
    own = 0
    while own < len(frames) and frames[own].filename == __file__:
        own += 1
    frames = frames[own:] or frames
    # As tuples they are without the columns, which Lambda does not mark.
    return traceback.format_list([(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames])


def set_search_path():
    """The function's code first, then layers: in each the packages of this version before its folder `python`."""
    # This file's own folder stands first.
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    packages = "/lib/python%d.%d/site-packages" % sys.version_info[:2]
    for folder in os.environ.get("PYTHONPATH", "").split(":"):
        if folder.endswith("/python") and folder in sys.path and folder + packages not in sys.path:
            sys.path.insert(sys.path.index(folder), folder + packages)


def load(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (handler, error)) from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault(
            "Runtime.BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module_name)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault(
            "Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error)) from None
    except SyntaxError as error:
        raise Fault(
            "Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error),
            ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault(
            "Runtime.HandlerNotFound",
            "Handler '%s' missing on module '%s'" % (function_name, module_name)) from None


Runtime().run()
