#!/usr/bin/env python3
"""JWT authorizers against tokens of two independent libraries, PyJWT and jwcrypto, and an issuer of our own.

usage: Acceptance/jwt.py PROXY
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time

# This program has the name of a library that it needs.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
import jwt as pyjwt  # noqa: E402
from cryptography.hazmat.primitives import serialization  # noqa: E402
from jwcrypto import jwk, jws  # noqa: E402

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from gateway import Gateway, JSONHandler, Report, serve  # noqa: E402


class Issuer:
    """An OpenID provider on loopback that counts how often it is asked for its keys."""

    def __init__(self):
        self.keys = []
        self.asked = 0
        self.is_down = False
        issuer = self

        class Handler(JSONHandler):
            def do_GET(self):
                if self.path == "/.well-known/openid-configuration":
                    answer = {"issuer": issuer.name, "jwks_uri": issuer.name + "/keys"}
                elif self.path == "/keys":
                    issuer.asked += 1
                    answer = {"keys": [json.loads(key.export_public()) for key in issuer.keys]}
                else:
                    answer = None
                if issuer.is_down or answer is None:
                    self.send_error(503 if issuer.is_down else 404)
                    return
                self.answer(answer)

        self.name = f"http://127.0.0.1:{serve(Handler).server_address[1]}"


def make_key(name, **more):
    return jwk.JWK.generate(kty="RSA", size=2048, kid=name, use="sig", **more)


def by_pyjwt(key, claims, algorithm="RS256", **header):
    private = serialization.load_pem_private_key(key.export_to_pem(private_key=True, password=None), None)
    return pyjwt.encode(claims, private, algorithm=algorithm, headers={"kid": key.key_id, **header})


def by_jwcrypto(key, claims, algorithm="RS256", **header):
    token = jws.JWS(json.dumps(claims).encode())
    token.allowed_algs = [algorithm]
    token.add_signature(key, None, json.dumps({"alg": algorithm, "kid": key.key_id, **header}))
    return token.serialize(compact=True)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def by_hand(header, claims, sign):
    signed = encode(json.dumps(header).encode()) + "." + encode(json.dumps(claims).encode())
    return signed + "." + encode(sign(signed.encode()))


def send(gateway, path, token=None):
    fields = {} if token is None else {"Authorization": "Bearer " + token}
    status, fields, content = gateway.send("GET", path, fields)
    return status, content.decode(), fields.get("WWW-Authenticate"), fields.get("Content-Type")


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    report = Report()
    issuer, strange = Issuer(), Issuer()
    first, second, other = make_key("first"), make_key("second"), make_key("first")
    issuer.keys, strange.keys = [first], [other]
    now = int(time.time())

    def claims(**changes):
        values = {"iss": issuer.name, "aud": "app", "sub": "me", "iat": now - 5, "exp": now + 600, **changes}
        return {name: value for name, value in values.items() if value is not None}

    route = {"function": "F", "auth": "J"}
    manifest = {
        "manifest": 1,
        "functions": {"F": {}},
        "apis": {
            "A": {
                "kind": "http",
                "stage": "$default",
                "authorizers": {"J": {"kind": "jwt", "issuer": issuer.name, "audiences": ["app", "app2"]}},
                "routes": {"GET /a": route, "GET /scoped": {**route, "scopes": ["read", "write"]}},
            }
        },
    }
    settings = {"plugins": {"jwt": {"refreshSeconds": 1}}}
    with Gateway(sys.argv[1], manifest, settings=settings) as gateway:

        def case(name, token, status, words=None, path="/a"):
            got = send(gateway, path, token)
            report.check(name, (got[0], words is None or words in (got[2] or "")), (status, True))
            if status in (401, 403):
                message = {401: "Unauthorized", 403: "Forbidden"}[status]
                report.check(f"{name}: the body", got[1], json.dumps({"message": message}, separators=(",", ":")))
                report.check(f"{name}: no content type", got[3], None)

        for library in (by_pyjwt, by_jwcrypto):
            tag = library.__name__.removeprefix("by_")
            case(f"{tag}: good", library(first, claims()), 200)
            case(f"{tag}: RS384", library(first, claims(), "RS384"), 200)
            case(f"{tag}: RS512", library(first, claims(), "RS512"), 200)
            case(f"{tag}: PS256", library(first, claims(), "PS256"), 401, "signing method is invalid")
            case(f"{tag}: one audience of several", library(first, claims(aud=["x", "app2"])), 200)
            case(f"{tag}: client_id in place of aud", library(first, claims(aud=None, client_id="app")), 200)
            case(f"{tag}: aud before client_id", library(first, claims(aud="x", client_id="app")), 401, "valid audience")
            case(f"{tag}: no audience", library(first, claims(aud=None)), 401, "valid audience")
            case(f"{tag}: expired", library(first, claims(exp=now - 1)), 401, "has expired")
            case(f"{tag}: without expiry", library(first, claims(exp=None)), 401, "has expired")
            case(f"{tag}: not yet valid", library(first, claims(nbf=now + 60)), 401, "not valid yet")
            case(f"{tag}: issued in the future", library(first, claims(iat=now + 60)), 401, "before it was issued")
            case(f"{tag}: wrong issuer", library(first, claims(iss=strange.name)), 401, "valid issuer")
            case(f"{tag}: issuer with a slash", library(first, claims(iss=issuer.name + "/")), 401, "valid issuer")
            case(f"{tag}: another's key of the same kid", library(other, claims()), 401, "signature is invalid")
            good = library(first, claims(scope="email write"))
            case(f"{tag}: a scope of the route", good, 200, path="/scoped")
            case(f"{tag}: scp as a list", library(first, claims(scp=["read"])), 200, path="/scoped")
            poor = library(first, claims(scope="email"))
            case(f"{tag}: no scope of the route", poor, 403, 'scope="read write" error="insufficient_scope"', "/scoped")
            header, payload, signature = library(first, claims()).split(".")
            case(f"{tag}: other claims", f"{header}.{encode(json.dumps(claims(sub='root')).encode())}.{signature}", 401)
            case(f"{tag}: no signature", f"{header}.{payload}.", 401)
            swapped = "A" if signature[10] != "A" else "B"
            case(f"{tag}: a changed signature", f"{header}.{payload}.{signature[:10]}{swapped}{signature[11:]}", 401)

        none = by_hand({"alg": "none", "kid": "first"}, claims(), lambda _: b"")
        case("alg none", none, 401, "signing method is invalid")
        public = first.export_to_pem()
        for secret, name in ((public, "PEM"), (first.export_public().encode(), "JWK")):
            forged = by_hand(
                {"alg": "HS256", "kid": "first"},
                claims(),
                lambda signed, secret=secret: hmac.new(secret, signed, hashlib.sha256).digest(),
            )
            case(f"HS256 with the public key as secret, {name}", forged, 401, "signing method is invalid")
        embedded = by_jwcrypto(other, claims(), jwk=json.loads(other.export_public()))
        case("a key in the token's own header", embedded, 401, "signature is invalid")
        linked = by_jwcrypto(other, claims(), jku=strange.name + "/keys")
        case("an address of keys in the token's own header", linked, 401, "signature is invalid")
        report.check("nobody asks a stranger for keys", strange.asked, 0)
        case("no kid", by_hand({"alg": "RS256"}, claims(), lambda _: b"x"), 401, "kid not found")
        case("nonsense", "x.y.z", 401, "unable to decode")
        got = send(gateway, "/a")
        report.check("no token", (got[0], got[2]), (401, "Bearer"))

        # Rotation: the new key is fetched because a token names it, and not by every such token.
        time.sleep(1.1)
        asked = issuer.asked
        issuer.keys = [first, second]
        case("a new key", by_pyjwt(second, claims()), 200)
        case("the old key beside it", by_pyjwt(first, claims(sub="again")), 200)
        report.check("one more fetch", issuer.asked, asked + 1)
        asked = issuer.asked
        for number in range(50):
            send(gateway, "/a", by_hand({"alg": "RS256", "kid": f"k{number}"}, claims(), lambda _: b"x"))
        report.check("50 unknown kids cause at most a fetch a second", issuer.asked - asked <= 3, True)
        issuer.is_down = True
        time.sleep(1.1)
        case("the issuer is down: known keys serve on", by_pyjwt(second, claims(sub="later")), 200)
        case("the issuer is down: unknown kids are refused", by_pyjwt(make_key("third"), claims()), 401)

        brief = by_pyjwt(first, claims(exp=int(time.time()) + 2))
        case("a token that has been used", brief, 200)
        time.sleep(2.2)
        case("the same token after its time", brief, 401, "has expired")

        send(gateway, "/scoped", good)
        authorizer = gateway.upstream.events[-1]["requestContext"]["authorizer"]["jwt"]
        report.check("the event's scopes", authorizer["scopes"], ["write"])
        report.check("the event's claims are strings", {type(value) for value in authorizer["claims"].values()}, {str})
    report.finish()


if __name__ == "__main__":
    main()
