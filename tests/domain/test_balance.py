"""How even days are to be: whose choice counts, and what unevenness is priced at."""

from __future__ import annotations

from planner.domain.balance import PRICE_SECONDS, Balance, in_force


def test_a_rep_without_a_choice_takes_the_installations() -> None:
    assert in_force(None, Balance.STRONG) is Balance.STRONG
    assert in_force(Balance.NONE, Balance.STRONG) is Balance.NONE


def test_every_choice_has_its_price_and_more_even_is_dearer() -> None:
    prices = [PRICE_SECONDS[choice] for choice in Balance]
    assert prices == sorted(set(prices))
    assert prices[0] == 0
