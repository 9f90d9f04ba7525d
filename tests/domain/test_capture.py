"""The instants of a phone, put right."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from planner.domain.capture import SMALL_SKEW, captured, skew

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
SANTIAGO = ZoneInfo("America/Santiago")
INSTANTS = st.datetimes(timezones=st.just(UTC))


def test_up_to_two_minutes_are_left_alone() -> None:
    assert skew(NOON - SMALL_SKEW, NOON) == timedelta(0)
    assert skew(NOON + SMALL_SKEW, NOON) == timedelta(0)
    assert skew(NOON - timedelta(seconds=121), NOON) == timedelta(seconds=121)


def test_the_date_is_counted_back_from_the_servers_in_the_zone() -> None:
    """03:30 in UTC is half past midnight in Santiago; an hour before it was the day before."""
    received = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
    for minutes, on in ((10, TODAY), (45, TODAY - timedelta(days=1))):
        found = captured(received - timedelta(minutes=minutes), timedelta(0), received, TODAY, SANTIAGO)
        assert found.on == on


@given(client=INSTANTS, sent=INSTANTS)
def test_whatever_a_clock_says_nothing_is_captured_after_it_came(client: datetime, sent: datetime) -> None:
    found = captured(client, skew(sent, NOON), NOON, TODAY, SANTIAGO)
    assert found.at <= found.received_at == NOON
    assert found.on <= TODAY


@given(
    off=st.timedeltas(timedelta(minutes=-10_000_000), timedelta(minutes=10_000_000)), ago=st.integers(0, 99)
)
def test_how_far_a_clock_is_off_makes_no_difference(off: timedelta, ago: int) -> None:
    at = NOON - timedelta(minutes=ago)
    found = captured(at + off, skew(NOON + off, NOON), NOON, TODAY, SANTIAGO)
    assert abs(found.at - at) <= SMALL_SKEW
