#!/usr/bin/env python3
"""Measures what samovar-host adds to an invocation, warm and cold, beside AWS's own runtime client for Python."""

import argparse
import ast
import contextlib
import datetime
import http.client
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv

import bench
from bench import BenchError, free_port, spread, table

HERE = pathlib.Path(__file__).resolve().parent
MARKS = re.compile(r"(<!-- begin of the host's run -->\n).*(<!-- end of the host's run -->\n)", re.DOTALL)
BOOTSTRAP = HERE.parent / "Sources" / "Host" / "Bootstraps" / "bootstrap.py"
# The bars: microseconds of the host's own CPU, and ratios of times.
MOST_CPU = 500
MOST_LATENCY = 1.0
MOST_COLD = 1.5
HANDLER = "def handler(event, context):\n    return None\n"


def invoke(connection, name):
    """Invokes a function and insists on the answer of a handler that does nothing."""
    connection.request("POST", f"/2015-03-31/functions/{name}/invocations", body=b"{}")
    response = connection.getresponse()
    body = response.read().decode(errors="replace")
    if (response.status, body) != (200, "null"):
        raise BenchError(f"'{name}' answered {response.status} {body!r}, not 200 'null'")


def official_client(folder):
    """The Python of a virtual environment that has awslambdaric, AWS's runtime client; it is made where it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        print("bench: installing awslambdaric", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "awslambdaric"], check=True)
    return python


def runtime():
    return f"python3.{sys.version_info.minor}"


def write_code(folder, files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def start_host(run, name, functions):
    """Starts samovar-host as it is by default, its log in a file, with functions whose code is in the run's folder."""
    folder, port = run.make_folder(name), free_port()
    for function, files in functions.items():
        write_code(folder / function, files)
    known = {function: {"runtime": "provided.al2023" if "bootstrap" in files else runtime(), "handler": "app.handler",
                        "code": function, "timeoutSeconds": 30} for function, files in functions.items()}
    (folder / "routes.json").write_text(json.dumps({"manifest": 1, "apis": {}, "functions": known}))
    command = [run.options.host, "routes.json", "--listen", f"127.0.0.1:{port}"]
    return run.start(name, command, folder, port)


