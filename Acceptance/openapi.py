#!/usr/bin/env python3
"""What `samovar routes --format openapi` prints, held against the validator that others use, over every manifest and
template of the compiler's tests.

usage: Acceptance/openapi.py PROXY
"""

import glob
import json
import os
import subprocess
import sys

import openapi_spec_validator

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gateway import Report


def main():
    samovar = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "samovar")
    report = Report()
    operations = 0
    for path in sorted(glob.glob("Tests/*/Golden/**/*.json", recursive=True) + glob.glob("config/example/*.json")):
        with open(path) as file:
            try:
                manifest = json.load(file)
            except ValueError:
                continue
        if not isinstance(manifest, dict) or "manifest" not in manifest:
            continue
        for api in manifest["apis"]:
            printed = subprocess.run(
                [samovar, "routes", path, "--format", "openapi", "--api", api], capture_output=True, text=True
            )
            if "is no usable manifest" in printed.stderr:
                continue
            name = f"{path}: {api}"
            report.check(f"{name} is printed", printed.returncode, 0)
            document = json.loads(printed.stdout)
            faults = list(openapi_spec_validator.OpenAPIV31SpecValidator(document).iter_errors())
            report.check(f"{name} is valid", [str(fault) for fault in faults], [])
            operations += sum(len(set(item) - {"parameters", "servers"}) for item in document["paths"].values())
    report.check("there are operations", operations > 100, True)
    report.finish()


main()
