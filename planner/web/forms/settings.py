"""The form of the installation's settings. Ranges stand in ``planner.services.installation.settings``."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from planner.domain.balance import Balance
from planner.domain.commuting import Commute
from planner.domain.tile_server import LONGEST_ATTRIBUTION, LONGEST_URL
from planner.services.installation.settings import NavigationApp, Settings, TravelEngine
from planner.web.forms.login import stripped
from planner.web.forms.numbers import NO_NUMBER, NumberField
from planner.web.languages import NAMES
from planner.web.words import word

TEXTS = ("company_name", "rush_hours", "tile_url", "tile_attribution")


def one_break(value: str | None) -> str | None:
    """Browsers end lines with two characters; kept texts are compared."""
    return "\n".join(value.splitlines()) if value else value


class SettingsForm(FlaskForm):  # type: ignore[misc]
    company_name = StringField(lazy_gettext("Company name"), filters=[stripped], validators=[Length(max=80)])
    language = SelectField(lazy_gettext("Language, where no other is known"))
    speed_factor = NumberField(lazy_gettext("Speed factor"), validators=[InputRequired(NO_NUMBER)])
    minds_turns = BooleanField(lazy_gettext("Mind turn restrictions and the time that turns take"))
    signal_seconds = NumberField(
        lazy_gettext("Seconds lost at traffic lights"), validators=[InputRequired(NO_NUMBER)]
    )
    rush_hours = TextAreaField(
        lazy_gettext("Rush hours"),
        filters=[stripped, one_break],
        validators=[Length(max=500)],
        render_kw={"rows": 3},
    )
    travel_engine = SelectField(lazy_gettext("Driving times come from"))
    osrm_url = StringField(
        lazy_gettext("Address of the OSRM server"),
        filters=[stripped],
        validators=[Length(max=200)],
        render_kw={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"},
    )
    osrm_table_size = IntegerField(
        lazy_gettext("Largest table of the OSRM server (places)"), validators=[InputRequired(NO_NUMBER)]
    )
    snap_warn_metres = IntegerField(
        lazy_gettext("Warn when a pin is this far off the road (m)"), validators=[InputRequired(NO_NUMBER)]
    )
    snap_refuse_metres = IntegerField(
        lazy_gettext("Leave out of plans when it is this far off (m)"), validators=[InputRequired(NO_NUMBER)]
    )
    prospects_per_week = IntegerField(
        lazy_gettext("Prospects per rep and week"), validators=[InputRequired(NO_NUMBER)]
    )
    frozen_days = IntegerField(
        lazy_gettext("Days after today that plans leave alone"), validators=[InputRequired(NO_NUMBER)]
    )
    balance = SelectField(lazy_gettext("Days are planned"))
    commute = SelectField(lazy_gettext("First leg from home and last leg home are"))
    commute_beyond_metres = IntegerField(lazy_gettext("Distance beyond which they count (m)"))
    navigation_app = SelectField(lazy_gettext("Navigate opens first"))
    tile_url = StringField(
        lazy_gettext("Address of a tile server"),
        filters=[stripped],
        validators=[Length(max=LONGEST_URL)],
        render_kw={"inputmode": "url", "spellcheck": "false"},
    )
    tile_attribution = StringField(
        lazy_gettext("Whom its maps must name"),
        filters=[stripped],
        validators=[Length(max=LONGEST_ATTRIBUTION)],
    )
    demo_logins_anywhere = BooleanField(lazy_gettext("Demo logins work from other machines too"))
    online_search = BooleanField(lazy_gettext("Typed addresses may be looked up online"))
    online_search_url = StringField(
        lazy_gettext("Nominatim service"), filters=[stripped], validators=[Length(max=200)]
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.navigation_app.choices = [SelectChoice(app.value, word(app)) for app in NavigationApp]
        self.language.choices = [SelectChoice(language.value, name) for language, name in NAMES.items()]
        self.commute.choices = [SelectChoice(choice.value, word(choice)) for choice in Commute]
        self.balance.choices = [SelectChoice(choice.value, word(choice)) for choice in Balance]
        self.travel_engine.choices = [SelectChoice(engine.value, word(engine)) for engine in TravelEngine]

    @property
    def wanted(self) -> dict[str, Any]:
        found = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return {
            **found,
            **{name: found[name] or "" for name in TEXTS},
            "osrm_url": (found["osrm_url"] or "").rstrip("/"),
            "online_search_url": found["online_search_url"] or Settings().online_search_url,
        }
