"""Forms about people: who they are, where and when they work, when they are away, where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from planner.domain.access import Role
from planner.domain.working_week import WorkingDay
from planner.services.company.people import PersonData
from planner.services.company.working_weeks import RoadSide
from planner.web.forms.login import EMAIL, needed, stripped
from planner.web.forms.nights import NightsForm
from planner.web.forms.numbers import DegreesField
from planner.web.forms.parts import Part
from planner.web.words import WORDS, word

WEEKDAYS = (
    lazy_gettext("Monday"),
    lazy_gettext("Tuesday"),
    lazy_gettext("Wednesday"),
    lazy_gettext("Thursday"),
    lazy_gettext("Friday"),
    lazy_gettext("Saturday"),
    lazy_gettext("Sunday"),
)
DAY_ON = lazy_gettext("Choose a day.")


class PersonForm(FlaskForm):  # type: ignore[misc]
    name = StringField(lazy_gettext("Name"), filters=[stripped], validators=[needed(), Length(max=120)])
    email = EmailField(
        lazy_gettext("E-mail, to sign in with"),
        filters=[stripped],
        validators=[needed(), EMAIL, Length(max=254)],
    )
    role = SelectField(
        lazy_gettext("Role"),
        choices=[SelectChoice(role.value, WORDS[Role][role]) for role in Role],
        default=Role.REP.value,
    )
    distance_unit = RadioField(
        lazy_gettext("Distances in"),
        choices=[SelectChoice("km", lazy_gettext("kilometres")), SelectChoice("mi", lazy_gettext("miles"))],
        default="km",
    )

    @property
    def person(self) -> PersonData:
        return PersonData(self.name.data, self.email.data, Role(self.role.data), self.distance_unit.data)


class DayForm(Part):
    """One weekday of the working week. Lunch of 0 minutes: none."""

    works = BooleanField(lazy_gettext("Works"))
    starts = TimeField(lazy_gettext("From"), validators=[Optional()])
    ends = TimeField(lazy_gettext("To"), validators=[Optional()])
    lunch_minutes = IntegerField(
        lazy_gettext("Lunch, minutes"), validators=[Optional(), NumberRange(0, 240)], default=0
    )
    lunch_from = TimeField(lazy_gettext("Lunch begins from"), validators=[Optional()])
    lunch_to = TimeField(lazy_gettext("Lunch begins until"), validators=[Optional()])
    night_after = BooleanField(lazy_gettext("Night away"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Times are asked for only on days that are worked."""
        if not super().validate(extra_validators):
            return False
        wanted = [self.starts, self.ends] if self.works.data else []
        if self.works.data and self.lunch_minutes.data:
            wanted += [self.lunch_from, self.lunch_to]
        for field in wanted:
            if field.data is None:
                field.errors = [lazy_gettext("A time is missing.")]
        return all(field.data is not None for field in wanted)


class RoadSideForm(FlaskForm):  # type: ignore[misc]
    home_address = StringField(lazy_gettext("Address"), filters=[stripped], validators=[Length(max=240)])
    home_lat = DegreesField(lazy_gettext("Latitude"), validators=[Optional()])
    home_lon = DegreesField(lazy_gettext("Longitude"), validators=[Optional()])
    vehicle = StringField(lazy_gettext("Vehicle"), filters=[stripped], validators=[Length(max=80)])
    days = FieldList(FormField(DayForm), min_entries=7, max_entries=7)
    nights = FormField(NightsForm)

    @classmethod
    def of(cls, side: RoadSide, unit: str) -> RoadSideForm:
        """The form, filled with what stands; a submitted form keeps what was sent. Distances in ``unit``."""
        week = {day.weekday: day for day in side.week}
        form = cls(
            home_address=side.home_address,
            home_lat=side.home_lat,
            home_lon=side.home_lon,
            vehicle=side.vehicle,
            days=[_shown(week.get(weekday), weekday in side.nights.evenings) for weekday in range(7)],
            nights=NightsForm.shown(side.nights, unit),
        )
        form.nights.form.reads_in(unit)
        form.standing_nights = side.nights
        return form

    @property
    def road_side(self) -> RoadSide:
        evenings = tuple(weekday for weekday, day in enumerate(self.days) if day.form.night_after.data)
        return RoadSide(
            self.home_address.data or "",
            self.home_lat.data,
            self.home_lon.data,
            self.vehicle.data or "",
            tuple(_week(self.days)),
            self.nights.form.value(evenings, self.standing_nights),
        )


class AbsenceForm(FlaskForm):  # type: ignore[misc]
    from_on = DateField(lazy_gettext("First day away"), validators=[DataRequired(DAY_ON)])
    last_on = DateField(lazy_gettext("Last day away"), validators=[DataRequired(DAY_ON)])
    kind = SelectField(lazy_gettext("Why"))

    def __init__(self, kinds: Iterable[Any], **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, word(kind)) for kind in kinds]


class MembershipForm(FlaskForm):  # type: ignore[misc]
    territory_id = SelectField(lazy_gettext("Territory"), coerce=int, validators=[InputRequired()])
    from_on = DateField(lazy_gettext("From"), validators=[DataRequired(DAY_ON)])
    until_on = DateField(lazy_gettext("Until (not included)"), validators=[Optional()])

    def __init__(self, territories: Iterable[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.territory_id.choices = [SelectChoice(number, name) for number, name in territories]


def _shown(day: WorkingDay | None, night_after: bool) -> dict[str, Any]:
    if day is None:
        return {
            "works": False,
            "lunch_from": time(12),
            "lunch_to": time(14),
            "lunch_minutes": 0,
            "night_after": night_after,
        }
    return {
        "works": True,
        "night_after": night_after,
        "starts": _time(day.starts_seconds),
        "ends": _time(day.ends_seconds),
        "lunch_minutes": day.lunch_seconds // 60,
        "lunch_from": _time(day.lunch_from_seconds),
        "lunch_to": _time(day.lunch_to_seconds),
    }


def _week(days: FieldList) -> Iterable[WorkingDay]:
    for weekday, entry in enumerate(days):
        day = entry.form
        if not day.works.data:
            continue
        lunch = (day.lunch_minutes.data or 0) * 60
        yield WorkingDay(
            weekday,
            _seconds(day.starts.data),
            _seconds(day.ends.data),
            _seconds(day.lunch_from.data or time(12)),
            _seconds(day.lunch_to.data or time(14)),
            lunch,
        )


def _time(seconds: int) -> time:
    minutes = min(seconds // 60, 24 * 60 - 1)
    return time(minutes // 60, minutes % 60)


def _seconds(value: time) -> int:
    return value.hour * 3600 + value.minute * 60
