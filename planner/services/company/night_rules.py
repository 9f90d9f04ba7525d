"""A rep's rule about nights away, as stored."""

from __future__ import annotations

from planner.domain.nights import AT_HOME, NightsAway
from planner.models.people import NightRule, Rep


def rule_of(rep: Rep) -> NightsAway:
    row = rep.night_rule
    if row is None:
        return AT_HOME
    return NightsAway(tuple(row.evenings), row.most_in_a_row, row.least_metres, row.price_seconds)


def write(rep: Rep, wanted: NightsAway) -> None:
    """Change the row in place: replacing it would insert the new one before the old one is gone."""
    if rep.night_rule is None:
        rep.night_rule = NightRule()
    row = rep.night_rule
    row.evenings, row.most_in_a_row = list(wanted.evenings), wanted.most_in_a_row
    row.least_metres, row.price_seconds = wanted.least_metres, wanted.price_seconds
