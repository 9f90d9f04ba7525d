"""The benchmark of the ledger goes the way the ledger goes: it writes into tables whose guards hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_it_opens_a_claim_and_exports_a_few_lines() -> None:
    command = [sys.executable, "-m", "bench.ledger", "--lines", "30", "--export", "400"]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "a claim of 30 lines" in done.stdout
    assert "an export of" in done.stdout
