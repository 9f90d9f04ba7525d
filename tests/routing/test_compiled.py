"""Without numba the same functions run as plain Python, and find the same plan."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PLAN = """
from routing.rotation import plan_rotation
from routing.types import SearchBudget
from tests.routing.test_rotation import HOUR, Lunch, quarter
plan = plan_rotation(quarter(7, Lunch(12 * HOUR, 14 * HOUR, HOUR)), SearchBudget(25))
print(plan.cost_seconds, plan.days_proven, [(v.key, v.day, v.position) for v in plan.visits])
"""
NO_NUMBA = "import sys; sys.modules['numba'] = None\n"


def said(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)


def test_plain_python_finds_what_compiled_code_finds() -> None:
    plain = said(NO_NUMBA + PLAN)
    assert "numba is not installed" in plain.stderr
    assert plain.stdout == said(PLAN).stdout
    assert len(plain.stdout) > 1000
