"""How Lighthouse judges the pages: ``make lighthouse``, or ``python -m bench.lighthouse``.

Needs Chromium, and Lighthouse (npm's package of that name) on the PATH; ``--fetch`` lets ``npx`` get it. The
demo of this installation is served on a free port and looked at as its rep (on a phone) and its manager (on
a laptop). The last line is one JSON object; ``--check`` ends with status 1 where a page misses a bar.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import requests
from rich.console import Console
from rich.table import Table

from planner.config import instance_folder
from planner.demo.logins import DemoLogin, saved
from planner.demo.staff import MANAGER, REPS

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE = "lighthouse@12"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 300.0
"""A demo made for an earlier day is made anew first."""

TRIES = 4
"""Lighthouse loses the beginning of a page's trace now and then, and asks to be run again."""

PHONE_PAGES = ("/today", "/accounts", "/log")
LAPTOP_PAGES = ("/schedule", "/team", "/review")

LEAST = {"accessibility": 100, "best-practices": 100, "performance": 95}
LARGEST_PAINT_SECONDS = 1.8


class Missing(Exception):
    """What is needed and is not there; the text says it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores out of 100; seconds until the largest element is painted."""

    page: str
    device: str
    accessibility: int
    best_practices: int
    performance: int
    paint_seconds: float
    failed: tuple[str, ...]

    @property
    def misses(self) -> bool:
        scores = (self.accessibility, self.best_practices, self.performance)
        is_low = any(score < least for score, least in zip(scores, LEAST.values(), strict=True))
        return is_low or self.paint_seconds > LARGEST_PAINT_SECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fetch", action="store_true", help="let npx fetch Lighthouse")
    parser.add_argument("--check", action="store_true", help="status 1 where a page misses a bar")
    chosen = parser.parse_args()
    try:
        judged = list(_all(_program(chosen.fetch), _chromium()))
    except Missing as missing:
        print(f"Skipped: {missing}")
        print(json.dumps({"bench": "lighthouse", "skipped": str(missing)}))
        return
    _show(judged)
    print(json.dumps({"bench": "lighthouse", "pages": [asdict(one) for one in judged]}))
    if chosen.check and any(one.misses for one in judged):
        sys.exit(1)


def _program(may_fetch: bool) -> list[str]:
    if found := shutil.which("lighthouse"):
        return [found]
    if may_fetch and (npx := shutil.which("npx")):
        return [npx, "--yes", LIGHTHOUSE]
    raise Missing("Lighthouse is not installed (npm install -g lighthouse), or npx is not there to fetch it.")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        raise Missing("there is no Chromium here.")
    return found


def _all(program: Sequence[str], chromium: str) -> Iterator[Judged]:
    logins = {login.login: login for login in saved(instance_folder(ROOT))}
    if not logins:
        raise Missing("this installation has no demo to look at: make run loads one.")
    with _served() as address:
        rep = _cookie(address, logins[REPS[0].login])
        manager = _cookie(address, logins[MANAGER.login])
        for page in (*PHONE_PAGES, _map_page(address, rep)):
            yield _judged(program, chromium, address, page, rep, "phone")
        for page in LAPTOP_PAGES:
            yield _judged(program, chromium, address, page, manager, "laptop")


@contextmanager
def _served() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1"}
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{address}/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.5)
    raise Missing("the application did not start.")


def _cookie(address: str, login: DemoLogin) -> str:
    """The cookie of a signed-in session, as a browser would send it."""
    with requests.Session() as browser:
        token = _hidden(browser.get(f"{address}/login", timeout=30).text, "csrf_token")
        form = {"email": login.email, "password": login.password, "csrf_token": token}
        browser.post(f"{address}/login", data=form, timeout=30).raise_for_status()
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)


def _map_page(address: str, cookie: str) -> str:
    """The map of the day the demo takes for today."""
    day = requests.get(f"{address}/today", headers={"Cookie": cookie}, timeout=30).text
    found = re.search(r'href="(/today/[0-9-]+/map)', day)
    if found is None:
        raise Missing("today's page leads to no map.")
    return found[1]


def _hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _judged(
    program: Sequence[str], chromium: str, address: str, page: str, cookie: str, device: str
) -> Judged:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "headers.json"
        told.write_text(json.dumps({"Cookie": cookie}), encoding="utf-8")
        command = [
            *program,
            f"{address}{page}",
            "--quiet",
            "--output=json",
            f"--extra-headers={told}",
            "--only-categories=accessibility,best-practices,performance",
            "--chrome-flags=--headless=new --no-sandbox",
            *(["--preset=desktop"] if device == "laptop" else []),
        ]
        settings = os.environ | {"CHROME_PATH": chromium}
        for _ in range(TRIES):
            found = subprocess.run(command, env=settings, capture_output=True, check=False)
            if found.returncode == 0:
                break
    if found.returncode != 0:
        said = found.stderr.decode(errors="replace").strip().splitlines()
        raise Missing(f"Lighthouse could not judge {page}: {' '.join(said[-6:])}")
    return _read(json.loads(found.stdout), page, device)


def _read(report: dict[str, dict[str, dict[str, object]]], page: str, device: str) -> Judged:
    audits, categories = report["audits"], report["categories"]
    scores = {name: round(100 * float(str(categories[name]["score"]))) for name in LEAST}
    failed = tuple(
        audit["id"]
        for name in ("accessibility", "best-practices")
        for audit in categories[name]["auditRefs"]  # type: ignore[attr-defined]
        if audit["weight"] and audits[audit["id"]]["score"] == 0
    )
    paint = float(str(audits["largest-contentful-paint"]["numericValue"])) / 1000
    return Judged(page, device, *scores.values(), round(paint, 2), failed)


def _show(judged: Sequence[Judged]) -> None:
    table = Table("page", "on a", *LEAST, "largest paint", "failed")
    for one in judged:
        scores = (one.accessibility, one.best_practices, one.performance)
        table.add_row(
            one.page, one.device, *map(str, scores), f"{one.paint_seconds:.2f} s", ", ".join(one.failed)
        )
    Console().print(table)


if __name__ == "__main__":
    main()
