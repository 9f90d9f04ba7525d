"""Odometer readings that come late, or into a month that was judged already; and whether any was altered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from planner.domain.errors import Invalid
from planner.domain.mileage_rates import VehicleKind
from planner.domain.odometer import Occasion
from planner.models.periods import PeriodLock
from planner.models.settings import AuditEntry
from planner.services.installation import audit
from planner.services.ledger import claim_check, manual_trips, odometer_proof, odometers, vehicles
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.odometer_proof import GONE, UNKNOWN
from planner.services.ledger.vehicles import NewVehicle
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rep, troubles, uid
from tests.tampering import unguarded

pytestmark = pytest.mark.both_databases

YESTERDAY, FEBRUARY = TODAY - timedelta(days=1), date(2026, 2, 20)
WHY = "Read from the workshop's bill"


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    made.expense(1500)
    return made


def note(world: LedgerWorld, on: date, kilometres: int, reason: str = "") -> None:
    odometers.record(world.session, rep(world.ana), NOW, TODAY, on, Occasion.MONTH, kilometres * 1000, reason)


def close_month(world: LedgerWorld) -> None:
    lock = PeriodLock(territory_id=world.company.root.id, from_on=date(2026, 3, 1))
    lock.until_on, lock.lock_reason = date(2026, 4, 1), "Paid"
    lock.locked_at, lock.locked_by = NOW, world.company.marta.id
    world.session.add(lock)
    world.session.flush()


def submit(world: LedgerWorld) -> None:
    world.step(world.ana, ClaimAction.SUBMIT)


def told(world: LedgerWorld) -> list[tuple[dict[str, object], dict[str, object]]]:
    query = select(AuditEntry).where(AuditEntry.action == "odometer.noted").order_by(AuditEntry.id)
    return [(entry.before, entry.after) for entry in world.session.scalars(query)]


def is_late(world: LedgerWorld) -> dict[date, bool]:
    return {each.on: each.is_late for each in odometers.readings(world.session, world.ana.id)}


def test_a_reading_is_late_when_a_trip_would_be(world: LedgerWorld) -> None:
    note(world, TODAY - timedelta(days=8), 1_000)
    note(world, TODAY - timedelta(days=7), 1_001)
    assert list(is_late(world).values()) == [True, False]


@pytest.mark.parametrize("settle", [submit, close_month])
def test_in_a_settled_month_a_reading_says_why_it_comes_now(world: LedgerWorld, settle: object) -> None:
    note(world, YESTERDAY, 1_000)
    settle(world)  # type: ignore[operator]
    for on in (YESTERDAY, TODAY):
        with pytest.raises(Invalid) as refused:
            note(world, on, 1_010, " ")
        assert (refused.value.field, refused.value.code) == ("reason", "odometer_reason_missing")
    assert is_late(world) == {YESTERDAY: False}
    for on in (YESTERDAY, TODAY):
        note(world, on, 1_010, WHY)
    assert is_late(world) == {YESTERDAY: True, TODAY: True}
    assert told(world)[1][0] == {"odometer_metres": 1_000_000}
    assert [after["reason"] for _, after in told(world)] == ["", WHY, WHY]
    note(world, date(2026, 2, 27), 900)  # another month
    assert troubles(world.session) == []


def test_a_month_that_came_back_is_settled_no_more(world: LedgerWorld) -> None:
    submit(world)
    world.step(world.company.marta, ClaimAction.RETURN, "Which parking?")
    note(world, TODAY, 1_000)
    assert is_late(world) == {TODAY: False}


def test_a_day_closed_with_a_reading_notes_it_as_any_other(world: LedgerWorld) -> None:
    world.close(on=FEBRUARY, odometer_metres=1_000_000)
    world.close(on=YESTERDAY, odometer_metres=1_010_000)
    submit(world)
    with pytest.raises(Invalid, match="odometer_reason_missing"):
        world.close(odometer_metres=1_020_000)
    world.close(odometer_metres=1_020_000, reason=WHY)
    assert is_late(world) == {FEBRUARY: True, YESTERDAY: False, TODAY: True}
    assert [after["on"] for _, after in told(world)] == [
        each.isoformat() for each in (FEBRUARY, YESTERDAY, TODAY)
    ]
    assert all(after["day_closed"] for _, after in told(world))
    assert troubles(world.session) == []


def test_a_day_without_a_reading_may_be_closed_in_a_settled_month(world: LedgerWorld) -> None:
    submit(world)
    world.close()
    assert told(world) == []
    assert troubles(world.session) == []


@pytest.mark.parametrize("late", [TODAY, YESTERDAY])
def test_a_question_about_the_odometer_names_the_reading_that_came_late(
    world: LedgerWorld, late: date
) -> None:
    ends = ManualEnd(label="Office"), ManualEnd(label="Port")
    drive = ManualTrip(uid(), TODAY, *ends, "Samples", 40_000)
    manual_trips.add(world.session, rep(world.ana), NOW, TODAY, world.networks, drive)
    for on in (YESTERDAY, TODAY):
        if on != late:
            note(world, on, 1_000)
    submit(world)
    note(world, late, 1_000, WHY)
    (checked,) = claim_check.check(world.session, [world.claim()])
    (gap,) = [day.odometer for day in checked.days if day.odometer]
    assert gap.late is not None
    assert (gap.late.on, gap.late.reason) == (late, WHY)


def kept(world: LedgerWorld) -> None:
    """A reading that was replaced, a closed day's, one that replaced a closed day's, and a car's."""
    note(world, FEBRUARY, 1_000)
    note(world, FEBRUARY, 1_001)
    world.close(on=YESTERDAY, odometer_metres=1_010_000)
    world.close(on=TODAY, odometer_metres=1_020_000)
    note(world, TODAY, 1_021)
    car = NewVehicle(TODAY + timedelta(days=1), VehicleKind.CAR, "KX-42", 1_030_000, 5_000)
    vehicles.change(world.session, rep(world.ana), NOW, car)
    world.session.commit()