def own_cpu_seconds(pid):
    """The time of the host alone, without that of the functions: fields 14 and 15 of the file, in ticks (proc(5))."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / bench.TICKS


class Load:
    """A function behind a host, invoked by wrk over one connection, directly and through the proxy."""

    def __init__(self, run, name, host, function):
        self.run, self.name, self.host = run, name, host
        self.path = f"/2015-03-31/functions/{function}/invocations"
        api = bench.make_api("http", "$default", "POST /hello/{id}")
        api["routes"]["POST /hello/{id}"]["function"] = function
        folder, port = run.make_folder(f"proxy {name}"), free_port()
        (folder / "routes.json").write_text(json.dumps({"manifest": 1, "apis": {"A": api}, "functions": {function: {}}}))
        (folder / "proxy.json").write_text(json.dumps({
            "admin": None, "eventLoops": 1, "plugins": {"accessLog": {"destination": "off"}},
            "defaultEndpoint": {"url": f"http://127.0.0.1:{host.port}"}}))
        self.proxy = run.start(f"proxy {name}", [
            run.options.proxy, "routes.json", "--config", "proxy.json", "--listen", f"127.0.0.1:{port}"], folder, port)
        self.cpu, self.direct, self.whole = [], [], []

    def measure(self, seconds):
        before = own_cpu_seconds(self.host.pid)
        counts = self.load(self.host.port, self.path, seconds)
        self.cpu.append((own_cpu_seconds(self.host.pid) - before) * 1e6 / counts["requests"])
        self.direct.append(counts["p50"] / 1000)
        self.whole.append(self.load(self.proxy.port, bench.PATH, seconds)["p50"] / 1000)

    def load(self, port, path, seconds):
        client = subprocess.run(
            ["wrk", "-t1", "-c1", f"-d{seconds}s", "-s", HERE / "report.lua", f"http://127.0.0.1:{port}{path}"],
            env={**os.environ, "BENCH_BODY": "{}"}, capture_output=True, text=True, start_new_session=True)
        report = re.search(r"^report (.*)$", client.stdout, re.MULTILINE)
        counts = json.loads(report[1]) if report else {}
        if client.returncode != 0 or counts.get("errors", 1) or not counts["requests"]:
            raise BenchError(f"{self.name} failed: {client.stdout.strip()}{self.host.last_words()}")
        return counts


def measure_warm(run):
    """Ours and the official client, in rounds that take turns."""
    python = official_client(run.options.venv)
    start = f'#!/bin/sh\nexec "{python}" -m awslambdaric "$_HANDLER"\n'
    loads = []
    for name, files in (("samovar's client", {"app.py": HANDLER}),
                        ("awslambdaric", {"app.py": HANDLER, "bootstrap": start})):
        host = start_host(run, f"host {name}", {"f": files})
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)) as connection:
            invoke(connection, "f")
        loads.append(Load(run, name, host, "f"))
    for load in loads:
        load.measure(1)
        load.cpu, load.direct, load.whole = [], [], []
    for number in range(run.options.rounds):
        print(f"bench: warm, round {number + 1} of {run.options.rounds}", file=sys.stderr, flush=True)
        for load in loads[number % 2:] + loads[:number % 2]:
            load.measure(run.options.seconds)
    return loads


def imports_of(path):
    """The modules that a program imports at its top, as one statement."""
    names = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module)
    return f"import {', '.join(names)}"


def measure_cold(run):
    """First invocations of functions that do nothing, each between two starts of Python with the same imports."""
    count = run.options.starts
    host = start_host(run, "host cold", {f"f{number}": {"app.py": HANDLER} for number in range(count + 1)})
    baseline = [sys.executable, "-B", "-c", imports_of(BOOTSTRAP)]
    cold, plain = [], []

    def first(name):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)) as connection:
            connection.connect()
            start = time.perf_counter()
            invoke(connection, name)
            return (time.perf_counter() - start) * 1000

    def start_of_python():
        start = time.perf_counter()
        subprocess.run(baseline, check=True, stdin=subprocess.DEVNULL)
        return (time.perf_counter() - start) * 1000

    # The search for the interpreter happens once a host; the files are in the page cache after it.
    first(f"f{count}")
    start_of_python()
    print(f"bench: cold, {count} starts", file=sys.stderr, flush=True)
    for number in range(count):
        plain.append(start_of_python())
        cold.append(first(f"f{number}"))
    return cold, plain


def judged(value, most, what):
    return f"{what}: {'met' if value <= most else 'MISSED'}"


def report(run, loads, cold, plain):
    """The text of the run, and whether every bar is met."""
    ours, theirs = loads
    cpu = statistics.median(ours.cpu)
    latency = statistics.median(mine / other for mine, other in zip(ours.whole, theirs.whole))
    start = statistics.median(mine / other for mine, other in zip(cold, plain))
    rows = [[load.name, spread(load.cpu, 0), spread(load.direct, 3), spread(load.whole, 3)] for load in loads]
    lines = [
        f"- {datetime.date.today()}, {len(run.cores)} cores; {run.options.rounds} rounds of {run.options.seconds} s over "
        f"one connection, {len(cold)} cold starts; load average {os.getloadavg()[0]:.1f}",
        "",
        table(["runtime client, Python that does nothing", "host CPU µs an invocation", "host p50 ms", "proxy and host p50 ms"],
              rows),
        "",
        f"- {judged(cpu, MOST_CPU, f'host CPU a warm invocation: {cpu:.0f} µs (bar: {MOST_CPU})')}",
        "- " + judged(latency, MOST_LATENCY, "p50 through proxy and host, ours over awslambdaric's: "
                      f"{latency:.2f} (bar: {MOST_LATENCY})"),
        "- " + judged(start, MOST_COLD, f"cold start: {spread(cold, 1)} ms, Python with the same imports "
                      f"{spread(plain, 1)} ms; ratio {start:.2f} (bar: {MOST_COLD})"),
    ]
    return "\n".join(lines), cpu <= MOST_CPU and latency <= MOST_LATENCY and start <= MOST_COLD


def read_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proxy", type=pathlib.Path, default=bench.BUILD / "samovar-proxy")
    parser.add_argument("--host", type=pathlib.Path, default=bench.BUILD / "samovar-host")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=40, help="how many cold starts")
    parser.add_argument("--venv", type=pathlib.Path, default=HERE.parent / ".build" / "awslambdaric",
                        help="where awslambdaric is, or is installed")
    parser.add_argument("--record", type=pathlib.Path, metavar="FILE", help="write the run into this document too")
    options = parser.parse_args()
    options.proxy, options.host = options.proxy.absolute(), options.host.absolute()
    options.venv = options.venv.absolute()
    return options


def main():
    options = read_options()
    for program in (options.proxy, options.host):
        if not program.exists():
            raise BenchError(f"there is no '{program}'; 'make build' builds it")
    if options.record and not MARKS.search(options.record.read_text()):
        raise BenchError(f"'{options.record}' has no marks for a run; it needs what matches {MARKS.pattern!r}")
    with tempfile.TemporaryDirectory(prefix="samovar-bench-") as folder, contextlib.ExitStack() as programs:
        os.chmod(folder, 0o755)
        run = bench.Bench(options, pathlib.Path(folder), programs)
        try:
            text, is_good = report(run, measure_warm(run), *measure_cold(run))
        finally:
            # While the programs are being ended, a second Ctrl-C must not leave some of them behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    print(text)
    if options.record:
        document = options.record.read_text()
        options.record.write_text(MARKS.sub(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", document))
    return 0 if is_good else 1


if __name__ == "__main__":
    bench.run(main)
