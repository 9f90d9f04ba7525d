"""How long what is kept: the terms, within which bounds a firm may change them, and what stays for good.

A term counts whole days from the moment each kind names. What has no term is never removed by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kept(StrEnum):
    """Kinds of what is kept about people."""

    POSITIONS = "positions"
    WAYS = "ways"
    PICTURES = "pictures"
    SYNC_ITEMS = "sync_items"
    RUNS = "runs"
    ATTEMPTS = "attempts"
    SESSIONS = "sessions"
    IMPORTS = "imports"
    NOTES = "notes"
    RECEIPTS = "receipts"
    MONEY = "money"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Term:
    """In days. ``least`` is what the program needs, ``most`` where keeping stops being of use."""

    usual: int
    least: int
    most: int


TERMS: Mapping[Kept, Term] = {
    Kept.WAYS: Term(60, 7, 400),
    Kept.PICTURES: Term(90, 14, 400),
    Kept.SYNC_ITEMS: Term(400, 400, 3650),
    Kept.RUNS: Term(90, 7, 730),
    Kept.ATTEMPTS: Term(30, 1, 400),
    Kept.SESSIONS: Term(30, 1, 400),
}
"""Kinds that are removed. Entries out of a phone are taken for 400 days: an item forgotten before that could
come again and count twice."""


@dataclass(frozen=True, slots=True)
class LegalTerm:
    """What the tax law of ``country`` asks for records of mileage and expenses, in ``years`` from the end of
    the tax year or the filing. A help, to be compared with ``source``; written down in ``as_of``."""

    country: str
    years: int
    source: str
    as_of: str


LEGAL_TERMS: tuple[LegalTerm, ...] = (
    LegalTerm("US", 3, "IRS Publication 463, Recordkeeping; 26 U.S.C. § 6501(a)", "2026-11"),
    LegalTerm("GB", 6, "Finance Act 1998, Sch. 18 para. 21 (companies)", "2026-11"),
    LegalTerm("DE", 8, "Abgabenordnung § 147 (Buchungsbelege, since 2025)", "2026-11"),
    LegalTerm("AT", 7, "Bundesabgabenordnung § 132", "2026-11"),
    LegalTerm("CL", 6, "Código Tributario, art. 17 and 200", "2026-11"),
)
"""All of them to be verified. The longest is what the rows that stay for good are kept beyond."""
