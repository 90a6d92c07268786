#!/usr/bin/env python3
"""Functions of samovar-host by boto3 and the aws command line; and Python's bootstrap beside AWS's own awslambdaric.

usage: Acceptance/lambda.py PROXY     samovar-host is looked for beside it
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import boto3
import botocore.config
import botocore.exceptions

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from gateway import Report, start  # noqa: E402

RUNTIME = "python%d.%d" % sys.version_info[:2]

APP = """
import collections, decimal, logging, os, sys
Point = collections.namedtuple("Point", "x y")

def context(event, context):
    client = context.client_context
    return {"text": repr(context), "client": client and [repr(client.client), client.custom, client.env],
            "w3c": context.w3c(), "names": sorted(name for name in dir(context) if not name.startswith("_"))}

def value(event, context):
    return eval(event)

def fail(event, context):
    def deeper(error):
        raise error
    try:
        deeper(eval(event))
    except KeyError:
        raise RuntimeError("while handling")

def recursive(event, context):
    return recursive(event, context)

async def asynchronous(event, context):
    return 1

def leave(event, context):
    sys.exit(event)

def logs(event, context):
    logging.warning("w\u00e4rning %d", 1)
    print("printed", event)
    context.log("by the context\\n")
    logging.getLogger("a.b").error("error", extra={"more": [1, {2}]})
    logging.info("not shown")
    try:
        {}["k"]
    except KeyError:
        logging.exception("caught")

def effect(event, context):
    print("the effect is", event["text"])
    with open(event["path"], "w") as file:
        file.write(event["text"])
    return event["text"]

number = 7
"""

STREAM = """
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('one ');
  if (event.fail) throw new RangeError('midway');
  stream.end('two');
});
"""

# Handler, events.
SAME = [
    ("app.context", [{}]),
    ("app.value", [
        "None", "'gr\u00fc\u00dfe \u2603'", "float('nan')", "decimal.Decimal('1.50')", "[decimal.Decimal('NaN'), 1e300]",
        "{'a': b'bytes', 1: None, True: 2.0}", "Point(1, (Point(2, 3),))", "collections.OrderedDict(z=1, a=Point(1, 2))",
        "b'[1]'", "{1}", "object", "{Point(1, 2): 3}", "[float('inf')]", "eval('0/0')", "eval('nope')", "eval('(')",
        "os.environ['_X_AMZN_TRACE_ID'][:7]", "sorted(name for name in os.environ if name.startswith('_'))",
        "os.getcwd()", "sys.path[0]", "event", "'x' * 100000",
    ]),
    ("app.fail", ["ValueError('v\u00e4lue')", "KeyError('k')", "Exception()", "type('Own', (Exception,), {})(1, 2)"]),
    ("app.recursive", [{}]),
    ("app.asynchronous", [{}]),
    ("app.leave", [3, None]),
    ("lib/deep.handler", [{}]),
    ("lib.deep.handler", [{}]),
    ("app", [{}]),
    ("nope.handler", [{}]),
    ("app.nope", [{}]),
    ("app.", [{}]),
    (".handler", [{}]),
    ("sys.exit", [{}]),
    ("missing.handler", [{}]),
    ("failing.handler", [{}]),
    ("syntax.handler", [{}]),
]


class Host:
    """samovar-host over functions in a folder; `with Host(program, functions, files) as host: …`."""

    def __init__(self, program, functions, files):
        self.folder = tempfile.TemporaryDirectory()
        manifest = os.path.join(self.folder.name, "routes.json")
        with open(manifest, "w") as file:
            json.dump({"manifest": 1, "apis": {}, "functions": functions}, file)
        for path, (text, mode) in files.items():
            path = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
            os.chmod(path, mode)
        # The functions are to run with this Python, as the official client does.
        places = os.path.dirname(sys.executable) + ":" + os.environ["PATH"]
        self.process, address = start(
            [program, manifest, "--listen", "127.0.0.1:0"], {**os.environ, "PATH": places})
        self.url = f"http://{address}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def client_of(host):
    return boto3.client(
        "lambda", region_name="us-east-1", endpoint_url=host.url, aws_access_key_id="key", aws_secret_access_key="secret",
        config=botocore.config.Config(retries={"total_max_attempts": 1}))


def plain(text, request_id):
    """A payload without what differs from process to process."""
    text = text.replace(request_id, "ID")
    text = re.sub(r"log_stream_name=[^,]*", "log_stream_name=STREAM", text)
    # The runtimes have different depths themselves.
    text = re.sub(r"repeated \d+ more times", "repeated N more times", text)
    return re.sub(r"Official\d*|Ours\d*", "F", text)


def outcome(client, function, event):
    answer = client.invoke(FunctionName=function, Payload=json.dumps(event))
    request_id = answer["ResponseMetadata"]["RequestId"]
    return answer.get("FunctionError"), plain(answer["Payload"].read().decode("utf-8", "backslashreplace"), request_id)


def log_lines(client, function):
    """What a function has logged, without Lambda's own lines and without times."""
    answer = client.invoke(FunctionName=function, Payload="{}", LogType="Tail")
    text = base64.b64decode(answer.get("LogResult", "")).decode()
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", "TIME", text)
    lines = plain(text, answer["ResponseMetadata"]["RequestId"]).splitlines()
    return [line for line in lines if not re.match("(INIT_START|START|END|REPORT) ", line)]


