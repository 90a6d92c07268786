#!/usr/bin/env python3
"""Signed requests against botocore, and against curl where it can sign: what they sign is taken, and nothing else.

usage: Acceptance/sigv4.py PROXY
"""

import datetime
import os
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from gateway import Gateway, Report  # noqa: E402

USER = "arn:aws:iam::123456789012:user/alice"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "FwoGZXIvYXdzEXAMPLE//token+with/characters=="
ALICE = Credentials("AKALICE", SECRET)
SESSION = Credentials("ASSESSION", "another+secret/of=a.session", TOKEN)
READER = Credentials("AKREADER", "third")
KEYS = {
    "AKALICE": {"secretKey": SECRET, "arn": USER},
    "ASSESSION": {
        "secretKey": "another+secret/of=a.session",
        "sessionToken": TOKEN,
        "arn": "arn:aws:sts::123456789012:assumed-role/Admin/me",
    },
    "AKREADER": {
        "secretKey": "third",
        "arn": "arn:aws:iam::123456789012:user/reader",
        "policies": [
            {
                "Version": "2012-10-17",
                "Statement": {
                    "Effect": "Allow",
                    "Action": "execute-api:Invoke",
                    "Resource": "arn:aws:execute-api:*:*:*/Prod/GET/*",
                },
            }
        ],
    },
}
ROUTES = ["ANY /", "ANY /{path+}"]


def manifest(kind):
    route = {"function": "F", "auth": "AWS_IAM"}
    return {
        "manifest": 1,
        "apis": {
            "Api": {
                "kind": kind,
                "stage": "Prod" if kind == "rest" else "$default",
                "authorizers": {"AWS_IAM": {"kind": "iam"}},
                "routes": {key: route for key in ROUTES},
            }
        },
        "functions": {"F": {}},
    }


def sign(gateway, method, path, headers=None, body=None, credentials=ALICE, in_url=False, service="execute-api",
         region="us-east-1", age=0, expires=60, parameters=None):
    """Method, target, headers and body of a request that botocore has signed."""
    request = AWSRequest(
        method=method,
        url=f"http://127.0.0.1:{gateway.port}{path}",
        headers=headers or {},
        data=body,
        params=parameters or {},
    )
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(seconds=age)
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
    if in_url:
        botocore.auth.SigV4QueryAuth(credentials, service, region, expires=expires).add_auth(request)
    else:
        botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    fields = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in prepared.headers.items()
        if name.lower() != "content-length"
    }
    return method, (parts.path or "/") + ("?" + parts.query if parts.query else ""), fields, body


def send(gateway, method, target, headers, body):
    status, fields, content = gateway.send(method, target, headers, body)
    return status, fields.get("x-amzn-ErrorType"), content.decode()


GOOD = [
    ("a plain GET", dict(method="GET", path="/pets")),
    ("the root", dict(method="GET", path="/")),
    ("a query out of order, with duplicates and empty values",
     dict(method="GET", path="/pets?b=2&a=3&a=1&empty=&flag&A=1&a-b=2")),
    ("a query with encoded characters", dict(method="GET", path="/pets?q=%2F%20%2B%26%3D&%C3%A9=%E2%98%95&t=~")),
    ("parameters that botocore encodes",
     dict(method="GET", path="/pets", parameters={"q": "a b+c&d=e/é", "Z": "1", "a": "*"})),
    ("a path with encoded characters", dict(method="GET", path="/a%20b/%C3%A9/x%2Fy/%7Eu/%25")),
    ("a path with punctuation", dict(method="GET", path="/a:b@c!$&'()*+,;=~._-")),
    ("repeated slashes and one behind", dict(method="GET", path="/a//b/")),
    ("a body",
     dict(method="POST", path="/pets", headers={"Content-Type": "application/json"}, body='{"name":"Jü"}'.encode())),
    ("a body of a megabyte", dict(method="PUT", path="/pets", body=b"x" * (1 << 20))),
    ("bytes that are no text", dict(method="PATCH", path="/pets", body=bytes(range(256)))),
    ("a body whose hash is in the fields",
     dict(method="POST", path="/pets", body=b"x",
          headers={"X-Amz-Content-SHA256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"})),
    ("a body that is not signed",
     dict(method="POST", path="/pets", body=b"x", headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})),
    ("fields with spaces and capitals",
     dict(method="GET", path="/pets", headers={"X-CuStOm": "a   b  c", "Accept": "*/*", "X-Amz-Meta": "1"})),
    ("DELETE", dict(method="DELETE", path="/pets/1")),
    ("HEAD", dict(method="HEAD", path="/pets")),
    ("a session", dict(method="GET", path="/pets?x=1", credentials=SESSION)),
    ("a signed URL", dict(method="GET", path="/pets?b=2&a=1", in_url=True)),
    ("a signed URL with encoded characters", dict(method="GET", path="/a%20b?q=%2F%20", in_url=True)),
    ("a signed URL of a session", dict(method="GET", path="/pets", in_url=True, credentials=SESSION)),
    ("a signed URL that is old but not over", dict(method="GET", path="/pets", in_url=True, age=1000, expires=2000)),
    ("a clock that is four minutes behind", dict(method="GET", path="/pets", age=240)),
    ("a clock that is four minutes ahead", dict(method="GET", path="/pets", age=-240)),
]

