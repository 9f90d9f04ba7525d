"""What a check found out: one line, which holds or says what is wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. ``trouble`` empty: it holds. ``what`` is a short English phrase."""

    what: str
    trouble: str = ""
