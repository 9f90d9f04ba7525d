"""The account form: everything a person may say about an account, each field with its own refusal.

Field names are those of ``planner.domain.accounts.Draft``, so that a rule's refusal finds its field.
Opening hours are seven lines of text, one per weekday, Monday first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
)
from wtforms.validators import Optional

from planner.domain.accounts import Draft, DraftBlock, DraftContact
from planner.domain.cycles import Weekly, rule_of, weekly_of
from planner.domain.errors import Invalid
from planner.domain.hours import Window, read_times, times_text
from planner.domain.import_values import read_cadence, read_minutes, read_tags, read_value
from planner.domain.money import major
from planner.domain.places import read_degrees
from planner.services.accounts.account_choices import TerritoryChoice
from planner.services.company.reps import RepChoice
from planner.web.forms.numbers import typed
from planner.web.forms.owner import rep_choices, territory_choices
from planner.web.forms.parts import Part
from planner.web.forms.people import WEEKDAYS
from planner.web.forms.reading import ReadField
from planner.web.forms.trouble import tell

ONE_DAY = timedelta(days=1)


class BlockForm(Part):
    """The last day counts here; inside, ``until_on`` does not."""

    from_on = DateField(lazy_gettext("From"), validators=[Optional()])
    last_on = DateField(lazy_gettext("To, with the last day"), validators=[Optional()])
    reason = StringField(lazy_gettext("Why"))

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        first, last = self.from_on.data, self.last_on.data
        if is_valid and (first is None) != (last is None):
            self.last_on.errors = [gettext("Give the first and the last day.")]
            return False
        if is_valid and first is not None and last < first:
            self.last_on.errors = [gettext("The last day lies before the first.")]
            return False
        return is_valid


class ContactForm(Part):
    name = StringField(lazy_gettext("Name"))
    position = StringField(lazy_gettext("Position"))
    phone = TelField(lazy_gettext("Phone"))
    email = EmailField(lazy_gettext("E-mail"))


class AccountForm(FlaskForm):  # type: ignore[misc]
    rev = HiddenField()
    name = StringField(lazy_gettext("Name"))
    kind = SelectField(
        lazy_gettext("Kind"),
        choices=[
            SelectChoice("account", lazy_gettext("Account")),
            SelectChoice("prospect", lazy_gettext("Prospect")),
        ],
    )
    account_class = SelectField(
        lazy_gettext("Class"), choices=[SelectChoice(letter, letter) for letter in "ABC"], default="C"
    )
    external_id = StringField(lazy_gettext("External id"))
    industry = StringField(lazy_gettext("Industry"))
    tags = StringField(lazy_gettext("Tags"))
    address = StringField(lazy_gettext("Address"))
    city = StringField(lazy_gettext("City"))
    postcode = StringField(lazy_gettext("Postcode"))
    lat = ReadField(lazy_gettext("Latitude"), partial(read_degrees, field="lat"))
    lon = ReadField(lazy_gettext("Longitude"), partial(read_degrees, field="lon"))
    phone = TelField(lazy_gettext("Phone"))
    value_minor = ReadField(lazy_gettext("Value a year"))
    potential_minor = ReadField(lazy_gettext("Potential a year"))
    parking_hint = StringField(lazy_gettext("Parking hint"))
    cadence_days = ReadField(lazy_gettext("Cadence"), partial(read_cadence, field="cadence_days"))
    earliest_gap_days = ReadField(
        lazy_gettext("Earliest gap"), partial(read_cadence, field="earliest_gap_days")
    )
    latest_gap_days = ReadField(lazy_gettext("Latest gap"), partial(read_cadence, field="latest_gap_days"))
    visit_seconds = ReadField(lazy_gettext("Visit length, minutes"), read_minutes)
    cycle_weekdays = SelectMultipleField(
        lazy_gettext("On these weekdays"),
        choices=[SelectChoice(day, name) for day, name in enumerate(WEEKDAYS)],
        coerce=int,
    )
    cycle_weeks = IntegerField(lazy_gettext("Every so many weeks"), validators=[Optional()])
    cycle_from = DateField(lazy_gettext("Counted from the week of"), validators=[Optional()])
    cycle_rule = StringField(lazy_gettext("Or a rule (RFC 5545)"))
    hours = FieldList(ReadField(), min_entries=7, max_entries=7)
    blocks = FieldList(FormField(BlockForm), max_entries=50)
    contacts = FieldList(FormField(ContactForm), max_entries=50)
    territory_id = SelectField(lazy_gettext("Territory"), coerce=int, validate_choice=False)
    rep_id = SelectField(lazy_gettext("Owner"), validate_choice=False)

    def __init__(self, exponent: int, today: date, **options: Any) -> None:
        """``exponent``: decimals of the territory's currency."""
        super().__init__(**options)
        self.today = today
        for field in (self.value_minor, self.potential_minor):
            field.read = partial(read_value, exponent=exponent, field=field.name)
        for weekday, field in enumerate(self.hours):
            field.label.text = WEEKDAYS[weekday]
            field.read = partial(read_times, weekday=weekday, field=field.name)

    @classmethod
    def of(cls, draft: Draft, rev: int, exponent: int, today: date) -> AccountForm:
        """The form as the page opens. What was sent back with an error is left as it was typed."""
        form = cls(exponent, today, data=_shown(draft, rev, exponent))
        if not form.is_submitted():
            form.blocks.append_entry()
            form.contacts.append_entry()
        return form

    def offer(self, territories: Sequence[TerritoryChoice], reps: Sequence[RepChoice]) -> None:
        self.territory_id.choices = territory_choices(territories)
        self.rep_id.choices = rep_choices(reps)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        try:
            self._cycle_rule()
        except Invalid as error:
            tell(self, error)
            return False
        return is_valid

    @property
    def draft(self) -> Draft:
        """What was entered; only after ``validate`` has passed."""
        texts = ("name", "industry", "address", "city", "postcode", "phone", "parking_hint")
        read = (
            *("lat", "lon", "value_minor", "potential_minor", "visit_seconds"),
            *("cadence_days", "earliest_gap_days", "latest_gap_days"),
        )
        return Draft(
            **{name: _clean(self[name].data) for name in texts},
            **{name: self[name].value for name in read},
            kind=self.kind.data,
            account_class=self.account_class.data,
            external_id=_clean(self.external_id.data) or None,
            tags=tuple(read_tags(self.tags.data or "")),
            cycle_rule=self._cycle_rule(),
            windows=tuple(window for field in self.hours for window in field.value or ()),
            blocks=tuple(_block(entry.form) for entry in self.blocks if entry.form.from_on.data),
            contacts=tuple(_contact(entry.form) for entry in self.contacts if _is_filled(entry.form)),
        )

    @property
    def rep(self) -> int | None:
        return int(self.rep_id.data) if str(self.rep_id.data or "").isdigit() else None

    def tell_all(self, errors: Sequence[Invalid]) -> None:
        for error in errors:
            tell(self, error)

    def _cycle_rule(self) -> str | None:
        days = tuple(self.cycle_weekdays.data or ())
        if not days:
            return _clean(self.cycle_rule.data) or None
        weeks = 1 if self.cycle_weeks.data is None else self.cycle_weeks.data
        return rule_of(Weekly(days, weeks, self.cycle_from.data or self.today))


