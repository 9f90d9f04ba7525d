"""The forms of the log: correcting and reversing a trip, and what every entry's form has.

Each form carries the ``uid`` of the entry it makes, so that sending it twice makes one entry.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from planner.domain.errors import Invalid
from planner.domain.mileage import METRES_PER, metres_of
from planner.services.ledger.entry_pages import TripPage
from planner.services.ledger.trip_changes import TripChange
from planner.web.forms.numbers import read_number, typed

SHORT = Length(max=400, message=lazy_gettext("At most %(max)d characters."))


class EntryForm(FlaskForm):
    uid = HiddenField(default=lambda: str(uuid4()))


class TripForm(EntryForm):
    """The distance is in the person's unit, with at most three decimals."""

    distance = StringField(lazy_gettext("Distance"), validators=[DataRequired(lazy_gettext("How far?"))])
    purpose = StringField(lazy_gettext("Purpose"), validators=[DataRequired(lazy_gettext("What for?"))])
    reason = StringField(
        lazy_gettext("Why"), validators=[DataRequired(lazy_gettext("Say why it is changed.")), SHORT]
    )

    @classmethod
    def of(cls, page: TripPage, unit: str, purpose: str) -> Self:
        """Filled with a trip as it stands, its purpose in words."""
        shown = round(Decimal(page.driven_metres) / METRES_PER[unit], 1)
        return cls(formdata=None, distance=typed(shown), purpose=purpose)

    def change(self, page: TripPage, unit: str, purpose: str) -> TripChange:
        """What to enter. A distance or purpose left as it was shown stays what it is, to the metre.

        Raises Invalid("distance").
        """
        shown = self.of(page, unit, purpose)
        is_same = read_number(self.distance.data or "") == read_number(shown.distance.data)
        metres = page.driven_metres if is_same else self._metres(unit)
        is_for = page.trip.purpose if self.purpose.data == purpose else self.purpose.data or ""
        return TripChange(self.uid.data or "", metres, is_for, self.reason.data or "")

    def _metres(self, unit: str) -> int:
        number = read_number(self.distance.data or "")
        if number is None:
            raise Invalid("distance", "not_a_distance", text=(self.distance.data or "").strip()[:20])
        return metres_of(number, unit)


class ReverseForm(EntryForm):
    """Stands on one page with the form that corrects, so its fields have names of their own."""

    def __init__(self, **given: Any) -> None:
        super().__init__(prefix="reverse-", **given)

    reason = StringField(
        lazy_gettext("Why"), validators=[DataRequired(lazy_gettext("Say why it counts no more.")), SHORT]
    )


class EntryReverseForm(ReverseForm):
    """As ``ReverseForm``, of one of several entries: ``trip-12`` or ``expense-5``."""

    entry = StringField(
        validators=[Regexp(r"(trip|expense)-\d{1,9}\Z", message=lazy_gettext("Choose an entry."))]
    )

    @property
    def is_trip(self) -> bool:
        return self._parts[0] == "trip"

    @property
    def entry_id(self) -> int:
        return int(self._parts[1])

    @property
    def _parts(self) -> list[str]:
        return (self.entry.data or "").split("-")
