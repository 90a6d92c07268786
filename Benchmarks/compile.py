#!/usr/bin/env python3
"""Measures what compiling a template costs samovar and SAM CLI, in one run, and how the cost grows with the template."""

import argparse
import datetime
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
MARKS = re.compile(r"(<!-- begin of the compiler's run -->\n).*(<!-- end of the compiler's run -->\n)", re.DOTALL)
SIZES = [100, 300, 1000, 3000, 10000]
COMPARED = 3000
LEAST_RATIO = 100
MOST_MEMORY = 128
MOST_GROWTH = 1.15

# What `sam local start-api` does with a template before it serves: nested stacks, functions, routes.
SAM_START = """
import logging, os, sys
logging.disable(logging.CRITICAL)
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
"""
SAM_READ = SAM_START + """
stacks, _ = SamLocalStackProvider.get_stacks(sys.argv[1])
functions = list(SamFunctionProvider(stacks).get_all())
routes = ApiProvider(stacks).api.routes
assert len(routes) == int(sys.argv[2]), f"{len(routes)} routes"
assert len(functions) == int(sys.argv[3]), f"{len(functions)} functions"
"""


class BenchError(Exception):
    """What keeps the benchmark from being true, as a sentence for people."""


def template(routes):
    """A template as people write it, with three routes a function; and how many functions it has."""
    functions = -(-routes // 3)
    lines = ["""\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31

Globals:
  Function:
    Runtime: python3.13
    Timeout: 10
    Environment:
      Variables:
        STAGE: !Ref Stage

Parameters:
  Stage:
    Type: String
    Default: dev

Conditions:
  IsDev: !Equals [!Ref Stage, dev]

Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: !Ref Stage
      Auth:
        DefaultAuthorizer: Token
        Authorizers:
          Token:
            IdentitySource: $request.header.Authorization
            JwtConfiguration:
              issuer: https://login.example.com
              audience: [web]
"""]
    count = 0
    for number in range(functions):
        lines.append(f"""
  Function{number}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f{number}/
      Handler: app.handler
      MemorySize: !If [IsDev, 256, 512]
      Events:
""")
        for method, path in (("get", ""), ("post", ""), ("get", "/{id}")):
            if count == routes:
                break
            lines.append(f"""\
        Event{count}:
          Type: HttpApi
          Properties:
            ApiId: !Ref Api
            Method: {method}
            Path: /things{number}{path}
""")
            count += 1
    return "".join(lines), functions


def measure(command, folder, limit=60):
    """Runs a program to its end, or until the limit in seconds, which is then what it took at least.

    Returns wall time and CPU time in seconds and the peak resident set in MiB.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    timer = threading.Timer(limit, process.kill)
    timer.start()
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0 and wall < limit:
        raise BenchError(f"{command[0]} failed: {error.strip()[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measured(command, folder, rounds, limit=60):
    """The medians of wall time and CPU time, and the largest resident set, of some runs."""
    runs = []
    while len(runs) < rounds and not (runs and runs[-1][0] >= limit):
        runs.append(measure(command, folder, limit))
    walls, cpus, memories = zip(*runs)
    return statistics.median(walls), statistics.median(cpus), max(memories)


def exponent(points):
    """The slope of the line of least squares through points whose both coordinates are taken as logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points]
    middle_x = statistics.mean(x for x, _ in logs)
    middle_y = statistics.mean(y for _, y in logs)
    return sum((x - middle_x) * (y - middle_y) for x, y in logs) / sum((x - middle_x) ** 2 for x, _ in logs)


