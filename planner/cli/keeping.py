"""What the night removes: what is past its term, and the people who are to be erased."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from planner import clock
from planner.cli import pictures
from planner.database import reading, transaction
from planner.domain.access import Role
from planner.domain.retention import TERMS, Kept
from planner.services.company import erasing
from planner.services.installation import retention, settings


def keep_terms() -> dict[Kept, int]:
    """Erase who is due, then remove what is past its term, a piece at a time; how many of each went."""
    _erase()
    removed = dict.fromkeys(TERMS, 0)
    for kind in TERMS:
        while True:
            with transaction() as session:
                gone = retention.remove(session, clock.now(), clock.now().date(), kind)
            removed[kind] += gone
            if not gone:
                break
    pictures.remove_files()
    with transaction() as session:
        retention.note(session, clock.now(), removed)
    return removed


def _erase() -> None:
    """Each in a transaction of its own: nobody's erasure waits for another's."""
    language = settings.language(reading())
    for person_id, role in erasing.due(reading(), clock.now().date()):
        with force_locale(language):
            name = _pseudonym(person_id, role)
        with transaction() as session:
            erasing.erase(session, clock.now(), person_id, name)


def _pseudonym(person_id: int, role: Role) -> str:
    if role is Role.REP:
        return gettext("Former rep %(number)s", number=person_id)
    if role is Role.MANAGER:
        return gettext("Former manager %(number)s", number=person_id)
    return gettext("Former admin %(number)s", number=person_id)
