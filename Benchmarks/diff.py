#!/usr/bin/env python3
"""Measures what comparing two manifests costs samovar and git, in one run, and how the cost grows with the manifests."""

import argparse
import datetime
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MARKS = re.compile(r"(<!-- begin of the diff's run -->\n).*(<!-- end of the diff's run -->\n)", re.DOTALL)
SIZES = [10000, 40000]
CHANGED = 300
MOST_RATIO = 10
MOST_MEMORY = 256
MOST_GROWTH = 4.5


class BenchError(Exception):
    """What keeps the benchmark from being true, as a sentence for people."""


def manifest(count, route=lambda number, key, value: (key, value), name=lambda number: f"Function{number}"):
    """A manifest as samovar writes it, with three routes a function; `route` may change one, or leave it out."""
    routes, functions = {}, {}
    for number in range(count):
        function = number // 3
        method, path = (("GET", ""), ("POST", ""), ("GET", "/{id}"))[number % 3]
        auth = "Token" if number % 5 else "none"
        changed = route(number, f"{method} /things{function}{path}", {"function": name(function), "auth": auth})
        if changed:
            routes[changed[0]] = changed[1]
        functions[name(function)] = {
            "runtime": "python3.13",
            "handler": "app.handler",
            "code": f"functions/f{function}",
            "timeoutSeconds": 10,
            "environment": {"STAGE": "dev", "TABLE_NAME": f"things{function}"},
        }
    token = {"kind": "jwt", "identitySources": ["$request.header.Authorization"]}
    token |= {"issuer": "https://login.example.com", "audiences": ["web"]}
    routes = dict(sorted(routes.items(), key=lambda item: item[0].split(" ")[::-1]))
    api = {"kind": "http", "stage": "dev", "authorizers": {"Token": token}, "routes": routes}
    value = {"manifest": 1, "apis": {"Api": api}, "functions": dict(sorted(functions.items()))}
    return json.dumps(value, indent=2) + "\n"


def some(size):
    """Leaves some routes out, opens some, gives some another path."""
    every = size // CHANGED

    def route(number, key, value):
        if number % every:
            return key, value
        match number // every % 3:
            case 0: return None
            case 1: return key, value | {"auth": "none" if value["auth"] == "Token" else "Token"}
        return key + "/more", value

    return manifest(size, route)


def every(size):
    """Changes the authorizer of each route."""
    return manifest(size, lambda _, key, value: (key, value | {"auth": "none" if value["auth"] == "Token" else "Token"}))


def renamed(size):
    """Gives each route another path, and each function another name."""
    return manifest(size, lambda _, key, value: (key.replace("/things", "/goods"), value), lambda number: f"New{number}")


def captured(size):
    """Lays a route across each of the others."""
    return manifest(size, lambda _, key, value: (re.sub(r"/things(\d+)", r"/{any}/of\1", key), value))


CASES = [
    (f"{CHANGED} routes changed", some), ("all routes changed", every),
    ("all routes and functions renamed", renamed), ("all routes across the others", captured),
]


def measure(command, folder, statuses):
    """Runs a program; returns wall time and CPU time in seconds, the peak resident set in MiB and what it printed."""
    output = folder / "output"
    start = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(command, cwd=folder, stdout=file, stderr=subprocess.PIPE, text=True)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in statuses:
        raise BenchError(f"{' '.join(map(str, command))} failed: {error.strip()[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.read_text()


def measured(command, folder, rounds, statuses=(0,)):
    """The medians of wall time and CPU time, the largest resident set, and the last line."""
    walls, cpus, memories, texts = zip(*(measure(command, folder, statuses) for _ in range(rounds)))
    return statistics.median(walls), statistics.median(cpus), max(memories), texts[0].rstrip().split("\n")[-1]


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms"


def run(options, folder):
    """All measurements; returns what to print and whether every bar is met."""
    samovar = str(options.samovar)
    git = ["git", "--no-pager", "diff", "--no-index", "old.json", "new.json"]
    start = measured([samovar, "--version"], folder, options.rounds)[1]
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    lines = [
        f"- {datetime.date.today()}, {os.cpu_count()} cores of {model}; load average {os.getloadavg()[0]:.1f}",
        f"- medians of {options.rounds} runs; `samovar --version` takes {milliseconds(start)} of CPU time",
        "",
        "| | routes | samovar, wall | CPU | peak RSS | git, wall | CPU | ratio of CPU |",
        "| --- | -----: | ------------: | --: | -------: | --------: | --: | -----------: |",
    ]
    growth, met = [], True
    for name, change in CASES:
        times = []
        for size in SIZES:
            (folder / "old.json").write_text(manifest(size))
            (folder / "new.json").write_text(change(size))
            wall, cpu, memory, last = measured([samovar, "diff", "old.json", "new.json"], folder, options.rounds)
            if "no changes" in last:
                raise BenchError(f"samovar found no changes in '{name}'")
            peer = measured(git, folder, options.rounds, statuses=(1,))
            ratio = cpu / peer[1]
            times.append(cpu - start)
            bars = ""
            if size == SIZES[0]:
                fits, fast = memory <= MOST_MEMORY, ratio <= MOST_RATIO or change is not some
                met = met and fits and fast
                bars = "" if fits and fast else " MISSED"
            lines.append(
                f"| {name} | {size} | {milliseconds(wall)} | {milliseconds(cpu)} | {memory:.0f} MiB "
                f"| {milliseconds(peer[0])} | {milliseconds(peer[1])} | {ratio:.1f}{bars} |"
            )
        factor = times[1] / max(times[0], 1e-4)
        met = met and factor <= MOST_GROWTH
        growth.append(f"{factor:.2f} ({name}{'' if factor <= MOST_GROWTH else ': MISSED'})")
    lines += [
        "",
        f"Bars: {SIZES[0]} routes of which {CHANGED} changed take at most {MOST_RATIO} times the CPU time of git, and no",
        f"pair of that size more than {MOST_MEMORY} MiB; four times the routes take at most {MOST_GROWTH} times the CPU",
        f"time, that of `samovar --version` taken away: {', '.join(growth)}. {'All are met.' if met else 'MISSED.'}",
    ]
    return "\n".join(lines) + "\n", met


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samovar", type=pathlib.Path, default=HERE.parent / ".build" / "release" / "samovar")
    parser.add_argument("--rounds", type=int, default=7)
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
