"""The form of one class's rule; field names are those of ``planner.services.accounts.rules.Rule``."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired

from planner.domain.import_values import read_cadence, read_minutes
from planner.services.accounts.rules import Rule
from planner.web.forms.account import cadence_text
from planner.web.forms.login import needed
from planner.web.forms.reading import ReadField


class RuleForm(FlaskForm):  # type: ignore[misc]
    cadence_days = ReadField(
        lazy_gettext("Cadence"), partial(read_cadence, field="cadence_days"), validators=[needed()]
    )
    earliest_gap_days = ReadField(
        lazy_gettext("Earliest gap"), partial(read_cadence, field="earliest_gap_days")
    )
    latest_gap_days = ReadField(lazy_gettext("Latest gap"), partial(read_cadence, field="latest_gap_days"))
    visit_seconds = ReadField(lazy_gettext("Visit length, minutes"), read_minutes, validators=[needed()])
    missed_price_minutes = IntegerField(
        lazy_gettext("Price of a missed visit, minutes"),
        validators=[InputRequired(lazy_gettext("A whole number of minutes is needed."))],
    )

    @classmethod
    def of(cls, letter: str, rule: Rule | None) -> RuleForm:
        """The form as the page opens; each class has its own ids."""
        return cls(formdata=None, prefix=letter, data=_shown(rule) if rule else {})

    @property
    def rule(self) -> Rule:
        return Rule(
            self.cadence_days.value,
            self.earliest_gap_days.value,
            self.latest_gap_days.value,
            self.visit_seconds.value,
            self.missed_price_minutes.data,
        )


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "cadence_days": cadence_text(rule.cadence_days),
        "earliest_gap_days": cadence_text(rule.earliest_gap_days),
        "latest_gap_days": cadence_text(rule.latest_gap_days),
        "visit_seconds": str(rule.visit_seconds // 60),
        "missed_price_minutes": rule.missed_price_minutes,
    }