SIGNATURE = "InvalidSignatureException"
BAD = [
    ("another secret", dict(credentials=Credentials("AKALICE", "wrong")), SIGNATURE),
    ("a key that nobody has", dict(credentials=Credentials("AKNOBODY", SECRET)), "UnrecognizedClientException"),
    ("a session without its token", dict(credentials=Credentials("ASSESSION", SESSION.secret_key)),
     "UnrecognizedClientException"),
    ("a session with another token", dict(credentials=Credentials("ASSESSION", SESSION.secret_key, "x")),
     "UnrecognizedClientException"),
    ("a token for a key that has none", dict(credentials=Credentials("AKALICE", SECRET, "x")),
     "UnrecognizedClientException"),
    ("another region", dict(region="eu-west-1"), SIGNATURE),
    ("another service", dict(service="lambda"), SIGNATURE),
    ("six minutes ago", dict(age=360), SIGNATURE),
    ("in six minutes", dict(age=-360), SIGNATURE),
    ("a signed URL that is over", dict(in_url=True, age=61), SIGNATURE),
    ("a signed URL from the future", dict(in_url=True, age=-360), SIGNATURE),
]


def changes():
    """Requests that were changed after they had been signed."""
    def target(text):
        return lambda method, _, headers, body: (method, text, headers, body)

    def header(name, value):
        return lambda method, path, headers, body: (method, path, {**headers, name: value}, body)

    yield "another path", {}, target("/dogs?a=1")
    yield "another value in the query", {}, target("/pets?a=2")
    yield "one more parameter", {}, target("/pets?a=1&b=")
    yield "no query", {}, target("/pets")
    yield "another method", {}, lambda method, path, headers, body: ("DELETE", path, headers, body)
    yield "another host", {}, header("Host", "other.test")
    now = datetime.datetime.now(datetime.timezone.utc)
    yield "another date", {}, header("X-Amz-Date", now.strftime("%Y%m%dT%H%M") + f"{(now.second + 30) % 60:02}Z")
    yield "another value of a signed field", {"headers": {"X-Signed": "1"}}, header("X-Signed", "2")
    yield "a method that overrides", {}, header("X-HTTP-Method-Override", "DELETE")
    yield "a body where there was none", {}, lambda method, path, headers, body: (method, path, headers, b"x")
    yield "another body", {"method": "POST", "body": b"one"}, (
        lambda method, path, headers, body: (method, path, headers, b"two"))
    yield "a body that need not be signed", {"method": "POST", "body": b"one"}, header(
        "X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")
    yield "a longer life of a URL", {"in_url": True}, (
        lambda method, path, headers, body: (method, path.replace("Expires=60", "Expires=61"), headers, body))


def curl(gateway, report):
    """curl signs on its own (since 7.75)."""
    program = shutil.which("curl")
    if not program or "--aws-sigv4" not in subprocess.run(
            [program, "--help", "all"], capture_output=True, text=True).stdout:
        return
    for name, more in [("curl", ["/pets"]), # Before 8.3 it does not sort the parameters.
                       ("curl with a query", ["/pets?a=1&b=2"]),
                       ("curl with a body", ["/pets", "-d", "a=1"])]:
        for secret, status in [(SECRET, "200"), ("wrong", "403")]:
            result = subprocess.run(
                [program, "-s", "-o", os.devnull, "-w", "%{http_code}", "--aws-sigv4", "aws:amz:us-east-1:execute-api",
                 "-u", f"AKALICE:{secret}", f"http://127.0.0.1:{gateway.port}{more[0]}", *more[1:]],
                capture_output=True, text=True)
            report.check(f"{name}, {'its' if status == '200' else 'another'} secret", result.stdout, status)


def main():
    program = sys.argv[1]
    report = Report()
    for kind in ("rest", "http"):
        with Gateway(program, manifest(kind), settings={"plugins": {"iam": {"keys": KEYS}}}) as gateway:
            for name, case in GOOD:
                report.check(f"{kind}: {name}", send(gateway, *sign(gateway, **case))[0], 200)
            identity = gateway.upstream.events[-1]["requestContext"]
            arn = (identity["identity"]["userArn"] if kind == "rest" else identity["authorizer"]["iam"]["userArn"])
            report.check(f"{kind}: the function knows the caller", arn, USER)
            count = len(gateway.upstream.events)
            for name, case, error in BAD:
                status, kind_of_error, body = send(gateway, *sign(gateway, method="GET", path="/pets?a=1", **case))
                if kind == "rest":
                    report.check(f"{kind}: {name}", (status, kind_of_error), (403, error))
                else:
                    report.check(f"{kind}: {name}", (status, body), (403, '{"message":"Forbidden"}'))
            for name, case, change in changes():
                signed = sign(gateway, **{"method": "GET", "path": "/pets?a=1", **case})
                # An HTTP API does not heed the field, so that nothing is overridden.
                expected = 200 if kind == "http" and name == "a method that overrides" else 403
                count += expected == 200
                report.check(f"{kind}: {name}", send(gateway, *change(*signed))[0], expected)
            report.check(f"{kind}: the function has seen nothing of them", len(gateway.upstream.events), count)
            if kind == "rest":
                for method, status in [("GET", 200), ("POST", 403)]:
                    signed = sign(gateway, method, "/pets", credentials=READER)
                    report.check(f"{kind}: a caller who may GET sends {method}", send(gateway, *signed)[0], status)
            curl(gateway, report)
    report.finish()


if __name__ == "__main__":
    main()
