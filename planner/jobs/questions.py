"""Answering a question about a rep's weeks or day: read, close, solve with no transaction open, write."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from planner import clock
from planner.database import reading, transaction
from planner.jobs.lifeline import Lifeline
from planner.services import roads
from planner.services.cover import questions as cover
from planner.services.cover import sharing
from planner.services.schedule import account_rules, balance_curve, horizon, leases
from planner.services.schedule.leases import Claim
from planner.services.schedule.runs import RunKind

Found = tuple[dict[str, Any], str]
"""The answer as its run keeps it, and the version of the roads it holds for."""


def answer(claim: Claim, networks_folder: Path, lifeline: Lifeline, today: date) -> None:
    answering = {RunKind.BALANCE: _curve, RunKind.RULE: _price, RunKind.COVER: _shared}[claim.kind]
    found, network_version = answering(claim, networks_folder, lifeline, today)
    with transaction() as session:
        leases.finish(session, clock.now(), claim, network_version, found)


def _curve(claim: Claim, networks_folder: Path, lifeline: Lifeline, today: date) -> Found:
    lifeline.phase("reading", 0, 5)
    facts = horizon.gather(reading(), claim.rep_id, claim.from_on, today)
    reading().rollback()
    lifeline.phase("roads", 5, 15)
    travel = roads.travel(networks_folder, facts.network_name, facts.driving, facts.engine)
    lifeline.compiling(15, 20)
    lifeline.phase("planning", 20, 100)
    found, network_version = balance_curve.curve(facts, travel, claim.seed, lifeline.progress)
    return found.to_json(), network_version


def _price(claim: Claim, networks_folder: Path, lifeline: Lifeline, today: date) -> Found:
    lifeline.phase("reading", 0, 15)
    posed = account_rules.pose(reading(), networks_folder, claim.rep_id, claim.question, today)
    reading().rollback()
    lifeline.compiling(15, 20)
    lifeline.phase("planning", 20, 100)
    found = account_rules.price(posed, lifeline.progress)
    return found.to_json(), posed.plan.posed.problem.travel.network_version


def _shared(claim: Claim, networks_folder: Path, lifeline: Lifeline, today: date) -> Found:
    lifeline.phase("reading", 0, 15)
    day = cover.read(reading(), clock.now(), claim.rep_id, claim.question)
    reading().rollback()
    lifeline.phase("roads", 15, 20)
    travel = roads.travel(networks_folder, day.away.network_name, day.away.driving, day.away.engine)
    lifeline.compiling(20, 25)
    lifeline.phase("sharing", 25, 95)
    found, network_version = sharing.share_out(day, travel, lifeline.should_stop)
    lifeline.phase("sharing", 95, 100)
    return found.to_json(), network_version
