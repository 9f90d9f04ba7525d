"""Hands planning runs to child processes, watches over them, and clears up after dead ones.

One thread of the serving process. It never solves anything; what it knows of a run stands in the
run's row, so that killing this process at any moment loses nothing: the lease runs out, and the
next dispatcher takes the run up again.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from planner import clock
from planner.database import reading, transaction
from planner.services.schedule import leases, runs
from planner.services.schedule.leases import Claim

logger = logging.getLogger(__name__)

IDLE_SECONDS = 2.0
BUSY_SECONDS = 0.2
"""Between two rounds: with workers out, a cancelled or dead one is noticed this fast."""

LONGEST_SECONDS = 600
WORKERS = 1


@dataclass(frozen=True, slots=True)
class Worker:
    claim: Claim
    process: subprocess.Popen[bytes]
    started: float


class Dispatcher:
    """Starts at most ``workers`` children at a time, each for one run and ``longest_seconds`` at most."""

    def __init__(self, app: Flask, workers: int = WORKERS, longest_seconds: float = LONGEST_SECONDS) -> None:
        self.app = app
        self.workers = workers
        self.longest_seconds = longest_seconds
        self.out: list[Worker] = []
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="dispatcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ring(self) -> None:
        self._bell.set()

    def stop(self) -> None:
        """End the thread and the children; their runs go back into the queue."""
        self._stopping.set()
        self._bell.set()
        self._thread.join()
        with self.app.app_context():
            for worker in self.out:
                self._end(worker)
        self.out = []

    def turn(self) -> None:
        """One round: collect ended workers, stop unwanted ones, sweep expired leases, start new ones."""
        self.out = [worker for worker in self.out if self._goes_on(worker)]
        while len(self.out) < self.workers and self._has_work():
            with transaction() as session:
                leases.sweep(session, clock.now())
                claim = leases.claim(session, clock.now())
            if claim is None:
                return
            self.out.append(Worker(claim, self._child(claim), time.monotonic()))

    def _loop(self) -> None:
        while not self._stopping.is_set():
            with self.app.app_context():
                try:
                    self.turn()
                except Exception:
                    # A full disk or a stopped database must not end planning for good.
                    logger.exception("A round of the dispatcher failed; trying again.")
            self._bell.wait(BUSY_SECONDS if self.out else IDLE_SECONDS)
            self._bell.clear()

    def _goes_on(self, worker: Worker) -> bool:
        if worker.process.poll() is None:
            late = time.monotonic() - worker.started > self.longest_seconds
            if not late and self._is_wanted(worker.claim):
                return True
            if late:
                self._give_up(worker.claim)
        self._end(worker)
        return False

    def _has_work(self) -> bool:
        """Asked by reading, so that an idle dispatcher never takes the write lock."""
        waiting = runs.is_waiting(reading(), clock.now())
        reading().rollback()
        return waiting

    def _is_wanted(self, claim: Claim) -> bool:
        wanted = leases.is_wanted(reading(), claim.run_id, claim.token)
        reading().rollback()
        return wanted

    def _give_up(self, claim: Claim) -> None:
        with transaction() as session:
            leases.fail(
                session, clock.now(), claim, "run_too_long", {"minutes": int(self.longest_seconds // 60)}
            )

    def _end(self, worker: Worker) -> None:
        if worker.process.poll() is None:
            worker.process.kill()
        worker.process.wait()
        with transaction() as session:
            leases.stopped(session, clock.now(), worker.claim.run_id, worker.claim.token)

    def _child(self, claim: Claim) -> subprocess.Popen[bytes]:
        """``flask work RUN TOKEN`` on this instance. A session of its own keeps the terminal's Ctrl+C
        away from it: the dispatcher ends it in order."""
        environment = os.environ | {
            "ROUNDS_INSTANCE": self.app.instance_path,
            "DATABASE_URL": str(self.app.config["SQLALCHEMY_DATABASE_URI"]),
        }
        program = str(Path(self.app.root_path) / "app.py")
        words = [sys.executable, "-m", "flask", "--app", program, "work", str(claim.run_id), str(claim.token)]
        return subprocess.Popen(words, env=environment, cwd=self.app.root_path, start_new_session=True)
