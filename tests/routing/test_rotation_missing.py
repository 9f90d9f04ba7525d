"""When a promise is broken, told from days alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.rotation.missing import missing_spans
from routing.types import RotationAccount

HORIZON = 28
EVERY_15 = RotationAccount(
    key=1,
    at=1,
    service_seconds=60,
    windows=((),) * HORIZON,
    cadence=15,
    earliest_gap=1,
    latest_gap=20,
    first_from=0,
    first_to=10,
    first_wish=5,
    price=1,
    lateness_price=1,
)
DAYS = st.sets(st.integers(0, HORIZON - 1))


def promised(account: RotationAccount, *days: int) -> list[int]:
    return [span.promised for span in missing_spans(account, sorted(days), HORIZON)]


@pytest.mark.parametrize(
    ("days", "broken"),
    [
        ([10], []),  # the next is due on day 30, after the end
        ([11], [10]),
        ([], [10]),
        ([5], [25]),
        ([5, 25], []),
        ([5, 26], [25]),
        ([11, 15], [10]),
    ],
)
def test_each_visit_is_promised_a_latest_gap_after_the_one_before(days: list[int], broken: list[int]) -> None:
    assert promised(EVERY_15, *days) == broken


def test_what_is_overdue_is_promised_a_cadence_from_the_first_day() -> None:
    overdue = replace(EVERY_15, first_from=-30, first_to=-1, first_wish=-10)
    assert promised(overdue, 15) == []
    assert promised(overdue, 16) == [15]
    assert promised(replace(overdue, first_to=0), 1, 21) == [0]


def test_each_date_of_a_fixed_cycle_is_promised_whatever_the_gaps() -> None:
    fixed = replace(EVERY_15, fixed_days=(3, 24))
    assert promised(fixed, 3, 24) == []
    assert promised(fixed, 4, 24) == [3]


@given(DAYS, st.integers(0, HORIZON - 1))
def test_one_more_visit_never_breaks_a_promise(days: set[int], more: int) -> None:
    assert len(promised(EVERY_15, *days, more)) <= len(promised(EVERY_15, *days)) or more in days
