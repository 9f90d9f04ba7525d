"""The currency a rep claims what they spend in: that of the territory they belong to on the day."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from planner.services import scope

WITHOUT_TERRITORY = "USD"


def of_day(session: Session, rep_id: int, on: date, today: date) -> str:
    """Of a day outside every territory that of today; of a rep who has none either, dollars."""
    territory = scope.home_territory(session, rep_id, on) or scope.home_territory(session, rep_id, today)
    return territory.currency if territory else WITHOUT_TERRITORY
