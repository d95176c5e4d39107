"""Start the demonstration as a person would, sign in with each of its accounts, put its clock forward, and end it again.

Prints the seconds.

    python tools/demo_check.py [--children N]

Leaves nothing behind and cannot hang: every step has a limit. Exit code 1 with one line when something is not as told.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

START_SECONDS = 300
STOP_SECONDS = 40
CLOCK_SECONDS = 300
CLOCK, DAYS = "/api/v1/demo/clock", 60
# Where the county's officer sees people, and how a row of a person is known there.
PEOPLE = "/ledgers/school-age/"
PERSON = re.compile(r'href="/children/')


class Wrong(Exception):
    """Something is not as the demonstration says."""


class Browser:
    """As much of a browser as signing in takes."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, path: str) -> str:
        """A page, wherever it is led to."""
        with self._opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def sign_in(self, username: str, password: str) -> None:
        """Sign in by the form. Raises Wrong when the form is shown again."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/sign-in"))
        if token is None:
            raise Wrong("the sign-in page has no form")
        form = {"username": username, "password": password, "next": "/", "csrfmiddlewaretoken": token.group(1)}
        request = urllib.request.Request(f"{self.address}/sign-in", urllib.parse.urlencode(form).encode())
        with self._opener.open(request, timeout=30) as answer:
            if "/sign-in" in answer.url:
                raise Wrong(f"{username} is not let in")

    def put_clock_forward(self, days: int) -> None:
        """Play so many days through. Raises Wrong when the frame does not tell the new day."""
        token = re.search(r'"X-CSRFToken": "([^"]+)"', self.get("/help"))
        assert token is not None
        to = datetime.fromisoformat(json.loads(self.get(CLOCK))["now"]) + timedelta(days=days)
        request = urllib.request.Request(
            self.address + CLOCK,
            json.dumps({"now": to.isoformat()}).encode(),
            {"Content-Type": "application/json", "X-CSRFToken": token.group(1)},
        )
        self._opener.open(request, timeout=CLOCK_SECONDS).close()
        if f"演示时间 {to.year}年{to.month}月{to.day}日" not in self.get("/help"):
            raise Wrong("the frame does not tell the day to which the clock was put forward")


def check(folder: Path, children: int) -> None:
    """Walk through one demonstration in a folder."""
    began = time.monotonic()
    demo = subprocess.Popen(
        [
            *(sys.executable, "-m", "baoxue", "demo", "--data-dir", str(folder), "--port", str(_free_port())),
            *("--children", str(children), "--no-browser"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        address = _address(demo, began)
        print(f"address told after {time.monotonic() - began:.1f} s")
        accounts = json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
        if (folder / "demo-accounts.json").stat().st_mode & 0o077:
            raise Wrong("demo-accounts.json can be read by others")
        for account in accounts:
            browser = Browser(address)
            browser.sign_in(account["username"], account["password"])
            browser.get("/")
            if account["role"] == "county_officer":
                shown = len(PERSON.findall(browser.get(PEOPLE)))
                print(
                    f"{account['scope_name']}: {shown} people on the first page after {time.monotonic() - began:.1f} s"
                )
                if not shown:
                    raise Wrong(f"nobody on {PEOPLE} of {account['scope_name']}")
        print(f"{len(accounts)} accounts signed in after {time.monotonic() - began:.1f} s")
        browser.put_clock_forward(DAYS)
        print(f"clock put forward by {DAYS} days after {time.monotonic() - began:.1f} s")
        _end(demo)
        print("ended, nothing left running")
    finally:
        demo.kill()
        demo.wait()


def _address(demo: subprocess.Popen[str], began: float) -> str:
    signal.alarm(START_SECONDS)
    assert demo.stdout is not None
    for line in demo.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        if found:
            signal.alarm(0)
            return found.group()
    raise Wrong(f"the demonstration ended after {time.monotonic() - began:.0f} s without an address")


def _end(demo: subprocess.Popen[str]) -> None:
    session = _family(demo.pid)
    demo.send_signal(signal.SIGTERM)
    try:
        code = demo.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        raise Wrong("asked to end, the demonstration goes on") from None
    if code:
        raise Wrong(f"asked to end, the demonstration ended with {code}")
    left = [pid for pid in session if Path(f"/proc/{pid}").exists()]
    if left:
        raise Wrong(f"{len(left)} processes are left running")


def _family(pid: int) -> list[int]:
    """Every process below a process."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(child) for child in tasks.read_text().split()] if tasks.exists() else []
    return [*children, *(below for child in children for below in _family(child))]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _too_long(*_: object) -> None:
    raise Wrong(f"no address within {START_SECONDS} s")


def main() -> int:
    """Run the check; 0 when all is as told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--children", type=int, default=2000)
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    with tempfile.TemporaryDirectory(prefix="baoxue-demo-") as folder:
        try:
            check(Path(folder), asked.children)
        except (Wrong, urllib.error.URLError) as error:
            print(f"demo-check: {error}", file=sys.stderr)
            for log in sorted(Path(folder).glob("*.log")):
                print(f"--- {log.name}", *log.read_text(encoding="utf-8").splitlines()[-5:], sep="\n", file=sys.stderr)
            return 1
        finally:
            # A folder that only root can enter has its database elsewhere.
            note = Path(folder) / "postgres" / "elsewhere"
            if note.exists():
                shutil.rmtree(note.read_text(encoding="utf-8").strip(), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
