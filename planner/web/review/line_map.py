"""A reviewed day on a map: the accounts, the streets as planned, and the streets as driven between them.

Where the rep lives is not on it, nor are the drives from and to there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.domain.visits import VisitState
from planner.services.ledger.reviewing.day_page import SeenDay, SeenVisit, StreetPath
from planner.web.maps import ground
from planner.web.review.visit_words import times
from planner.web.words import word
from routing.maps import LegState, MapLeg, MapPage, MapStop, StopState, day_map

STATES = {
    VisitState.DONE: StopState.DONE,
    VisitState.MISSED: StopState.MISSED,
}


def drawn(
    claim_id: int, day: SeenDay, planned: Sequence[StreetPath] = (), driven: Sequence[StreetPath] = ()
) -> MapPage | None:
    """None when no account of the day has a place. Its html needs no paths: they are in the script."""
    stops = list(_stops(day))
    if not stops:
        return None
    under = ground(day.network_name, [(stop.lon, stop.lat) for stop in stops])
    legs = [
        *(MapLeg(path, LegState.DRIVEN) for path in driven),
        *(MapLeg(path, LegState.PLANNED) for path in planned),
    ]
    return day_map(f"claim_{claim_id}_{day.on.isoformat()}", stops, legs, under)


def _stops(day: SeenDay) -> Iterator[MapStop]:
    """Numbered in the order driven; what was not driven to has no number."""
    number = 0
    for visit in day.visits:
        is_driven = visit not in day.not_driven
        number += is_driven
        if visit.lat is not None and visit.lon is not None:
            yield _stop(visit, str(number) if is_driven else "–")


def _stop(visit: SeenVisit, label: str) -> MapStop:
    assert visit.lat is not None
    assert visit.lon is not None
    state = STATES.get(visit.state, StopState.SKIPPED)
    return MapStop(visit.lon, visit.lat, label, visit.name, state, f"{word(visit.state)} {times(visit)}")
