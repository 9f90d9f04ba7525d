"""Export batches: the same bytes for ever, a line in one batch at most, and sums that agree everywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from planner.domain.access import Actor
from planner.domain.claims import ClaimAction, ClaimState, Totals
from planner.domain.errors import Conflict, NotAllowed, NotFound
from planner.domain.expenses import ExpenseCategory
from planner.models.exports import ExportBatch, ExportLine
from planner.models.ledger import Claim, Expense, Trip
from planner.models.people import Person
from planner.services.ledger import (
    chain,
    claims,
    export_batches,
    export_files,
    export_lines,
    export_proof,
    presets,
    receipts,
)
from planner.services.ledger.entries import noted_at
from planner.services.ledger.export_batches import WaitingFilter
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, uid
from tests.tampering import unguarded

both_databases = pytest.mark.both_databases
FORMULA = '=HYPERLINK("http://evil")'
MARCH = date(2026, 3, 1)


def trip(rep_id: int, claim_id: int, **more: object) -> Trip:
    given = {
        "uid": uid(),
        "on": TODAY,
        "position": 0,
        "currency": "CLP",
        "metres": 12_431,
        "amount_minor": 2238,
    }
    row = Trip(
        **{**given, **more}, rep_id=rep_id, claim_id=claim_id, from_label="Plaza de Armas", to_label="x"
    )
    row.from_lat = row.from_lon = row.to_lat = row.to_lon = 0.0
    row.purpose, row.network_name, row.network_version = "cadence.order", "roads", "1"
    row.road_metres, row.road_seconds, row.entered_at = 12_431, 600, NOW
    return row


def spent(rep_id: int, claim_id: int, **more: object) -> Expense:
    given = {"uid": uid(), "on": TODAY, "category": ExpenseCategory.PARKING, "amount_minor": 1500}
    row = Expense(**{**given, "currency": "CLP", **more}, rep_id=rep_id, claim_id=claim_id)
    row.entered_at = NOW
    return row


def approved(world: LedgerWorld, person: Person, *rows: Trip | Expense) -> Claim:
    """A claim of these lines, submitted and approved by the admin."""
    world.session.add_all(rows)
    world.session.flush()
    chain.append(world.session, person.id, rows)
    claim = world.session.get_one(Claim, rows[0].claim_id)
    for who, action in ((person, ClaimAction.SUBMIT), (world.company.admin, ClaimAction.APPROVE)):
        actor = Actor(who.id, who.role)
        claims.step(world.session, actor, NOW, TODAY, claim.id, claim.rev, action)
    return claim


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    """Ana's and Bruno's March are approved."""
    made = LedgerWorld(session)
    for person in (made.ana, made.company.bruno):
        claim_id = claims.open_for(session, person.id, TODAY, "CLP").id
        approved(
            made,
            person,
            trip(person.id, claim_id),
            trip(person.id, claim_id, position=1, metres=1000, amount_minor=180),
            spent(person.id, claim_id, merchant=FORMULA),
        )
    session.commit()
    return made


def exported(world: LedgerWorld, who: Person, preset: str = "payroll", *chosen: Claim) -> ExportBatch:
    actor = Actor(who.id, who.role)
    rows = chosen or [
        line.row for line in export_batches.waiting(world.session, actor, TODAY, WaitingFilter())
    ]
    seen = [(row.id, row.rev) for row in rows]
    with export_files.prepared(
        world.session, actor, TODAY, seen, presets.find(preset), lambda code: f"Words of {code}", str.upper
    ) as made:
        return export_batches.make(world.session, actor, NOW, TODAY, made, {})


def bytes_of(world: LedgerWorld, batch: ExportBatch) -> bytes:
    return b"".join(export_batches.pieces(world.session, batch))


def table(data: bytes) -> tuple[list[str], list[list[str]]]:
    headers, *lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return headers, lines


@both_databases
def test_a_batch_holds_its_claims_lines_totals_and_bytes(world: LedgerWorld) -> None:
    batch = exported(world, world.company.admin)
    data = bytes_of(world, batch)
    headers, lines = table(data)
    assert (batch.claim_count, batch.line_count, len(lines)) == (2, 6, 6)
    assert (batch.byte_count, batch.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    (total,) = batch.totals
    assert (total.currency, total.line_count) == ("CLP", 6)
    assert Totals(total.trips_metres, total.trips_minor, total.expenses_minor) == Totals(26_862, 4836, 3000)
    assert sum(int(line[headers.index("Amount")]) for line in lines) == 7836
    states = world.session.scalars(select(Claim.state)).all()
    assert states == [ClaimState.EXPORTED] * 2
    assert export_proof.verify(world.session) == []


def test_home_is_said_where_the_trip_ended_there_and_nowhere_else(world: LedgerWorld) -> None:
    claim = claims.open_for(world.session, world.ana.id, TODAY, "CLP")
    typed = trip(world.ana.id, claim.id)
    typed.from_label, typed.to_label = "Garage", "Depot"
    typed.from_lat = typed.from_lon = typed.to_lat = typed.to_lon = None
    home = trip(world.ana.id, claim.id, position=1)
    home.from_label, home.to_label = "Calle Secreta 7", "Calle Secreta 7"
    approved(world, world.ana, typed, home)
    lines = export_lines.of_claims(world.session, [claim.id], str, str)
    assert [(line.from_label, line.to_label) for line in lines] == [("Garage", "Depot"), ("Home", "Home")]


def test_a_receipt_counts_once_it_has_come_and_a_reason_is_put_into_words(world: LedgerWorld) -> None:
    ana = Actor(world.ana.id, world.ana.role)
    on_phone = receipts.expected(world.session, ana, NOW, "a" * 64)
    here = receipts.expected(world.session, ana, NOW, "b" * 64)
    world.session.execute(text("UPDATE receipt SET byte_count = 9 WHERE id = :id"), {"id": here})
    claim = claims.open_for(world.session, world.ana.id, TODAY, "CLP")
    rows = [spent(world.ana.id, claim.id, receipt_id=each) for each in (on_phone, here, None)]
    driven = trip(world.ana.id, claim.id, change_reason="repriced")
    approved(world, world.ana, driven, *rows)
    found = list(export_lines.of_claims(world.session, [claim.id], str, str.upper))
    assert [line.has_receipt for line in found if not line.is_trip] == [False, True, False]
    assert [line.reason for line in found] == ["REPRICED", "", "", ""]


@both_databases
def test_downloading_again_gives_the_same_bytes_whatever_has_changed_since(world: LedgerWorld) -> None:
    batch = exported(world, world.company.admin)
    before = bytes_of(world, batch)
    world.ana.name, world.ana.email = "Another name", "other@example.org"
    world.session.commit()
    assert bytes_of(world, batch) == before


@both_databases
@pytest.mark.parametrize("preset", ["payroll", "expensify", "concur"])
def test_formulas_are_inert_and_numbers_stay_numbers(world: LedgerWorld, preset: str) -> None:
    headers, lines = table(bytes_of(world, exported(world, world.company.admin, preset)))
    cells = [cell for line in lines for cell in line]
    assert f"'{FORMULA}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    amount = next(index for index, header in enumerate(headers) if "Amount" in header)
    assert [line[amount] for line in lines] == ["2238", "180", "1500"] * 2
    assert "Words of cadence.order" in cells
    assert not any("Plaza de Armas" in cell for cell in cells), "that is where Ana lives"


@both_databases
def test_a_line_is_in_one_batch_at_most(world: LedgerWorld) -> None:
    ana, bruno = world.session.scalars(select(Claim).order_by(Claim.id)).all()
    exported(world, world.company.admin, "payroll", ana)
    with pytest.raises(Conflict):
        exported(world, world.company.admin, "payroll", ana)
    other = exported(world, world.company.admin, "payroll", bruno)
    world.session.commit()
    twice = world.session.scalars(select(ExportLine)).first()
    assert twice is not None
    with pytest.raises(IntegrityError):
        world.session.execute(
            insert(ExportLine),
            {"batch_id": other.id, "position": 1, "kind": twice.kind, "subject_id": twice.subject_id},
        )
    world.session.rollback()


@both_databases
def test_nothing_is_exported_when_one_of_the_claims_is_not_as_it_was_seen(world: LedgerWorld) -> None:
    ana, bruno = world.session.scalars(select(Claim).order_by(Claim.id)).all()
    admin = Actor(world.company.admin.id, world.company.admin.role)
    seen = [(ana.id, ana.rev), (bruno.id, bruno.rev)]
    with export_files.prepared(world.session, admin, TODAY, seen, presets.find("payroll"), str, str) as made:
        claims.step(world.session, admin, NOW, TODAY, bruno.id, bruno.rev, ClaimAction.UNAPPROVE)
        world.session.commit()
        with pytest.raises(Conflict):
            export_batches.make(world.session, admin, NOW, TODAY, made, {})
        world.session.rollback()
    assert [row.state for row in (ana, bruno)] == [ClaimState.APPROVED, ClaimState.SUBMITTED]
    assert world.session.scalar(select(func.count(ExportBatch.id))) == 0
    with (
        pytest.raises(Conflict),
        export_files.prepared(world.session, admin, TODAY, [], presets.find("payroll"), str, str),
    ):
        pass


@both_databases
def test_a_batch_is_seen_by_who_sees_all_of_its_claims(world: LedgerWorld) -> None:
    marta, sergio = (Actor(who.id, who.role) for who in (world.company.marta, world.company.sergio))
    admin = Actor(world.company.admin.id, world.company.admin.role)
    assert [
        line.rep_name for line in export_batches.waiting(world.session, marta, TODAY, WaitingFilter())
    ] == ["Ana"]
    ana, bruno = world.session.scalars(select(Claim).order_by(Claim.id)).all()
    with pytest.raises(NotFound):
        exported(world, world.company.marta, "payroll", bruno)
    own = exported(world, world.company.marta, "payroll", ana)
    both = exported(world, world.company.admin, "payroll", bruno)
    found = {
        who: [row.id for row in export_batches.listed(world.session, who, TODAY)] for who in (marta, sergio)
    }
    assert found == {marta: [own.id], sergio: [both.id]}
    assert len(export_batches.listed(world.session, admin, TODAY)) == 2
    with pytest.raises(NotFound):
        export_batches.page(world.session, sergio, TODAY, own.id)
    with pytest.raises(NotFound):
        export_batches.content(world.session, marta, TODAY, both.id)


@both_databases
def test_nobody_exports_their_own_claim(world: LedgerWorld) -> None:
    own = Actor(world.ana.id, world.company.admin.role)
    assert all(
        line.row.rep_id != own.user_id
        for line in export_batches.waiting(world.session, own, TODAY, WaitingFilter())
    )
    seen = [(row.id, row.rev) for row in world.session.scalars(select(Claim))]
    with (
        export_files.prepared(world.session, own, TODAY, seen, presets.find("payroll"), str, str) as made,
        pytest.raises(NotAllowed),
    ):
        export_batches.make(world.session, own, NOW, TODAY, made, {})
    world.session.rollback()


@both_databases
def test_a_batch_is_paid_together_or_claim_by_claim(world: LedgerWorld) -> None:
    batch = exported(world, world.company.admin)
    admin = Actor(world.company.admin.id, world.company.admin.role)
    world.step(world.company.admin, ClaimAction.PAY)
    assert export_batches.page(world.session, admin, TODAY, batch.id).payable == 1
    assert export_batches.pay(world.session, admin, NOW, TODAY, batch.id) == 1
    assert set(world.session.scalars(select(Claim.state))) == {ClaimState.PAID}
    with pytest.raises(Conflict):
        export_batches.pay(world.session, admin, NOW, TODAY, batch.id)


@both_databases
def test_the_filter_chooses_months_and_reps(world: LedgerWorld) -> None:
    admin = Actor(world.company.admin.id, world.company.admin.role)

    def names(**wanted: object) -> list[str]:
        found = export_batches.waiting(world.session, admin, TODAY, WaitingFilter(**wanted))  # type: ignore[arg-type]
        return [line.rep_name for line in found]

    assert names() == ["Ana", "Bruno"]
    assert names(from_on=date(2026, 4, 1)) == names(last_on=date(2026, 2, 1)) == []
    assert names(from_on=MARCH, last_on=MARCH, rep_id=world.ana.id) == ["Ana"]
    assert WaitingFilter(MARCH, None, 7).as_kept() == {"from": "2026-03", "rep": 7}


ATTACKS = (
    "UPDATE export_batch SET sha256 = 'x'",
    "UPDATE export_batch SET line_count = 1",
    "DELETE FROM export_batch",
    "UPDATE export_total SET trips_minor = 1",
    "DELETE FROM export_total",
    "DELETE FROM export_claim",
    "UPDATE export_claim SET position = 9",
    "UPDATE export_line SET subject_id = 9",
    "DELETE FROM export_line",
    "UPDATE export_piece SET content = ''",
    "DELETE FROM export_piece",
    "INSERT INTO export_line (batch_id, position, kind, subject_id) VALUES (1, 7, 'trip', 999)",
    "INSERT INTO export_piece (batch_id, position, content) VALUES (1, 2, '')",
)


@both_databases
def test_the_database_refuses_to_change_a_batch(world: LedgerWorld) -> None:
    exported(world, world.company.admin)
    world.session.commit()
    for attack in ATTACKS:
        with pytest.raises(IntegrityError, match="guard_record"):
            world.session.execute(text(attack))
        world.session.rollback()


@both_databases
@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE export_piece SET content = '1'", "bytes"),
        ("UPDATE export_batch SET sha256 = 'x'", "bytes"),
        ("DELETE FROM export_line WHERE position = 6", "5 of 6 rows in export_line"),
        ("UPDATE export_total SET trips_minor = 1", "its lines give"),
        ("UPDATE expense SET amount_minor = 1501", "its lines give"),
        ("UPDATE claim SET expenses_minor = 0", "its claims give"),
    ],
)
def test_what_was_tampered_with_is_told(world: LedgerWorld, tampering: str, told: str) -> None:
    exported(world, world.company.admin)
    with unguarded(world.session):
        world.session.execute(text(tampering))
    assert told in "; ".join(str(wrong) for wrong in export_proof.verify(world.session))


@both_databases
def test_lines_that_are_not_what_was_approved_are_not_exported(world: LedgerWorld) -> None:
    with unguarded(world.session):
        world.session.execute(text("UPDATE trip SET amount_minor = amount_minor + 1"))
    with pytest.raises(Conflict) as refused:
        exported(world, world.company.admin)
    assert refused.value.code == "export_sum"


Amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months=st.lists(st.tuples(Amounts, Amounts), min_size=1, max_size=3))
def test_lines_claims_batch_and_file_have_one_sum(
    world: LedgerWorld, months: list[tuple[list[int], list[int]]]
) -> None:
    world.session.rollback()
    for number, (driven, bought) in enumerate(months, start=4):
        on = date(2026, number, 1)
        claim_id = claims.open_for(world.session, world.ana.id, on, "CLP").id
        trips = [
            trip(world.ana.id, claim_id, on=on, metres=minor % 90_000, amount_minor=minor) for minor in driven
        ]
        expenses = [spent(world.ana.id, claim_id, on=on, amount_minor=minor) for minor in bought]
        approved(world, world.ana, *trips, *expenses)
    batch = exported(world, world.company.admin)
    headers, lines = table(bytes_of(world, batch))
    summed = sum(Decimal(line[headers.index("Amount")]) for line in lines)
    entered = sum(sum(driven) + sum(bought) for driven, bought in months) + 2 * (2238 + 180 + 1500)
    by_claims = sum(row.trips_minor + row.expenses_minor for row in world.session.scalars(select(Claim)))
    by_batch = sum(total.trips_minor + total.expenses_minor for total in batch.totals)
    assert summed == entered == by_claims == by_batch
    assert export_proof.verify(world.session) == []
    world.session.rollback()


def many(world: LedgerWorld, lines: int, on: date) -> Claim:
    """An approved claim of so many trips, written in bulk."""
    claim = claims.open_for(world.session, world.ana.id, on, "CLP")
    made = trip(world.ana.id, claim.id, on=on)
    common = {
        column.key: getattr(made, column.key) for column in Trip.__table__.columns if column.key != "id"
    }
    rng = random.Random(7)
    rows = [
        {**common, "uid": uid(), "position": number, "is_late": False, "is_void": False, "vehicle": "",
         "change_reason": "", "metres": rng.randrange(90_000)}
        for number in range(lines)
    ]  # fmt: skip
    world.session.execute(insert(Trip), rows)
    for who, action in ((world.ana, ClaimAction.SUBMIT), (world.company.admin, ClaimAction.APPROVE)):
        claims.step(world.session, Actor(who.id, who.role), NOW, TODAY, claim.id, claim.rev, action)
    world.session.commit()
    return claim


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def peak_of_exporting(world: LedgerWorld, claim: Claim) -> int:
    """The most that Python objects take while a claim is written into a file, in bytes."""
    admin, seen = Actor(world.company.admin.id, world.company.admin.role), [(claim.id, claim.rev)]
    world.session.rollback()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with export_files.prepared(world.session, admin, TODAY, seen, presets.find("payroll"), str, str) as made:
        for _ in made.pieces():
            continue
        return tracemalloc.get_traced_memory()[1] - before


@pytest.mark.usefixtures("traced")
def test_a_longer_export_holds_no_more_lines_at_once(world: LedgerWorld) -> None:
    """A line takes about 2 KB as objects; of five thousand more only their numbers (8 bytes) are kept."""
    peak_of_exporting(world, world.claim())
    short = peak_of_exporting(world, many(world, 3_000, date(2026, 5, 4)))
    long = peak_of_exporting(world, many(world, 8_000, date(2026, 6, 4)))
    # The file is kept in memory up to a megabyte; the longer one is beyond it and lies on disk.
    assert long - short < 1_500_000


@both_databases
def test_a_line_knows_when_it_was_noted_and_when_it_came(session: Session) -> None:
    world = LedgerWorld(session)
    sent, typed = world.expense(), world.expense()
    sent.captured_at, sent.is_late = NOW - timedelta(days=3), True
    world.visit(hour=9)
    world.close()
    session.flush()
    found = {line.uid: line for line in export_lines.of_claims(session, [world.claim().id], str, str)}
    for row in (sent, typed, *world.trips()):
        line = found[row.uid]
        assert (line.noted_at, line.received_at, line.is_late) == (noted_at(row), NOW, row.is_late)
    assert found[sent.uid].noted_at == NOW - timedelta(days=3)