def beside_the_official_client(client, report):
    for number, (handler, events) in enumerate(SAME):
        for event in events:
            ours, official = (outcome(client, f"{name}{number}", event) for name in ("Ours", "Official"))
            report.check(f"as awslambdaric: {handler} {str(event)[:60]}", ours, official)
    for kind in ("Text", "JSON"):
        ours, official = (log_lines(client, name + kind) for name in ("Ours", "Official"))
        report.check(f"as awslambdaric: log lines, {kind}", ours, official)
        report.check(f"there are log lines, {kind}", len(ours) >= 5, True)
    context = {"client": {"app_title": "t", "other": 1}, "custom": {"a": "\u00fc"}, "w3c": {"traceparent": "x", "y": 1}}
    encoded = base64.b64encode(json.dumps(context).encode()).decode()
    found = []
    for name in ("Ours0", "Official0"):
        answer = client.invoke(FunctionName=name, ClientContext=encoded)
        found.append(plain(answer["Payload"].read().decode(), answer["ResponseMetadata"]["RequestId"]))
    report.check("as awslambdaric: client context", found[0], found[1])
    report.check("the client context has arrived", json.loads(found[0])["client"][1], {"a": "\u00fc"})


def refusal(call):
    try:
        call()
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


def invocations(host, client, report):
    path = os.path.join(host.folder.name, "effect")

    def effect(text, **parameters):
        return client.invoke(
            FunctionName="Effect", Payload=json.dumps({"path": path, "text": text}), **parameters)

    answer = effect("one")
    report.check("RequestResponse", (answer["StatusCode"], json.load(answer["Payload"])), (200, "one"))
    report.check("the version that ran", answer["ExecutedVersion"], "$LATEST")
    report.check("no error", "FunctionError" in answer, False)
    for name in ("Effect:$LATEST", "123456789012:function:Effect", "arn:aws:lambda:us-east-1:123456789012:function:Effect",
                 "arn:aws:lambda:us-east-1:123456789012:function:Effect:live"):
        answer = client.invoke(FunctionName=name, Payload=json.dumps({"path": path, "text": name}))
        report.check(f"by {name}", json.load(answer["Payload"]), name)
    answer = effect("qualified", Qualifier="live")
    report.check("with a qualifier", json.load(answer["Payload"]), "qualified")
    answer = effect("dry", InvocationType="DryRun")
    report.check("DryRun", (answer["StatusCode"], open(path).read()), (204, "qualified"))
    answer = effect("later", InvocationType="Event")
    report.check("Event", (answer["StatusCode"], answer["Payload"].read()), (202, b""))
    for _ in range(500):
        if open(path).read() == "later":
            break
        time.sleep(0.02)
    report.check("Event has run", open(path).read(), "later")
    answer = effect("logged", LogType="Tail")
    tail = base64.b64decode(answer.get("LogResult", "")).decode()
    report.check("LogType Tail", "the effect is logged" in tail and "REPORT RequestId: " in tail, True)
    answer = client.invoke(FunctionName="Effect", Payload="{}")
    payload = json.load(answer["Payload"])
    report.check("an error of the function", (answer["StatusCode"], answer["FunctionError"], payload["errorType"]),
                 (200, "Unhandled", "KeyError"))

    report.check("a function that is not there", refusal(lambda: client.invoke(FunctionName="Nope")),
                 ("ResourceNotFoundException", 404))
    report.check("a payload that is no JSON", refusal(lambda: client.invoke(FunctionName="Effect", Payload="{")),
                 ("InvalidRequestContentException", 400))
    report.check("a payload that is too large",
                 refusal(lambda: client.invoke(FunctionName="Effect", Payload=json.dumps("x" * 6291556))),
                 ("RequestTooLargeException", 413))
    report.check("an asynchronous payload that is too large",
                 refusal(lambda: client.invoke(
                     FunctionName="Effect", InvocationType="Event", Payload=json.dumps("x" * 1048576))),
                 ("RequestTooLargeException", 413))


