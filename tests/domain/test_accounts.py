"""What may be said of an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from planner.domain.accounts import LONGEST, Draft, DraftBlock, DraftContact, problems
from planner.domain.cadence import Wishes
from planner.domain.hours import Window
from planner.models.accounts import Account

FINE = Draft(name="Almacén Norte", lat=-29.9, lon=-71.2)


def test_a_name_and_a_place_are_enough() -> None:
    assert problems(FINE) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": ""}, "name", "name_missing"),
        ({"city": "x" * 121}, "city", "too_long"),
        ({"lat": None}, "lat", "coordinates_half"),
        ({"cadence_days": 0}, "cadence_days", "days_out_of_range"),
        ({"cadence_days": -7}, "cadence_days", "days_out_of_range"),
        ({"cadence_days": 732}, "cadence_days", "days_out_of_range"),
        ({"cadence_days": 28, "earliest_gap_days": 30}, "earliest_gap_days", "earliest_gap_after_wish"),
        ({"cadence_days": 28, "latest_gap_days": 20}, "latest_gap_days", "latest_gap_before_wish"),
        ({"cycle_rule": "FREQ=SECONDLY"}, "cycle_rule", "bad_cycle_rule"),
        ({"visit_seconds": 0}, "visit_seconds", "visit_length"),
        ({"windows": (Window(0, 18, 9),)}, "hours", "hours_reversed"),
        ({"blocks": (DraftBlock(date(2026, 3, 9), date(2026, 3, 9)),)}, "blocks", "block_order"),
        ({"contacts": (DraftContact(""),)}, "contacts", "contact_name_missing"),
        ({"contacts": (DraftContact("Eva", email="eva"),)}, "contacts", "email_unreadable"),
    ],
)
def test_what_breaks_a_rule_is_named_with_its_field(change: dict[str, Any], field: str, code: str) -> None:
    found = [(error.field, error.code) for error in problems(replace(FINE, **change))]

    assert found == [(field, code)]


def test_all_problems_are_told_at_once() -> None:
    assert len(problems(replace(FINE, name="", cadence_days=0, lat=None))) == 3


def test_own_gaps_are_judged_against_the_cadence_of_the_class() -> None:
    draft = replace(FINE, latest_gap_days=20)

    assert problems(draft, Wishes(days=14)) == []
    assert [error.code for error in problems(draft, Wishes(days=28))] == ["latest_gap_before_wish"]


def test_texts_are_as_long_as_their_columns() -> None:
    assert {field: getattr(Account, field).type.length for field in LONGEST} == LONGEST
