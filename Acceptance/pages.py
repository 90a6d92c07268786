#!/usr/bin/env python3
"""Pages of routes and changes in headless Chromium: nothing is complained of, no request leaves them, all routes are
there, and filter, keys, themes and paper work; with ten thousand routes too.

usage: Acceptance/pages.py PROXY [FOLDER]     pictures go to FOLDER, .build/pages by default
"""

import json
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser
from gateway import Report

HOSTILE = "<img/src=x/onerror=alert(1)>\"'&amp;{{main}}"
JWT = {"kind": "jwt", "issuer": "https://issuer.example.com/", "audiences": ["ratings"]}


def route(function, auth="none", **more):
    return {"function": function, "auth": auth, **more}


def manifests():
    """A manifest and its successor, in which something of each kind has changed."""
    functions = ["Ratings", "History", "Health", "Admin", "Reports", HOSTILE]
    old = {
        "manifest": 1,
        "apis": {
            "RatingsApi": {
                "kind": "http",
                "stage": "$default",
                "authorizers": {"Login": JWT},
                "routes": {
                    "GET /ratings": route("Ratings"),
                    "POST /ratings": route("Ratings", "Login"),
                    "GET /ratings/{id}": route("Ratings", "Login", scopes=["ratings:read"]),
                    "DELETE /ratings/{id}": route("Ratings", "Login"),
                    "GET /ratings/{id}/history": route("History", "Login"),
                    "GET /health": route("Health"),
                    "GET /admin/users": route("Admin", "Login"),
                    "PUT /admin/users/{name}": route("Admin", "Login"),
                    "GET /admin/reports/daily": route("Reports", "Login"),
                    f"POST /hostile/{HOSTILE.replace('/', '%2F').replace('{', '(').replace('}', ')')}": route(HOSTILE),
                    "$default": route("Health", "Login"),
                },
            },
            "LegacyApi": {
                "kind": "rest",
                "stage": "Prod",
                "routes": {
                    "ANY /old/{proxy+}": {
                        "integration": {"type": "http_proxy", "url": "https://old.example.com/{proxy}"}, "auth": "none",
                    }
                },
            },
            "Live": {"kind": "websocket", "stage": "p", "routes": {"$connect": route("Ratings"), HOSTILE: route("Ratings")}},
        },
        "functions": {name: {"runtime": "python3.12", "handler": "h.f", "timeoutSeconds": 5} for name in functions},
    }
    new = json.loads(json.dumps(old))
    routes = new["apis"]["RatingsApi"]["routes"]
    routes["GET /ratings/{id}"] = route("Ratings")
    del routes["DELETE /ratings/{id}"]
    routes["POST /ratings/import"] = route("Admin")
    new["functions"]["Ratings"]["timeoutSeconds"] = 4
    del new["apis"]["LegacyApi"]
    return old, new


def large(count):
    """As many routes as `count`, some public, in a tree."""
    routes = {}
    for number in range(count):
        path = f"/v1/area{number % 40}/group{number % 400}/item{number}"
        routes[f"GET {path}/{{id}}" if number % 3 else f"POST {path}"] = route(
            f"F{number % 50}", "none" if number % 10 == 0 else "Login"
        )
    return {
        "manifest": 1,
        "apis": {"Large": {"kind": "http", "stage": "$default", "authorizers": {"Login": JWT}, "routes": routes}},
        "functions": {f"F{number}": {} for number in range(50)},
    }


SHOWN = "[...document.querySelectorAll('.row')].filter(row => row.checkVisibility())"
KEYS = (
    "[...document.querySelectorAll('.row > .line')].map(line => "
    "line.querySelector('.method').textContent + ' ' + line.querySelector('.path').textContent)"
)
FOCUS = "(document.activeElement.querySelector('.path') ?? document.activeElement).textContent || document.activeElement.id"


class Pages:
    def __init__(self, samovar, folder, pictures):
        self.samovar, self.folder, self.pictures = samovar, folder, pictures

    def write(self, name, *arguments):
        path = os.path.join(self.folder, f"{name}.html")
        with open(path, "wb") as file:
            subprocess.run([self.samovar, *arguments, "--format", "html"], stdout=file, check=True)
        return f"file://{path}"

    def manifest(self, name, value):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            json.dump(value, file)
        return path


def keys(manifest):
    """The routes of a manifest as its page shows them."""
    return sorted(
        key if " /" in key else f"ANY {key}" for api in manifest["apis"].values() for key in api["routes"]
    )


def check_quiet(report, browser, name, url):
    report.check(f"{name}: the console is silent", browser.complaints(), [])
    report.check(f"{name}: nothing is loaded", browser.requests(), [url])


def take_pictures(browser, pages, name, url):
    for width in (1280, 400):
        for scheme in ("light", "dark"):
            browser.emulate(width=width, scheme=scheme)
            browser.open(url)
            browser.picture(os.path.join(pages.pictures, f"{name}-{width}-{scheme}.png"))
    browser.emulate(width=800, media="print")
    browser.picture(os.path.join(pages.pictures, f"{name}-print.png"))


