"""How a day differs from its plan, in one sentence."""

from __future__ import annotations

import pytest
from flask import Flask

from planner.domain.day_kept import Kept
from planner.web.kept_words import kept_said
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (None, ""),
        (Kept(True), "Driven as planned."),
        (Kept(True, is_other_order=True), "Not as planned: in another order."),
        (Kept(True, skipped=1, added=1), "Not as planned: 1 stop skipped, 1 stop added."),
        (
            Kept(True, is_other_order=True, skipped=2, taken_off=1, added=3),
            "Not as planned: in another order, 2 stops skipped, 1 stop taken off the day, 3 stops added.",
        ),
        (Kept(False), "The day had no route to stand beside."),
        (Kept(False, skipped=1), "The day had no route to stand beside. Known is: 1 stop skipped."),
    ],
)
def test_a_day_and_its_plan_are_one_sentence(app: Flask, kept: Kept | None, said: str) -> None:
    with app.test_request_context():
        assert kept_said(kept) == said


def test_a_route_replaced_under_way_says_that_more_is_not_known(app: Flask) -> None:
    with app.test_request_context():
        said = kept_said(Kept(True, known_since=NOW))
    assert said.startswith("Driven as planned. The route is the one made at ")
    assert said.endswith("; what it was before is not known.")
