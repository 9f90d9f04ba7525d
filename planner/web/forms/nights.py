"""The part of a rep's form about nights away: how far, how many in a row, what a night must save."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from flask_babel import lazy_gettext

from planner.domain.nights import (
    AT_HOME,
    NightsAway,
    read_least_distance,
    read_most_in_a_row,
    read_price,
    shown_distance,
)
from planner.web.forms.numbers import typed
from planner.web.forms.parts import Part
from planner.web.forms.reading import ReadField


class NightsForm(Part):
    """How far and how long a rep may sleep away; the evenings are ticked in the week. Empty: as usual.

    A distance left as it was shown is no change, whatever its rounding.
    """

    most_in_a_row = ReadField(
        lazy_gettext("Most nights in a row"), read_most_in_a_row, render_kw={"inputmode": "numeric"}
    )
    least_distance = ReadField(lazy_gettext("Least distance from home"), render_kw={"inputmode": "decimal"})
    price = ReadField(
        lazy_gettext("Minutes of driving a night must save"), read_price, render_kw={"inputmode": "numeric"}
    )

    @staticmethod
    def shown(nights: NightsAway, unit: str) -> dict[str, str]:
        """What stands, as the fields show it."""
        return {
            "most_in_a_row": str(nights.most_in_a_row),
            "least_distance": typed(Decimal(shown_distance(nights.least_metres, unit))),
            "price": str(nights.price_seconds // 60),
        }

    def reads_in(self, unit: str) -> None:
        """Distances are typed in this unit."""
        self.least_distance.read = partial(read_least_distance, unit=unit)

    def value(self, evenings: tuple[int, ...], standing: NightsAway) -> NightsAway:
        def given(field: ReadField, usual: int) -> int:
            return usual if field.value is None else int(field.value)

        is_shown = self.least_distance.data == self.least_distance.object_data
        return NightsAway(
            evenings,
            given(self.most_in_a_row, AT_HOME.most_in_a_row),
            standing.least_metres if is_shown else given(self.least_distance, AT_HOME.least_metres),
            given(self.price, AT_HOME.price_seconds),
        )
