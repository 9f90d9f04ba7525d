"""What the demo holds once it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, inspect, select

from planner.database import Base, reading
from planner.demo import state
from planner.demo.staff import NETWORK, REPS
from planner.domain.claims import ClaimState
from planner.domain.follow_ups import FollowUpState, urgency
from planner.domain.mileage import TripOrigin
from planner.domain.visits import VisitState
from planner.models.accounts import Account, AccountKind
from planner.models.follow_ups import FollowUp
from planner.models.ledger import Claim, ClosedDay, Expense, Trip
from planner.models.people import Absence, Person, Rep, Shift
from planner.models.schedule import Proposal, UnplacedAccount
from planner.models.territories import Ownership, Territory
from planner.models.visits import DayRoute, Note, Stop, Visit
from planner.services.installation import audit
from planner.services.ledger import amounts, chain, claims, trips
from routing.network import NotOnRoad, current, snap
from routing.types import Place
from tests.demo.small import TODAY, load_small, opened, template

MADE_BY_CHANCE = {
    "uid",
    "password_hash",
    "entry_sha256",
    "content_sha256",
    "previous_sha256",
    "salt",
    "personal_sha256",
}
"""Columns that differ between two demos of one day: random by purpose."""

COMPARED = (
    Territory, Rep, Shift, Absence, Account, Ownership, Visit, Note, DayRoute, Stop, Proposal,
    UnplacedAccount, Claim, ClosedDay, Trip, Expense, FollowUp,
)  # fmt: skip
FROM_THE_CLOCK = {"solved_at", "created_at", "published_at"}


@pytest.fixture
def rows(demo):
    with demo.app.app_context():
        yield reading()


def digest(session):
    """Every compared row as values, without what is random or taken from the clock."""
    found = {}
    for table in COMPARED:
        names = [
            column.key
            for column in inspect(table).mapper.column_attrs
            if column.key not in MADE_BY_CHANCE | FROM_THE_CLOCK
        ]
        query = select(*(getattr(table, name) for name in names)).order_by(*inspect(table).primary_key)
        found[table.__name__] = [tuple(map(str, row)) for row in session.execute(query)]
    return found


def test_the_same_day_gives_the_same_rows(tmp_path_factory, tmp_path):
    load_small(tmp_path, TODAY)
    digests = []
    for folder in (tmp_path, template(tmp_path_factory)):
        with opened(folder) as app, app.app_context():
            digests.append(digest(reading()))
    for name in digests[0]:
        assert digests[0][name] == digests[1][name], name


def test_another_day_has_the_same_shops_and_another_past(tmp_path_factory, tmp_path):
    load_small(tmp_path, TODAY + timedelta(days=1))
    digests = []
    for folder in (tmp_path, template(tmp_path_factory)):
        with opened(folder) as app, app.app_context():
            digests.append(digest(reading()))
    assert digests[0]["Account"] == digests[1]["Account"]
    assert digests[0]["Visit"] != digests[1]["Visit"]


def test_claims_stand_in_every_state(rows):
    states = Counter(rows.scalars(select(Claim.state)))
    assert set(states) == set(ClaimState)


def test_the_ledger_the_claims_and_the_audit_log_hold(rows):
    assert chain.verify(rows) == []
    assert amounts.verify(rows) == []
    assert claims.verify_totals(rows) == []
    assert audit.verify(rows).holds


def test_trips_measure_the_same_on_the_roads_again(demo, rows):
    folder = demo.app.config["NETWORKS_FOLDER"]
    found = rows.scalars(select(Trip).order_by(Trip.id)).all()[::7]
    assert [trips.recompute(folder, trip) for trip in found] == [trip.road_metres for trip in found]


def test_some_trips_are_late_some_claim_a_detour_and_some_receipts_are_missing(rows):
    assert rows.scalar(select(func.count()).where(Trip.is_late)) > 0
    assert rows.scalar(select(func.count()).where(Trip.metres > Trip.road_metres)) > 0
    receipts = Counter(value is None for value in rows.scalars(select(Expense.receipt_id)))
    assert receipts[True] > 0
    assert receipts[False] > 0


def test_there_are_readings_drives_by_hand_corrections_and_expenses_of_a_visit(rows):
    def count(condition):
        return rows.scalar(select(func.count()).where(condition))

    assert count(ClosedDay.odometer_metres.is_not(None)) > 4
    assert count(Trip.origin == TripOrigin.MANUAL) > 0
    assert count(Trip.corrects_id.is_not(None)) > 0
    assert count(Expense.visit_id.is_not(None)) > 5


def test_every_rep_has_visits_today_and_in_the_weeks_to_come(rows):
    for spec in REPS:
        rep_id = rows.scalar(select(Person.id).where(Person.name == spec.name))
        planned = rows.scalars(select(Visit.on).where(Visit.rep_id == rep_id, Visit.on >= TODAY)).all()
        assert min(planned) == TODAY
        assert max(planned) >= TODAY + timedelta(days=20)


def test_next_steps_are_followed_up_some_late_some_without_a_date_most_done(rows):
    found = rows.scalars(select(FollowUp)).all()
    open_now = Counter(urgency(row.due_on, TODAY).value for row in found if row.state is FollowUpState.OPEN)
    assert {"overdue", "today", "soon", "undated"} <= open_now.keys()
    assert sum(row.state is FollowUpState.DONE for row in found) > 0


def test_one_day_has_begun(rows):
    today = Counter(rows.scalars(select(Visit.state).where(Visit.on == TODAY)))
    assert today[VisitState.DONE] == 2
    assert today[VisitState.PLANNED] > 0


def test_an_absence_lies_ahead(rows):
    assert rows.scalar(select(func.count()).where(Absence.from_on > TODAY)) == 1


def test_something_is_wrong_to_be_found(demo, rows):
    accounts = rows.scalars(select(Account)).all()
    assert any(account.lat is None for account in accounts), "one without a pin"
    assert any(not account.windows for account in accounts), "one without opening hours"
    placed = [Place(a.lon, a.lat, a.name) for a in accounts if a.lat is not None]
    network = current(demo.app.config["NETWORKS_FOLDER"], NETWORK)
    troubles = {spot.trouble for spot in snap(network, placed) if isinstance(spot, NotOnRoad)}
    assert troubles == {"off_road", "swapped"}
    nobodys = select(func.count()).where(Ownership.rep_id.is_(None), Ownership.until_on.is_(None))
    assert rows.scalar(nobodys) == 1
    names = Counter(account.name for account in accounts)
    assert max(names.values()) == 2, "one is entered twice"
    assert rows.scalars(select(UnplacedAccount.reason)).all().count("never_open") == 1


def test_there_are_prospects_and_contacts(rows):
    kinds = Counter(rows.scalars(select(Account.kind)))
    assert kinds[AccountKind.PROSPECT] > 0
    assert any(account.contacts for account in rows.scalars(select(Account)))


def test_wiping_leaves_no_row_behind(demo):
    with demo.app.app_context():
        state.wipe(reading())
        left = {
            table.name: reading().scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
        reading().rollback()
    assert set(left.values()) == {0}
