"""The form of the installation's settings. Ranges stand in ``planner.services.installation.settings``."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FloatField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from planner.domain.tile_server import LONGEST_ATTRIBUTION, LONGEST_URL
from planner.services.installation.settings import NavigationApp, Settings, TravelEngine
from planner.web.forms.login import stripped
from planner.web.words import word

TEXTS = ("company_name", "rush_hours", "tile_url", "tile_attribution")
A_NUMBER = lazy_gettext("A number is needed.")


class SettingsForm(FlaskForm):  # type: ignore[misc]
    company_name = StringField(lazy_gettext("Company name"), filters=[stripped], validators=[Length(max=80)])
    speed_factor = FloatField(
        lazy_gettext("Speed factor"),
        validators=[InputRequired(A_NUMBER)],
        render_kw={"step": "0.01", "inputmode": "decimal"},
    )
    minds_turns = BooleanField(lazy_gettext("Mind turn restrictions and the time that turns take"))
    signal_seconds = FloatField(
        lazy_gettext("Seconds lost at traffic lights"),
        validators=[InputRequired(A_NUMBER)],
        render_kw={"step": "0.5", "inputmode": "decimal"},
    )
    rush_hours = TextAreaField(
        lazy_gettext("Rush hours"), filters=[stripped], validators=[Length(max=500)], render_kw={"rows": 3}
    )
    travel_engine = SelectField(lazy_gettext("Driving times come from"))
    osrm_url = StringField(
        lazy_gettext("Address of the OSRM server"),
        filters=[stripped],
        validators=[Length(max=200)],
        render_kw={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"},
    )
    osrm_table_size = IntegerField(
        lazy_gettext("Largest table of the OSRM server (places)"), validators=[InputRequired(A_NUMBER)]
    )
    snap_warn_metres = IntegerField(
        lazy_gettext("Warn when a pin is this far off the road (m)"), validators=[InputRequired(A_NUMBER)]
    )
    snap_refuse_metres = IntegerField(
        lazy_gettext("Leave out of plans when it is this far off (m)"), validators=[InputRequired(A_NUMBER)]
    )
    prospects_per_week = IntegerField(
        lazy_gettext("Prospects per rep and week"), validators=[InputRequired(A_NUMBER)]
    )
    frozen_days = IntegerField(
        lazy_gettext("Days after today that plans leave alone"), validators=[InputRequired(A_NUMBER)]
    )

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