def check_routes(report, browser, pages, new, path):
    url = pages.write("routes", "routes", path)
    browser.emulate()
    browser.open(url)
    report.check("all routes are there", sorted(browser.run(KEYS)), keys(new))
    report.check("nothing of a name is an element", browser.run("document.querySelectorAll('img').length"), 0)
    report.check("it has a language and a title", browser.run("document.documentElement.lang + document.title != 'en'"), True)
    total = len(keys(new))

    browser.press("/", text="/")
    report.check("/ goes to the filter", browser.run("document.activeElement.id"), "filter")
    report.check("and is not typed", browser.run("document.activeElement.value"), "")
    browser.type("get ratings {id}")
    report.check("the filter leaves what has all words", browser.run(f"{SHOWN}.length"), 2)
    report.check("and says so", browser.run("document.getElementById('status').textContent"), f"2 of {total}")
    browser.type(" nowhere")
    report.check("nothing matches", browser.run("document.getElementById('nothing').checkVisibility()"), True)
    browser.press("Escape")
    report.check("Esc clears it", browser.run(f"{SHOWN}.length"), total)
    browser.run("document.querySelector('[data-facet=public]').click()")
    browser.settle()
    count = sum(route["auth"] == "none" for api in new["apis"].values() for route in api["routes"].values())
    report.check("a facet leaves the public routes", browser.run(f"{SHOWN}.length"), count)
    report.check("and is pressed", browser.run("document.querySelector('[data-facet=public]').ariaPressed"), "true")
    browser.press("Escape")

    browser.press("/", text="/")
    browser.press("ArrowDown")
    report.check("down goes to the first", browser.run(FOCUS), "$connect")
    browser.press("End")
    report.check("End goes to the last", browser.run(FOCUS), "$default")
    browser.press("Home")
    browser.press("ArrowDown")
    browser.press("ArrowDown")
    report.check("down goes on to branches", browser.run("document.activeElement.localName"), "summary")
    browser.press("ArrowLeft")
    report.check("left closes", browser.run("document.activeElement.parentElement.open"), False)
    browser.press("ArrowDown")
    report.check("what is closed is passed over", browser.run(FOCUS), "/health")
    browser.press("ArrowUp")
    browser.press("ArrowRight")
    report.check("right opens", browser.run("document.activeElement.parentElement.open"), True)
    browser.press("ArrowDown")
    browser.press("ArrowLeft")
    report.check("left goes to the branch", browser.run("document.activeElement.localName"), "summary")
    width = "parseFloat(getComputedStyle(document.activeElement).outlineWidth) > 0"
    report.check("the focus can be seen", browser.run(width), True)

    browser.run("document.querySelector('[data-open=false]').click()")
    browser.emulate(media="print")
    report.check("paper has all that is closed", len(browser.run(KEYS)), browser.run(f"{SHOWN}.length"))
    report.check("paper has no controls", browser.run("document.querySelector('.tools').checkVisibility()"), False)
    browser.emulate(width=400)
    narrow = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    report.check("a small window does not scroll sideways", browser.run(narrow), True)
    check_quiet(report, browser, "routes", url)

    browser.allow_scripts(False)
    browser.open(url)
    report.check("without a script all is there", browser.run(f"{SHOWN}.length"), total)
    report.check("and no control", browser.run("document.querySelector('.tools').checkVisibility()"), False)
    browser.allow_scripts(True)
    take_pictures(browser, pages, "routes", url)


def check_changes(report, browser, pages, old, new, paths):
    url = pages.write("changes", "diff", *paths)
    browser.emulate()
    browser.open(url)
    report.check("changes: old and new routes", sorted(browser.run(KEYS)), sorted(set(keys(old)) | set(keys(new))))
    struck = "[...document.querySelectorAll('.row.removed .path')].map(path => path.textContent)"
    report.check("changes: what is gone", sorted(browser.run(struck)), ["/old/{proxy+}", "/ratings/{id}"])
    for facet, count in (("breaking", 3), ("weakens", 2)):
        browser.run(f"document.querySelector('[data-facet={facet}]').click()")
        browser.settle()
        report.check(f"changes: {facet}", browser.run(f"{SHOWN}.length"), count)
        browser.press("Escape")
    links = "[...document.querySelectorAll('a')].every(link => document.querySelector(link.getAttribute('href')))"
    report.check("changes: links lead somewhere", browser.run(links), True)
    browser.run("document.querySelector('[data-open=false]').click()")
    browser.run("document.querySelector('.first a').click()")
    browser.settle()
    check_quiet(report, browser, "changes", url)
    take_pictures(browser, pages, "changes", url)


def check_large(report, browser, pages, count):
    path = pages.manifest("large.json", large(count))
    start = time.monotonic()
    url = pages.write("large", "routes", path)
    made = time.monotonic() - start
    browser.emulate()
    paint = browser.open(url)
    report.check(f"{count} routes are there", browser.run("document.querySelectorAll('.row').length"), count)
    took = browser.run(
        """(async () => {
          const filter = document.getElementById('filter')
          const start = performance.now()
          filter.value = 'group7 public'
          filter.dispatchEvent(new Event('input'))
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
          return performance.now() - start
        })()"""
    )
    size = os.path.getsize(url.removeprefix("file://")) >> 10
    print(f"     made in {made:.1f} s, {size} KiB, first paint after {paint:.0f} ms, filtered in {took:.0f} ms")
    found = browser.run(f"{SHOWN}.length")
    report.check(f"{count} routes: the filter leaves some", 0 < found < count, True)
    report.check(f"{count} routes: it paints within 5 s", 0 < paint < 5000, True)
    report.check(f"{count} routes: it filters within 1 s", took < 1000, True)
    check_quiet(report, browser, f"{count} routes", url)


def main():
    samovar = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "samovar")
    pictures = sys.argv[2] if len(sys.argv) > 2 else ".build/pages"
    os.makedirs(pictures, exist_ok=True)
    report = Report()
    old, new = manifests()
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        pages = Pages(samovar, folder, pictures)
        paths = [pages.manifest("old.json", old), pages.manifest("new.json", new)]
        check_routes(report, browser, pages, new, paths[1])
        check_changes(report, browser, pages, old, new, paths)
        check_large(report, browser, pages, 10000)
    print(f"     pictures are in {pictures}")
    report.finish()


main()
