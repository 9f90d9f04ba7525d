"""Carries out queued planning runs in this process, as the dispatcher's children would."""

from __future__ import annotations

from flask import Flask

from planner import clock
from planner.database import transaction
from planner.jobs.work import work
from planner.services.schedule import leases


def carry_out_runs(app: Flask) -> int:
    """Do every queued run; returns how many there were. Each must end well."""
    done = 0
    with app.app_context():
        while True:
            with transaction() as session:
                claim = leases.claim(session, clock.now())
            if claim is None:
                return done
            assert work(claim, app.config["NETWORKS_FOLDER"]), "the run failed; see its row"
            done += 1
