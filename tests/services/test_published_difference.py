"""A published version against the one before it: what its publishing did, whatever has happened since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.plan_difference import Reach, WeekChange
from planner.models.accounts import Account
from planner.models.schedule import ScheduleVersion, VersionState
from planner.models.visits import Visit
from planner.services.schedule import published_difference, publishing, unpublishing, version_review
from planner.services.schedule.published_difference import PublishedDifference, Step
from tests.conftest import NOW, TODAY
from tests.services.test_version_difference import (
    FRIDAY,
    HOUR,
    MONDAY,
    NEXT_WEEK,
    TUESDAY,
    ana,
    published,
    version,
)
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def difference(world: World, row: ScheduleVersion) -> PublishedDifference:
    found = published_difference.difference(world.session, row)
    assert found is not None
    return found


def two_plans(world: World) -> tuple[ScheduleVersion, list[Account]]:
    """The newer of two published plans: one account moved, one dropped, one added, one kept."""
    accounts = [world.account(world.ana, name, letter="A") for name in ("Mud", "Drop", "Add", "Keep")]
    moved, dropped, added, kept = accounts
    published(world, (moved, MONDAY), (dropped, MONDAY), (kept, FRIDAY))
    return published(world, (moved, TUESDAY), (added, NEXT_WEEK), (kept, FRIDAY), hours=1), accounts


def test_it_says_what_publishing_moved_added_dropped_and_kept(world: World) -> None:
    found = difference(world, two_plans(world)[0])
    assert found.moved == (Step("Mud", True, MONDAY, TUESDAY),)
    assert found.dropped == (Step("Drop", True, MONDAY, None),)
    assert found.added == (Step("Add", True, None, NEXT_WEEK),)
    assert found.kept == 1
    assert found.reach is Reach.ALL_NEAR
    assert found.weeks == (WeekChange(MONDAY, -1), WeekChange(MONDAY + timedelta(days=7), 1))


def test_it_is_what_the_proposal_had_said(world: World) -> None:
    accounts = [world.account(world.ana) for _ in range(3)]
    published(world, *((account, MONDAY) for account in accounts))
    row = version(world, (accounts[0], TUESDAY), (accounts[1], MONDAY), (accounts[1], FRIDAY), hours=1)
    review = version_review.review(world.session, ana(world), row.id, TODAY)
    said = (len(review.moved), len(review.added), len(review.dropped), review.kept)
    publishing.publish(world.session, ana(world), NOW + HOUR, TODAY, row.id)
    found = difference(world, row)
    assert (len(found.moved), len(found.added), len(found.dropped), found.kept) == said == (1, 1, 1, 1)


def test_what_happens_to_its_visits_later_changes_nothing_of_it(world: World) -> None:
    row, (moved, *_) = two_plans(world)
    before = difference(world, row)
    visit = world.session.scalars(select(Visit).where(Visit.account_id == moved.id)).one()
    visit.on, visit.rev = FRIDAY, visit.rev + 1
    published(world, (moved, NEXT_WEEK), hours=2)
    assert row.state is VersionState.SUPERSEDED
    assert difference(world, row).steps == before.steps


def test_the_first_plan_has_none_before_it(world: World) -> None:
    found = difference(world, published(world, (world.account(world.ana), MONDAY)))
    assert (found.former, found.inputs, found.reckoned) == (None, None, None)


def test_proposals_and_plans_taken_back_have_no_such_difference(world: World) -> None:
    row, (moved, *_) = two_plans(world)
    unpublishing.undo(world.session, ana(world), NOW, TODAY, row.id)
    never = version(world, (moved, FRIDAY), hours=3)
    assert published_difference.difference(world.session, row) is None
    assert published_difference.difference(world.session, never) is None
    never.state = VersionState.SUPERSEDED
    assert published_difference.difference(world.session, never) is None


def test_a_plan_that_counts_again_no_longer_knows_what_it_moved(world: World) -> None:
    row, (moved, *_) = two_plans(world)
    newest = published(world, (moved, FRIDAY), hours=2)
    unpublishing.undo(world.session, ana(world), NOW, TODAY, newest.id)
    found = difference(world, row)
    assert found.former is not None
    assert found.steps is None


def test_a_plan_published_before_dates_were_kept_claims_nothing(world: World) -> None:
    row, _ = two_plans(world)
    row.before_publish = [
        {name: value for name, value in entry.items() if name != "on"} for entry in row.before_publish or []
    ]
    assert difference(world, row).steps is None


def test_driving_is_what_both_plans_reckoned_for_their_common_days(world: World) -> None:
    account = world.account(world.ana)
    published(world, (account, MONDAY), (account, TUESDAY), (account, FRIDAY))
    row = published(world, (account, TUESDAY), (account, FRIDAY), (account, NEXT_WEEK), hours=1)
    reckoned = difference(world, row).reckoned
    assert reckoned is not None
    assert (reckoned.driving.before, reckoned.driving.after) == (7200, 7200)
    assert (reckoned.days, reckoned.more_visits) == (2, 0)


@pytest.mark.parametrize("fields", [{"network_version": "other"}, {"driving": {"turns": False}}])
def test_driving_on_other_roads_or_driven_otherwise_is_not_compared(
    world: World, fields: dict[str, object]
) -> None:
    account = world.account(world.ana)
    published(world, (account, TUESDAY))
    assert difference(world, published(world, (account, TUESDAY), hours=1, **fields)).reckoned is None
