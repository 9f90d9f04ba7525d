"""Every value of an enum that reaches a screen has its word."""

from __future__ import annotations

from enum import StrEnum

import pytest
from flask import Flask

from planner.domain.claims import ClaimState
from planner.web.formats import day
from planner.web.words import WORDS, word
from tests.conftest import TODAY


@pytest.mark.parametrize("kind", list(WORDS), ids=lambda kind: kind.__name__)
def test_every_member_has_a_word(kind: type[StrEnum]) -> None:
    assert set(WORDS[kind]) == set(kind)


def test_words_and_days_are_said_without_a_request_too(app: Flask) -> None:
    """As when the demo is written, or a night's work tells what it did."""
    with app.app_context():
        assert (word(ClaimState.SUBMITTED), day(TODAY)) == ("submitted", "Wed 4 Mar")
