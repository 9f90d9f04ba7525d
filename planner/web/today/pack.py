"""The addresses a phone fetches to have today and the next day with visits at hand without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response, jsonify, url_for

from planner import clock
from planner.database import reading
from planner.services.days import day_pack, follow_up_lists
from planner.services.days.day_visits import DayVisit
from planner.services.days.today import Day
from planner.web import assets
from planner.web.formats import locale, zone
from planner.web.signin import actor, signed_in
from planner.web.today.blueprint import today, today_on
from planner.web.today.maps import ground_along

MOST_FOLLOW_UP_PAGES = 4
MOST_GROUND_BYTES = 500_000
"""As they travel: with the pages of two long days a pack stays below a megabyte."""


@today.get("/pack")
def pack() -> Response:
    """``pages`` are asked for again when the ``mark`` is another one; ``ground`` stays true for ever, and is
    taken along in its order until there are ``ground_bytes`` of it."""
    found = day_pack.of(reading(), actor(), clock.now(), today_on())
    followed_up = min(follow_up_lists.page_count(reading(), actor(), today_on()), MOST_FOLLOW_UP_PAGES)
    pages = [
        url_for("phone.outbox"),
        url_for("follow_ups.index"),
        *(url_for("follow_ups.index", page=number) for number in range(2, followed_up + 1)),
        *(page for day in found.days for page in _pages(day)),
    ]
    return jsonify(
        person=signed_in().person_id,
        today=today_on().isoformat(),
        zone=zone(),
        mark=f"{found.mark}-{assets.version()}-{locale()}",
        pages=pages,
        ground=_ground(found.days),
        ground_bytes=MOST_GROUND_BYTES,
    )


def _pages(day: Day) -> Iterator[str]:
    yield url_for("today.day", on=day.on)
    yield url_for("ledger.new_expense", on=day.on.isoformat())
    if day.way is not None and day.way.visits:
        yield url_for("today.map_page", on=day.on)
        yield url_for("today.map_script", on=day.on)
        if not day.is_closed:
            yield url_for("today.order", on=day.on)
    if day.progress.total:
        yield url_for("today.close", on=day.on)
    for visit in day.visits:
        yield from _pages_of(visit)


def _pages_of(visit: DayVisit) -> Iterator[str]:
    yield url_for("today.stop", visit_id=visit.visit_id)
    yield url_for("today.report", visit_id=visit.visit_id)
    for how in ("missed", "skipped"):
        yield url_for("today.not_held", visit_id=visit.visit_id, how=how)


def _ground(days: Iterable[Day]) -> list[str]:
    """The streets beneath the maps of the days, each once, today's first."""
    return list(dict.fromkeys(url for day in days for url in ground_along(day)))
