"""Which prospects compete for the weekly quota, what each is worth, and what a week still allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from planner.domain.visits import VisitKind
from planner.services.schedule.candidacy import Candidate, Pinned
from planner.services.schedule.candidate_rows import Span
from planner.services.schedule.prospects import AGAIN_DAYS, PRICE_SECONDS, competing, quotas
from routing.types import Place, Quota

MONDAY = date(2026, 3, 2)
SPAN = Span(MONDAY, MONDAY + timedelta(days=28), MONDAY)


def prospect(account_id: int, value: int | None = None, lat: float = -29.9, **changes: object) -> Candidate:
    one = Candidate(
        account_id=account_id,
        name=f"Account {account_id}",
        account_class="C",
        value_minor=value,
        place=Place(-71.25, lat),
        kind=VisitKind.PROSPECT,
        service_seconds=1800,
        price_seconds=0,
        windows=((),) * 28,
        pinned=(),
        published_days=(),
        last_on=None,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def prices(*found: Candidate) -> dict[int, int]:
    return {c.account_id: c.price_seconds for c in competing(found, SPAN, 2)}


def test_a_prospect_is_worth_more_detour_the_more_it_may_buy() -> None:
    assert prices(prospect(1, 100), prospect(2, 200), prospect(3, 300), prospect(4)) == {
        1: PRICE_SECONDS // 2,
        2: PRICE_SECONDS,
        3: PRICE_SECONDS * 3 // 2,
        4: PRICE_SECONDS,
    }


def test_one_giant_is_not_worth_a_day_on_the_road() -> None:
    assert prices(prospect(1, 100), prospect(2, 100), prospect(3, 10**9))[3] == 3 * PRICE_SECONDS


def test_one_visited_before_waits_four_weeks_and_counts_half() -> None:
    (found,) = competing([prospect(1, last_on=MONDAY - timedelta(days=7))], SPAN, 2)
    assert found.price_seconds == PRICE_SECONDS // 2
    assert found.first_from == AGAIN_DAYS - 7


def test_without_a_quota_only_agreed_visits_to_prospects_are_planned() -> None:
    agreed = prospect(1, pinned=(Pinned(3, VisitKind.APPOINTMENT, 1800),))
    assert [c.account_id for c in competing([agreed, prospect(2)], SPAN, 0)] == [1]


def test_only_those_with_a_chance_compete_the_far_ones_least() -> None:
    regular = prospect(900, kind=VisitKind.CADENCE, cadence_days=28)
    far = [prospect(key, lat=-31.0) for key in range(1, 6)]
    near = [prospect(key) for key in range(10, 50)]
    found = competing([regular, *far, *near], SPAN, 2)
    assert {c.account_id for c in found} == {900, *range(10, 42)}


def test_each_week_from_monday_on_has_its_quota() -> None:
    assert quotas(SPAN, 2, ()) == tuple(Quota(first, first + 6, 2) for first in (0, 7, 14, 21))


def test_a_week_begun_allows_what_is_left_of_it() -> None:
    span = Span(MONDAY + timedelta(days=2), MONDAY + timedelta(days=12), MONDAY)
    assert quotas(span, 2, (MONDAY,)) == (Quota(0, 4, 1), Quota(5, 9, 2))