INSERTED = (
    'INSERT INTO odometer_reading (rep_id, "on", occasion, odometer_metres, entered_at, is_late, reason)'
    " VALUES (:ana, '2026-02-27', 'month', 1005000, '2026-02-27 20:00:00', false, '')"
)


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE odometer_reading SET odometer_metres = 9 WHERE \"on\" < '2026-03-01'",
         "odometer of Ana, 2026-02-20: the audit log says otherwise: odometer_metres 1001000"),
        ("UPDATE odometer_reading SET is_late = false",
         "odometer of Ana, 2026-02-20: the audit log says otherwise: is_late True"),
        ("UPDATE closed_day SET odometer_metres = 9 WHERE \"on\" = '2026-03-03'",
         "odometer at the day's end of Ana, 2026-03-03: the audit log says otherwise: "
         "odometer_metres 1010000"),
        ("UPDATE closed_day SET odometer_metres = NULL WHERE \"on\" = '2026-03-03'",
         f"odometer at the day's end of Ana, 2026-03-03: {GONE}"),
        ("UPDATE vehicle SET first_metres = 1",
         "vehicle of Ana, 2026-03-05: the audit log says otherwise: first_metres 5000"),
        ("DELETE FROM odometer_reading WHERE \"on\" = '2026-03-04'", f"odometer of Ana, 2026-03-04: {GONE}"),
        ("DELETE FROM vehicle", f"vehicle of Ana, 2026-03-05: {GONE}"),
        (INSERTED, f"odometer of Ana, 2026-02-27: {UNKNOWN}"),
    ],
)  # fmt: skip
def test_a_reading_that_only_a_statement_changed_is_told(
    world: LedgerWorld, statement: str, line: str
) -> None:
    kept(world)
    assert troubles(world.session) == []
    (holds,) = odometer_proof.findings(world.session)
    assert holds.what == "5 odometer readings and vehicles"
    world.session.execute(text(statement), {"ana": world.ana.id} if ":ana" in statement else {})
    assert troubles(world.session) == [line]


def test_a_reading_put_into_a_day_closed_without_one_is_told(world: LedgerWorld) -> None:
    world.close()
    world.session.execute(text("UPDATE closed_day SET odometer_metres = 9"))
    assert troubles(world.session) == [f"odometer at the day's end of Ana, {TODAY}: {UNKNOWN}"]


def test_readings_from_before_the_log_kept_them_are_counted_apart(world: LedgerWorld) -> None:
    """A day closed then; one replaced then, of which the log does not tell the evening, nor, where it stayed
    the same, the reading; a vehicle whose readings were not kept."""
    kept(world)
    with unguarded(world.session):
        for statement in (
            "DELETE FROM audit_entry WHERE action = 'odometer.noted'",
            "UPDATE closed_day SET odometer_is_late = NULL",
        ):
            world.session.execute(text(statement))
        ana, admin = world.ana.id, rep(world.ana)
        (car,) = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "vehicle.changed"))
        car.after = {key: value for key, value in car.after.items() if not key.endswith("_metres")}
        first = {"on": FEBRUARY, "odometer_metres": 1}
        for before, after in (
            (None, first),
            ({"on": FEBRUARY, "odometer_metres": 1}, {"on": FEBRUARY, "odometer_metres": 1_001_000}),
            ({"odometer_metres": 1_021_000}, {"on": TODAY, "odometer_metres": 1_021_000}),
        ):
            audit.record(world.session, admin, NOW, "odometer.noted", "rep", ana, before, after)
    (found,) = odometer_proof.findings(world.session)
    assert (found.trouble, found.what) == (
        "",
        "5 odometer readings and vehicles, 5 of them from before the audit log kept them",
    )


def test_of_somebody_erased_nothing_is_compared(world: LedgerWorld) -> None:
    kept(world)
    with unguarded(world.session):
        world.session.execute(text("UPDATE audit_entry SET after = '{}' WHERE subject_kind = 'rep'"))
        world.session.execute(
            text("UPDATE person SET erased_at = '2026-03-04 12:00:00', is_active = false WHERE id = :id"),
            {"id": world.ana.id},
        )
    (found,) = odometer_proof.findings(world.session)
    assert (found.trouble, found.what) == ("", "0 odometer readings and vehicles")


def test_a_vehicle_taken_back_is_not_missed(world: LedgerWorld) -> None:
    car = NewVehicle(TODAY, VehicleKind.CAR, "KX-42")
    vehicles.change(world.session, rep(world.ana), NOW, car)
    vehicles.take_back(world.session, rep(world.ana), NOW, TODAY)
    assert troubles(world.session) == []
