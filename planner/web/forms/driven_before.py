"""What a rep drove before Rounds kept count, in the unit of whoever writes it down."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired

from planner.domain.mileage_rates import VehicleKind
from planner.services.ledger.driven_before import Page
from planner.web.forms.driving import metres_typed
from planner.web.words import WORDS


class DrivenBeforeForm(FlaskForm):  # type: ignore[misc]
    kind = SelectField(lazy_gettext("Vehicle"))
    year = SelectField(lazy_gettext("Tax year that began on"))
    distance = StringField(
        lazy_gettext("Driven on business"),
        validators=[DataRequired(lazy_gettext("How far?"))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )

    def offer(self, page: Page) -> None:
        self.kind.choices = [SelectChoice(kind.value, WORDS[VehicleKind][kind]) for kind in page.kinds]
        self.year.choices = [SelectChoice(on.isoformat(), format_date(on, "long")) for on in page.years]

    @property
    def chosen_kind(self) -> VehicleKind:
        return VehicleKind(self.kind.data)

    @property
    def year_from_on(self) -> date:
        return date.fromisoformat(self.year.data)

    def metres(self, unit: str) -> int:
        """Raises Invalid("distance")."""
        return metres_typed("distance", self.distance.data or "", unit)