def sam_python(folder):
    """The Python of a virtual environment with SAM CLI, made where there is none."""
    python = folder / "bin" / "python"
    check = [str(python), "-c", "import samcli"]
    if not python.exists() or subprocess.run(check, capture_output=True).returncode != 0:
        print(f"bench: installing aws-sam-cli into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "aws-sam-cli"], check=True)
    version = [str(python), "-c", "import samcli; print(samcli.__version__)"]
    return str(python), subprocess.run(version, check=True, capture_output=True, text=True).stdout.strip()


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def run(options, folder):
    """All measurements; returns what to print and whether every bar is met."""
    samovar = str(options.samovar)
    start = measured([samovar, "--version"], folder, options.rounds)
    rows, growth = [], []
    for size in SIZES:
        text, functions = template(size)
        path = folder / f"template{size}.yaml"
        path.write_text(text)
        wall, cpu, memory = measured([samovar, "compile", "--output", "routes.json", str(path)], folder, options.rounds)
        written = (folder / "routes.json").read_text().count('"function": ')
        if written != size:
            raise BenchError(f"samovar wrote {written} of {size} routes")
        rows.append((size, functions, len(text), wall, cpu, memory))
        growth.append((size, max(cpu - start[1], 1e-4)))
    slope = exponent(growth)

    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    lines = [
        f"- {datetime.date.today()}, {os.cpu_count()} cores of {model}; load average {os.getloadavg()[0]:.1f}",
        f"- medians of {options.rounds} runs of samovar, of {options.sam_rounds} of SAM CLI",
        "",
        "| routes | functions | template | samovar, wall | CPU | peak RSS |",
        "| -----: | --------: | -------: | ------------: | --: | -------: |",
    ]
    for size, functions, length, wall, cpu, memory in rows:
        lines.append(
            f"| {size} | {functions} | {length / 1000:.0f} kB | {milliseconds(wall)} | {milliseconds(cpu)} "
            f"| {memory:.0f} MiB |"
        )
    met = slope <= MOST_GROWTH
    lines += [
        "",
        f"The CPU time, that of `samovar --version` taken away, grows with the power {slope:.2f} of the routes "
        f"(bar: at most {MOST_GROWTH}: {'met' if met else 'MISSED'}).",
    ]

    size, functions, _, wall, cpu, memory = next(row for row in rows if row[0] == COMPARED)
    fits = memory <= MOST_MEMORY
    lines += [f"{size} routes take {memory:.0f} MiB (bar: at most {MOST_MEMORY}: {'met' if fits else 'MISSED'})."]
    python, version = sam_python(options.venv)
    sam_start = measured([python, "-c", SAM_START], folder, options.sam_rounds)
    command = [python, "-c", SAM_READ, str(folder / f"template{size}.yaml"), str(size), str(functions)]
    sam = measured(command, folder, options.sam_rounds, options.sam_limit)
    least = "> " if sam[0] >= options.sam_limit else ""
    whole = sam[1] / cpu
    inner = (sam[1] - sam_start[1]) / max(cpu - start[1], 1e-4)
    fast = min(whole, inner) >= LEAST_RATIO
    lines += [
        "",
        f"| {size} routes, {functions} functions | wall | CPU | start alone, CPU | CPU without start | peak RSS |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        f"| samovar compile | {milliseconds(wall)} | {milliseconds(cpu)} | {milliseconds(start[1])} "
        f"| {milliseconds(cpu - start[1])} | {memory:.0f} MiB |",
        f"| SAM CLI {version}, reading | {least}{milliseconds(sam[0])} | {least}{milliseconds(sam[1])} "
        f"| {milliseconds(sam_start[1])} | {least}{milliseconds(sam[1] - sam_start[1])} | {least}{sam[2]:.0f} MiB |",
        f"| ratio | {least}{sam[0] / wall:.0f} | {least}{whole:.0f} | | {least}{inner:.0f} | {least}{sam[2] / memory:.1f} |",
        "",
        f"Bar: both ratios of CPU times at least {LEAST_RATIO}: {'met' if fast else 'MISSED'}.",
    ]
    return "\n".join(lines) + "\n", met and fits and fast


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samovar", type=pathlib.Path, default=HERE.parent / ".build" / "release" / "samovar")
    parser.add_argument(
        "--venv", type=pathlib.Path, default=HERE.parent / ".build" / "sam-cli", help="where SAM CLI is, or is installed"
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sam-rounds", type=int, default=3)
    parser.add_argument("--sam-limit", type=float, default=90, help="seconds after which SAM CLI is ended")
    parser.add_argument("--record", type=pathlib.Path, help="a file between whose marks the result is written")
    options = parser.parse_args()
    options.samovar = options.samovar.resolve()
    with tempfile.TemporaryDirectory(prefix="samovar-bench-") as name:
        try:
            text, met = run(options, pathlib.Path(name))
        except (BenchError, OSError, subprocess.CalledProcessError) as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    print(text, end="")
    if options.record:
        page = options.record.read_text()
        recorded, count = MARKS.subn(lambda marks: f"{marks[1]}\n{text}\n{marks[2]}", page)
        if count != 1:
            print(f"bench: {options.record} has no marks to write between", file=sys.stderr)
            return 1
        options.record.write_text(recorded)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
