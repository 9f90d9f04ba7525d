"""When accounts are visited next, and that prospects keep no cadence of their class."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.models.accounts import Account, AccountKind
from planner.models.schedule import Proposal, ScheduleVersion, VersionState
from planner.services.accounts import account_detail
from tests.conftest import NOW, TODAY
from tests.days import planned_visit
from tests.world import World

PUBLISHED_UNTIL = TODAY + timedelta(days=28)


def propose(world: World, account: Account, *dates: date) -> None:
    version = ScheduleVersion(
        rep_id=world.ana.id,
        state=VersionState.PUBLISHED,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=91),
        published_until_on=PUBLISHED_UNTIL,
        seed=1,
        network_version="x",
        driving_seconds=0,
        driving_metres=0,
        cost_seconds=0,
        created_at=NOW,
        days=[],
    )
    for on in dates:
        proposal = Proposal(account_id=account.id, on=on, position=0, kind="cadence", reason="due")
        proposal.begins_seconds, proposal.service_seconds, proposal.detour_seconds = 36000, 1800, 60
        version.proposals.append(proposal)
    world.session.add(version)
    world.session.flush()


def shown(world: World, account: Account) -> account_detail.AccountDetail:
    return account_detail.detail(world.session, Actor(world.ana.id, Role.REP), account.id, TODAY)


def test_beyond_the_published_weeks_the_proposal_says_when(session: Session) -> None:
    world = World(session)
    account = world.account(world.ana)
    # The first lies within the published weeks, where only a visit counts.
    propose(world, account, TODAY + timedelta(days=7), PUBLISHED_UNTIL, PUBLISHED_UNTIL + timedelta(days=9))
    detail = shown(world, account)
    assert detail.planned == ()
    assert detail.proposed_on == PUBLISHED_UNTIL


def test_a_planned_visit_comes_before_any_proposal(session: Session) -> None:
    world = World(session)
    account = planned_visit(world, world.ana, on=TODAY + timedelta(days=2)).account
    propose(world, account, PUBLISHED_UNTIL)
    assert [visit.on for visit in shown(world, account).planned] == [TODAY + timedelta(days=2)]


def test_a_prospect_takes_no_cadence_from_its_class(session: Session) -> None:
    world = World(session)
    account = world.account(world.ana)
    assert shown(world, account).due is not None
    account.kind = AccountKind.PROSPECT
    session.flush()
    assert shown(world, account).due is None
    account.cadence_days = 28
    session.flush()
    assert shown(world, account).due is not None
