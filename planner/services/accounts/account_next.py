"""When accounts are visited next: by a planned visit, or by a proposal beyond the published weeks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Subquery, func, select

from planner.domain.visits import VisitKind, VisitState
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.models.visits import Visit


def planned(on: date) -> Subquery:
    """Of every account its next planned visit from ``on``: account_id, on."""
    return (
        select(Visit.account_id, func.min(Visit.on).label("on"))
        .where(Visit.state == VisitState.PLANNED, Visit.on >= on)
        .group_by(Visit.account_id)
        .subquery("planned")
    )


def proposed(on: date) -> Subquery:
    """Of every account the first date its rep's schedule proposes after the published weeks.

    Prospects are left out: their proposals are filled anew with every plan.
    """
    return (
        select(Proposal.account_id, func.min(Proposal.on).label("on"))
        .join(ScheduleVersion, ScheduleVersion.id == Proposal.version_id)
        .where(ScheduleVersion.state == VersionState.PUBLISHED)
        .where(Proposal.on >= ScheduleVersion.published_until_on, Proposal.on >= on)
        .where(Proposal.kind != VisitKind.PROSPECT.value)
        .group_by(Proposal.account_id)
        .subquery("proposed")
    )
