"""Batches in words: the names of the presets, and the months their claims were chosen by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from planner.services.ledger import presets
from planner.web.formats import day

PRESETS = {
    "payroll": lazy_gettext("Payroll"),
    "concur": lazy_gettext("Concur-like"),
    "expensify": lazy_gettext("Expensify-like"),
}


def preset_names() -> dict[str, str]:
    """By code, the usual one first; a preset that was added goes by the name in its file."""
    return {code: str(PRESETS.get(code, preset.name)) for code, preset in presets.available().items()}


def chosen_months(wanted: Mapping[str, Any]) -> str:
    """The months of a batch's filter as a batch keeps it; empty when it had none."""
    first, last = _month(wanted.get("from")), _month(wanted.get("to"))
    if first and last:
        return gettext("from %(first)s to %(last)s", first=first, last=last)
    if first:
        return gettext("from %(month)s", month=first)
    return gettext("up to %(month)s", month=last) if last else ""


def _month(kept: str | None) -> str:
    return day(date.fromisoformat(f"{kept}-01"), "MMM y") if kept else ""