def streams(client, report):
    def stream(function, event):
        answer = client.invoke_with_response_stream(FunctionName=function, Payload=json.dumps(event))
        events = list(answer["EventStream"])
        chunks = b"".join(event["PayloadChunk"]["Payload"] for event in events if "PayloadChunk" in event)
        return chunks, events[-1].get("InvokeComplete")

    report.check("a stream", stream("Stream", {}), (b"one two", {}))
    chunks, complete = stream("Stream", {"fail": True})
    report.check("an error in a stream", (chunks, complete.get("ErrorCode")), (b"one ", "RangeError"))
    report.check("what is in its details", json.loads(complete["ErrorDetails"])["errorMessage"], "midway")
    report.check("a stream of a function that does not stream", stream("Ours1", "[1, 2]"), (b"[1, 2]", {}))
    answer = client.invoke(FunctionName="Stream", Payload="{}")
    report.check("a streaming function without a stream", answer["Payload"].read(), b"one two")


def command_line(host, report):
    path = os.path.join(host.folder.name, "answer")

    def aws(*arguments):
        result = subprocess.run(
            [sys.executable, "-m", "awscli", "lambda", "invoke", "--endpoint-url", host.url, "--region", "us-east-1",
             *arguments, path],
            capture_output=True, text=True,
            env={**os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_PAGER": ""})
        return json.loads(result.stdout) if result.returncode == 0 else result.stderr

    said = aws("--function-name", "Ours1", "--payload", '"1 + 1"')
    report.check("aws lambda invoke", (said, open(path).read()), ({"StatusCode": 200, "ExecutedVersion": "$LATEST"}, "2"))
    said = aws("--function-name", "Ours1", "--payload", '"1 / 0"', "--log-type", "Tail", "--qualifier", "$LATEST")
    report.check("aws: an error", (said["FunctionError"], json.load(open(path))["errorType"]),
                 ("Unhandled", "ZeroDivisionError"))
    log = base64.b64decode(said.get("LogResult", "")).decode()
    report.check("aws: its log", "[ERROR] ZeroDivisionError: division by zero" in log, True)
    said = aws("--function-name", "Ours1", "--payload", "{}", "--invocation-type", "DryRun")
    report.check("aws: DryRun", said["StatusCode"], 204)
    said = aws("--function-name", "Nope")
    report.check("aws: a function that is not there", "(ResourceNotFoundException)" in said, True)


def main():
    program = os.path.join(os.path.dirname(sys.argv[1]), "samovar-host")
    # AWS's client tells the runtime from this variable, and how it writes JSON from that.
    official = f'#!/bin/sh\nAWS_EXECUTION_ENV=AWS_Lambda_{RUNTIME} exec {sys.executable} -m awslambdaric "$_HANDLER"\n'
    files = {
        "code/app.py": (APP, 0o644),
        "code/lib/deep.py": ("def handler(event, context): return __name__", 0o644),
        "code/missing.py": ("import not_there", 0o644),
        "code/failing.py": ("def fail():\n    return {}['absent']\n\nfail()", 0o644),
        "code/syntax.py": ("value = 1\nvalue = = 2", 0o644),
        "code/bootstrap": (official, 0o755),
        "stream/app.mjs": (STREAM, 0o644),
    }
    common = {"code": "code", "timeoutSeconds": 30}
    functions = {
        "Effect": {"runtime": RUNTIME, "handler": "app.effect", **common},
        "Stream": {"runtime": "nodejs20.x", "handler": "app.handler", **common, "code": "stream"},
    }
    for number, (handler, _) in enumerate(SAME):
        functions[f"Ours{number}"] = {"runtime": RUNTIME, "handler": handler, **common}
        functions[f"Official{number}"] = {"runtime": "provided.al2023", "handler": handler, **common}
    for kind, environment in [("Text", {}), ("JSON", {"AWS_LAMBDA_LOG_FORMAT": "JSON"})]:
        function = {"handler": "app.logs", "environment": environment, **common}
        functions["Ours" + kind] = {"runtime": RUNTIME, **function}
        functions["Official" + kind] = {"runtime": "provided.al2023", **function}
    report = Report()
    with Host(program, functions, files) as host:
        client = client_of(host)
        beside_the_official_client(client, report)
        invocations(host, client, report)
        streams(client, report)
        command_line(host, report)
    report.finish()


if __name__ == "__main__":
    main()
