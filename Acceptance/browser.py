"""Headless Chromium by its own protocol, over a pipe, so that nothing else has to be installed."""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time


class Browser:
    """A window of Chromium; `with Browser() as browser: …`. It ends with all of its processes."""

    def __enter__(self):
        if not shutil.which("chromium"):
            raise SystemExit("chromium is needed: apt-get install chromium")
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()

        def connect():
            # The protocol is spoken on the descriptors 3 and 4.
            first, second = os.dup(from_us), os.dup(to_us)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [
                "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=connect,
            close_fds=False,
            start_new_session=True,
        )
        os.close(from_us)
        os.close(to_us)
        self.output = os.fdopen(to_browser, "wb", buffering=0)
        self.input = os.fdopen(from_browser, "rb", buffering=0)
        self.buffer = b""
        self.number = 0
        self.session = None
        # Without scripts no frame calls back.
        self.has_scripts = True
        self.events = []
        target = next(info for info in self.call("Target.getTargets")["targetInfos"] if info["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *error):
        # The browser is many processes; they are a group of their own.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.output.close()
        self.input.close()
        self.profile.cleanup()

    def _message(self):
        while b"\0" not in self.buffer:
            if not select.select([self.input], [], [], 60)[0]:
                raise SystemExit("the browser has not answered")
            part = self.input.read(1 << 16)
            if not part:
                raise SystemExit("the browser has ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        """Calls a method of the protocol; events that come meanwhile are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.output.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def run(self, expression):
        """The value of an expression of JavaScript in the page, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def open(self, url):
        """Loads a page and forgets what happened before; gives how many milliseconds it took to the first paint."""
        self.events = []
        self.call("Page.navigate", url=url)
        end = time.monotonic() + 60
        while self.run("document.readyState") != "complete" or not self.run("location.href").startswith(url[:5]):
            if time.monotonic() > end:
                raise SystemExit(f"{url} does not load")
            time.sleep(0.02)
        self.settle()
        return self.run("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")

    def settle(self):
        """Waits until two frames are drawn."""
        if not self.has_scripts:
            return time.sleep(0.3)
        self.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def press(self, key, code=None, text=None):
        """Presses a key and lets go of it."""
        codes = {"Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35,
                 "Enter": 13, "Tab": 9, "/": 191, " ": 32}
        common = {"key": key, "code": code or key, "windowsVirtualKeyCode": codes.get(key, 0)}
        down = {"type": "keyDown", **common, **({"text": text} if text else {})}
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)
        self.settle()

    def type(self, text):
        """Types a text where the focus is."""
        self.call("Input.insertText", text=text)
        self.settle()

    def allow_scripts(self, truth):
        """Says whether pages may run scripts."""
        self.has_scripts = truth
        self.call("Emulation.setScriptExecutionDisabled", value=not truth)

    def emulate(self, width=1280, height=900, scheme="light", media="screen"):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        self.settle()

    def picture(self, path):
        """Writes what the window shows."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """What the console says: errors, warnings, exceptions, violations of the page's policy."""
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            if event["method"] == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"].get("text", "an exception"))
            if event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
                found.append(str(parameters["args"]))
            if event["method"] == "Log.entryAdded":
                found.append(parameters["entry"]["text"])
        return found

    def requests(self):
        """The addresses that were asked for."""
        return [
            event["params"]["request"]["url"] for event in self.events if event["method"] == "Network.requestWillBeSent"
        ]
