"""The file of an export, written before anything is stored: streamed to disk, hashed and added up on the way.

Nothing is locked meanwhile: lines of an approved claim cannot change, and whether the claims are still the
ones that were seen is checked when the batch is stored.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import Totals
from planner.domain.errors import Conflict, NotFound
from planner.domain.export_columns import Line, Preset
from planner.models.ledger import Claim, LedgerKind
from planner.services import scope
from planner.services.ledger import export_lines, export_sheets, exports
from planner.services.ledger.export_lines import Wording

PIECE_BYTES = 256 * 1024
HELD_BYTES = 4 * PIECE_BYTES
"""A file up to this size is kept in memory, a larger one on disk."""


@dataclass(slots=True)
class Sum:
    """Lines added up."""

    line_count: int = 0
    trips_metres: int = 0
    trips_minor: int = 0
    expenses_minor: int = 0

    def add(self, line: Line) -> None:
        self.line_count += 1
        if line.metres is not None:
            self.trips_metres += line.metres
            self.trips_minor += line.amount_minor
        else:
            self.expenses_minor += line.amount_minor

    @property
    def totals(self) -> Totals:
        return Totals(self.trips_metres, self.trips_minor, self.expenses_minor)


@dataclass(slots=True)
class PreparedExport:
    """``seen`` are the claims as (id, rev); of ``subjects`` trips are positive, expenses negative."""

    preset: Preset
    seen: tuple[tuple[int, int], ...]
    file: IO[bytes]
    byte_count: int = 0
    sha256: str = ""
    xlsx_sha256: str = ""
    subjects: array[int] = field(default_factory=lambda: array("q"))
    by_currency: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_claim: dict[int, Sum] = field(default_factory=lambda: defaultdict(Sum))

    def lines(self) -> Iterator[tuple[LedgerKind, int]]:
        """Every line in the order of the file."""
        for subject in self.subjects:
            yield (LedgerKind.TRIP, subject) if subject > 0 else (LedgerKind.EXPENSE, -subject)

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(0)
        while piece := self.file.read(PIECE_BYTES):
            yield piece


@contextmanager
def prepared(
    session: Session,
    actor: Actor,
    today: date,
    seen: Iterable[tuple[int, int]],
    preset: Preset,
    purpose: Wording,
    why_changed: Wording,
) -> Iterator[PreparedExport]:
    """The file of the claims seen, as (id, rev); it goes away afterwards.

    Raises Conflict("export_empty"), NotFound for a claim out of the actor's scope, and
    Conflict("export_sum") when a claim's lines are not what was approved.
    """
    chosen = tuple(dict(sorted(seen)).items())
    if not chosen:
        raise Conflict("export_empty")
    with tempfile.SpooledTemporaryFile(max_size=HELD_BYTES) as file:
        made = PreparedExport(preset, chosen, file)  # type: ignore[arg-type]
        claims = _claims(session, actor, today, [claim_id for claim_id, _ in chosen])
        _write(made, export_lines.of_claims(session, list(claims), purpose, why_changed))
        for claim_id, row in claims.items():
            if made.by_claim[claim_id].totals != row:
                raise Conflict("export_sum", claim=claim_id)
        made.xlsx_sha256 = export_sheets.sha256(made.pieces())
        yield made


def _claims(session: Session, actor: Actor, today: date, claim_ids: Sequence[int]) -> dict[int, Totals]:
    """What was frozen of each claim when it was submitted."""
    query = select(Claim.id, Claim.trips_metres, Claim.trips_minor, Claim.expenses_minor).where(
        Claim.id.in_(claim_ids), Claim.rep_id.in_(scope.rep_ids(actor, today))
    )
    found = {row[0]: Totals(*row[1:]) for row in session.execute(query)}
    if missing := set(claim_ids) - found.keys():
        raise NotFound("claim", id=min(missing))
    return found


def _write(made: PreparedExport, lines: Iterable[Line]) -> None:
    seen = hashlib.sha256()
    rows = (made.preset.row(line) for line in _counted(made, lines))
    for piece in exports.csv_pieces(made.preset.headers, rows):
        made.file.write(piece)
        seen.update(piece)
        made.byte_count += len(piece)
    made.sha256 = seen.hexdigest()


def _counted(made: PreparedExport, lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        made.subjects.append(line.subject_id if line.is_trip else -line.subject_id)
        made.by_currency[line.currency].add(line)
        made.by_claim[line.claim_id].add(line)
        yield line
