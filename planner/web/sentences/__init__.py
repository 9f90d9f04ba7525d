"""What to say for each code an error can carry, by subject; ``planner.web.errors`` says it.

A test walks the sources for codes without a sentence, and for sentences without a code.
"""

from __future__ import annotations

from flask_babel import LazyString

from planner.web.sentences import accounts, company, days, installation, ledger, roads, schedule, sync

SENTENCES: dict[str, LazyString | str] = {
    **accounts.SENTENCES,
    **company.SENTENCES,
    **days.SENTENCES,
    **installation.SENTENCES,
    **ledger.SENTENCES,
    **roads.SENTENCES,
    **schedule.SENTENCES,
    **sync.SENTENCES,
}