def cadence_text(days: int | None) -> str:
    """As ``read_cadence`` reads it back."""
    if days is None:
        return ""
    return gettext("%(n)s weeks", n=days // 7) if days % 7 == 0 else str(days)


def _shown(draft: Draft, rev: int, exponent: int) -> dict[str, Any]:
    weekly = weekly_of(draft.cycle_rule)
    plain = ("name", "kind", "account_class", "external_id", "industry", "address", "city", "postcode")
    return {
        **{name: getattr(draft, name) for name in (*plain, "phone", "parking_hint")},
        **{name: _typed(getattr(draft, name)) for name in ("lat", "lon")},
        **{
            name: cadence_text(getattr(draft, name))
            for name in ("cadence_days", "earliest_gap_days", "latest_gap_days")
        },
        "rev": rev,
        "tags": ", ".join(draft.tags),
        "value_minor": typed(_amount(draft.value_minor, exponent)),
        "potential_minor": typed(_amount(draft.potential_minor, exponent)),
        "visit_seconds": _typed(draft.visit_seconds // 60 if draft.visit_seconds else None),
        "cycle_weekdays": list(weekly.weekdays) if weekly else [],
        "cycle_weeks": weekly.weeks if weekly else None,
        "cycle_from": weekly.starts_on if weekly else None,
        "cycle_rule": "" if weekly else draft.cycle_rule or "",
        "hours": _hours(draft.windows),
        "blocks": [
            {"from_on": b.from_on, "last_on": b.until_on - ONE_DAY, "reason": b.reason} for b in draft.blocks
        ],
        "contacts": [
            {"name": c.name, "position": c.position, "phone": c.phone, "email": c.email}
            for c in draft.contacts
        ],
    }


def _hours(windows: Sequence[Window]) -> list[str]:
    return [times_text(window for window in windows if window.weekday == day) for day in range(7)]


def _amount(minor: int | None, exponent: int) -> Decimal | None:
    return None if minor is None else major(minor, exponent)


def _typed(value: object) -> str:
    return "" if value is None else str(value)


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _block(form: BlockForm) -> DraftBlock:
    return DraftBlock(form.from_on.data, form.last_on.data + ONE_DAY, _clean(form.reason.data))


def _is_filled(form: ContactForm) -> bool:
    return any(_clean(field.data) for field in form)


def _contact(form: ContactForm) -> DraftContact:
    return DraftContact(*(_clean(field.data) for field in (form.name, form.position, form.phone, form.email)))
