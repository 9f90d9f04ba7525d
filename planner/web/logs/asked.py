"""Which official log an address asks for: the form, and the period by a day in it or by its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request

from planner.database import reading
from planner.domain.log_forms import LogForm, PeriodKind, form_for, period
from planner.services.ledger import official_logs
from planner.services.ledger.official_logs import OfficialLog
from planner.web.asked import asked_date
from planner.web.signin import actor

NAMES = ("law", "period", "from", "to")
"""What an address may say."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A log and how it was asked for; ``values`` make the same address again."""

    rep_id: int
    log: OfficialLog
    kind: PeriodKind
    from_on: date
    last_on: date

    @property
    def values(self) -> dict[str, str]:
        said = {name: request.args[name] for name in NAMES if request.args.get(name)}
        return {**said, "rep": str(self.rep_id)}


def asked_log(rep_id: int, today: date) -> Asked:
    """Without a form that of the rep's country, without a period this month. Raises NotFound."""
    country = official_logs.territory_of(reading(), actor(), today, rep_id).country
    said = request.args.get("law", "")
    form = LogForm(said) if said in set(LogForm) else form_for(country)
    said = request.args.get("period", "")
    kind = PeriodKind(said) if said in set(PeriodKind) else PeriodKind.MONTH
    from_on = asked_date("from", today)
    last_on = asked_date("to", max(today, from_on))
    dates = period(kind, from_on, country, from_on, last_on)
    log = official_logs.read(reading(), actor(), today, rep_id, form, dates)
    return Asked(rep_id, log, kind, from_on, last_on)
