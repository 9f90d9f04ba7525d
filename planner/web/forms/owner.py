"""The form that gives an account to a territory and a rep from a date on."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired

from planner.services.accounts.account_choices import TerritoryChoice
from planner.services.company.reps import RepChoice

NOBODY = ""


class OwnerForm(FlaskForm):  # type: ignore[misc]
    territory_id = SelectField(lazy_gettext("Territory"), coerce=int, validators=[InputRequired()])
    rep_id = SelectField(lazy_gettext("Owner"))
    from_on = DateField(lazy_gettext("From"), validators=[DataRequired(lazy_gettext("Choose a day."))])

    def offer(self, territories: Sequence[TerritoryChoice], reps: Sequence[RepChoice]) -> None:
        self.territory_id.choices = territory_choices(territories)
        self.rep_id.choices = rep_choices(reps)

    @property
    def rep(self) -> int | None:
        return int(self.rep_id.data) if self.rep_id.data else None


def territory_choices(territories: Sequence[TerritoryChoice]) -> list[SelectChoice]:
    return [SelectChoice(choice.territory_id, choice.name) for choice in territories]


def rep_choices(reps: Sequence[RepChoice]) -> list[SelectChoice]:
    """With nobody first: an account may wait for its owner."""
    return [SelectChoice(NOBODY, gettext("Nobody yet")), *(SelectChoice(str(r.rep_id), r.name) for r in reps)]
