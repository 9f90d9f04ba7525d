"""The plan as it stands, day by day: visits to come, then what the last published plan proposes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.schedule import Proposal, VersionState
from planner.models.visits import Visit
from planner.services.schedule import planning
from planner.services.schedule.candidate_rows import STANDING
from planner.services.schedule.horizon import Horizon
from planner.services.schedule.rotation_problem import Posed


def standing_by_day(session: Session, rep_id: int, horizon: Horizon, posed: Posed) -> dict[int, list[int]]:
    """Account ids by day of the horizon, of those posed; days on which nobody works are left out."""
    known = {account.key for account in posed.problem.accounts}
    visits = session.execute(
        select(Visit.on, Visit.account_id)
        .where(Visit.rep_id == rep_id, Visit.on >= horizon.from_on, Visit.on < horizon.until_on)
        .where(Visit.state.in_(STANDING))
    ).all()
    version = planning.newest(session, rep_id, VersionState.PUBLISHED)
    proposed: Sequence[tuple[date, int]] = ()
    if version is not None:
        later = max(version.published_until_on, horizon.from_on)
        query = (
            select(Proposal.on, Proposal.account_id)
            .where(Proposal.version_id == version.id, Proposal.on >= later, Proposal.on < horizon.until_on)
            .order_by(Proposal.on, Proposal.position)
        )
        proposed = [(on, account_id) for on, account_id in session.execute(query)]
    found: dict[int, list[int]] = defaultdict(list)
    for on, account_id in [*visits, *proposed]:
        day = (on - horizon.from_on).days
        if account_id in known and account_id not in found[day] and horizon.days[day].shift is not None:
            found[day].append(account_id)
    return dict(found)
