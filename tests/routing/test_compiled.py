"""Without numba the same functions run as plain Python, and find the same plan, anew and after a change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PLAN = """
from dataclasses import replace
from routing.rotation import plan_rotation
from routing.types import Nights, SearchBudget
from tests.routing.test_rotation import HOUR, OFF, Lunch, published, quarter
nights = Nights(tuple(range(91)), tuple(range(1, 41)), price=0, most_in_a_row=3)
case = replace(quarter(7, Lunch(12 * HOUR, 14 * HOUR, HOUR)), nights=(nights,))
plan = plan_rotation(case, SearchBudget(40))
assert plan.nights
away = tuple(OFF if 14 <= number < 21 else day for number, day in enumerate(case.days))
again = plan_rotation(published(replace(case, days=away, stability_price=900), plan), SearchBudget(25))
for plan in (plan, again):
    print(plan.cost_seconds, plan.days_proven, plan.nights, [(v.key, v.day, v.position) for v in plan.visits])
"""
NO_NUMBA = "import sys; sys.modules['numba'] = None\n"


def said(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)


def test_plain_python_finds_what_compiled_code_finds() -> None:
    plain = said(NO_NUMBA + PLAN)
    assert "numba is not installed" in plain.stderr
    assert plain.stdout == said(PLAN).stdout
    assert len(plain.stdout) > 1000
