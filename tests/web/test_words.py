"""Every value of an enum that reaches a screen has its word."""

from __future__ import annotations

from enum import StrEnum

import pytest

from planner.web.words import WORDS


@pytest.mark.parametrize("kind", list(WORDS), ids=lambda kind: kind.__name__)
def test_every_member_has_a_word(kind: type[StrEnum]) -> None:
    assert set(WORDS[kind]) == set(kind)
