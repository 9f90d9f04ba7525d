"""The form of a territory: choices come from the zones, countries and currencies of the world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Length

from planner.services import calendars
from planner.services.company.territories import TerritoryData
from planner.web.forms.login import needed, stripped
from planner.web.languages import locale


class TerritoryForm(FlaskForm):  # type: ignore[misc]
    name = StringField(lazy_gettext("Name"), filters=[stripped], validators=[needed(), Length(max=120)])
    parent_id = SelectField(
        lazy_gettext("Part of"), coerce=lambda value: int(value) if value not in ("", None) else None
    )
    country = SelectField(lazy_gettext("Country, for public holidays"))
    subdivision = StringField(lazy_gettext("Region code"), filters=[stripped], validators=[Length(max=12)])
    zone = SelectField(lazy_gettext("Time zone"))
    currency = SelectField(lazy_gettext("Currency"))
    network_name = SelectField(lazy_gettext("Roads"))

    def __init__(self, parents: Iterable[tuple[int, str]], networks: Sequence[str], **values: Any) -> None:
        super().__init__(**values)
        world = Locale.parse(locale())
        tops = [SelectChoice("", lazy_gettext("– nothing, it is at the top –"))]
        self.parent_id.choices = [*tops, *(SelectChoice(number, name) for number, name in parents)]
        self.country.choices = _named(
            (code, name) for code, name in world.territories.items() if calendars.is_country(code)
        )
        self.zone.choices = [SelectChoice(zone, zone) for zone in sorted(available_timezones())]
        self.currency.choices = _named((code, f"{code} – {name}") for code, name in world.currencies.items())
        self.network_name.choices = [SelectChoice(name, name) for name in networks]

    @property
    def territory(self) -> TerritoryData:
        return TerritoryData(
            self.name.data,
            self.parent_id.data,
            self.zone.data,
            self.country.data,
            self.subdivision.data or None,
            self.currency.data,
            self.network_name.data or "",
        )


def _named(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    ordered = sorted(pairs, key=lambda pair: pair[1])
    return [SelectChoice(code, name) for code, name in ordered]
