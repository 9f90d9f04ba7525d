"""Two decide on one claim at the same moment: real transactions on two connections, begun together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from threading import Barrier, Event, current_thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.database import db, transaction
from planner.domain.access import Actor, MembershipKind, Role
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.errors import RoundsError
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage_rates import VehicleKind
from planner.models.exports import ExportBatch
from planner.models.ledger import Claim, ClaimEvent
from planner.models.settings import AuditEntry
from planner.services.installation import audit
from planner.services.ledger import (
    approvals,
    claim_locks,
    claims,
    driven_before,
    expenses,
    export_batches,
    export_files,
    manual_trips,
    presets,
    rates,
)
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.manual_ends import ManualEnd
from planner.services.ledger.manual_trips import ManualTrip
from planner.services.ledger.reviewing import queue
from planner.web.errors import sentence
from tests.conftest import NOW, TODAY
from tests.services.ledger_world import LedgerWorld, rate, troubles, uid

pytestmark = pytest.mark.both_databases

Deed = Callable[[Session], object]
APPROVE, RETURN, WITHDRAW = ClaimAction.APPROVE, ClaimAction.RETURN, ClaimAction.WITHDRAW
UNAPPROVE, PAY = ClaimAction.UNAPPROVE, ClaimAction.PAY
MANY, ONE = "many", "one"
MONTHS = (date(2026, 3, 2), date(2026, 2, 2), date(2026, 1, 5), date(2025, 12, 1))
DONE = "done"
PATIENCE = 30.0
"""Seconds until a test that hangs fails."""


@dataclass(frozen=True)
class Crew:
    """Who decides, Marta and Mateo of one level, and the claims of four months that Ana has submitted, as
    (id, rev)."""

    ana: Actor
    marta: Actor
    mateo: Actor
    admin: Actor
    claims: tuple[tuple[int, int], ...]


@pytest.fixture
def crew(session: Session) -> Crew:
    world = LedgerWorld(session)
    company = world.company
    mateo = company.person("mateo", Role.MANAGER, company.norte, MembershipKind.MANAGER)
    for on in MONTHS:
        world.expense(1500, on=on)
        world.step(world.ana, ClaimAction.SUBMIT, on=on)
    found = tuple((world.claim(on).id, world.claim(on).rev) for on in MONTHS)
    session.commit()
    return Crew(
        *(Actor(each.id, each.role) for each in (world.ana, company.marta, mateo, company.admin)), found
    )


def at_once(app: Flask, *deeds: Deed) -> list[str]:
    """Each in a thread and a transaction of its own; what became of it: ``DONE``, or the code and the
    sentence it was refused with."""
    start = Barrier(len(deeds), timeout=PATIENCE)

    def done(deed: Deed) -> str:
        with app.app_context(), app.test_request_context():
            start.wait()
            try:
                with transaction() as session:
                    deed(session)
            except RoundsError as refused:
                return f"{refused.code}: {sentence(refused)}"
            finally:
                db.session.remove()
            return DONE

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(done, deeds))


def step(actor: Actor, action: ClaimAction, claim: tuple[int, int]) -> Deed:
    reason = "Why?" if action is RETURN else ""
    return lambda session: claims.step(session, actor, NOW, TODAY, *claim, action, reason)


@pytest.fixture
def both_have_read(crew: Crew, monkeypatch: pytest.MonkeyPatch, database_kind: str) -> None:
    """Nobody goes on before the other has read the claim too. SQLite lets the second begin once the first is
    through; there it is made to wait for that."""
    seen, read = Barrier(2, timeout=PATIENCE), claims.claim

    def reading(session: Session, actor: Actor, today: date, claim_id: int) -> Claim:
        row = read(session, actor, today, claim_id)
        if database_kind == "sqlite":
            time.sleep(0.05)
        else:
            seen.wait()
        return row

    monkeypatch.setattr(claims, "claim", reading)


def refused(said: list[str]) -> str:
    """What the one was told; the other's counted."""
    assert said.count(DONE) == 1, said
    return next(each for each in said if each != DONE)


@pytest.mark.usefixtures("both_have_read")
@pytest.mark.parametrize(
    ("one", "other"),
    [(APPROVE, APPROVE), (APPROVE, RETURN), (RETURN, RETURN), (APPROVE, WITHDRAW), (RETURN, WITHDRAW)],
    ids=str,
)
def test_of_two_decisions_one_counts_and_the_other_is_told(
    app: Flask, session: Session, crew: Crew, one: ClaimAction, other: ClaimAction
) -> None:
    second = crew.ana if other is WITHDRAW else crew.mateo
    leads_to = {APPROVE: ClaimState.APPROVED, RETURN: ClaimState.RETURNED, WITHDRAW: ClaimState.DRAFT}
    for claim in crew.claims:
        said = at_once(app, step(crew.marta, one, claim), step(second, other, claim))
        won = one if said[0] == DONE else other
        state = leads_to[won]
        told = f"This claim is {state.value}; that step is not possible any more."
        assert refused(said) == f"claim_state: {told}"
        session.rollback()  # to read what is stored by now
        row = session.get_one(Claim, claim[0])
        assert (row.state, row.rev) == (state, claim[1] + 1)
        steps = select(ClaimEvent.action).where(ClaimEvent.claim_id == row.id).order_by(ClaimEvent.id)
        assert session.scalars(steps).all() == [ClaimAction.SUBMIT, won]
        mine = AuditEntry.subject_kind == "claim", AuditEntry.subject_id == row.id
        noted = select(AuditEntry.action).where(*mine).order_by(AuditEntry.id)
        assert session.scalars(noted).all() == ["claim.submit", f"claim.{won.value}"]
    session.rollback()
    assert troubles(session) == []


@pytest.mark.usefixtures("both_have_read")
def test_two_first_approvals_at_once_are_not_both(app: Flask, session: Session, crew: Crew) -> None:
    """The second has not seen the claim as endorsed: it must not become the last approval by that."""
    approvals.set_limit(session, None, NOW, "CLP", 100)
    session.commit()
    for claim in crew.claims:
        said = at_once(app, step(crew.marta, APPROVE, claim), step(crew.admin, APPROVE, claim))
        assert refused(said).startswith("claim_changed: Somebody")
        session.rollback()
        row = session.get_one(Claim, claim[0])
        assert (row.state, row.rev) == (ClaimState.SUBMITTED, claim[1] + 1)
    session.rollback()
    assert troubles(session) == []


@pytest.fixture
def in_the_middle(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are at one claim. Whoever decides on many has decided on another one before, and comes to this
    one when the other holds it, who goes on when that is so: a second at most, for it may be that one of them
    does not come so far before the other is through."""
    has_noted, holds_it = Event(), Event()
    read, following = claims.claim, claims.next_state
    _, (disputed, _) = sorted(crew.claims)[:2]

    def reading(session: Session, actor: Actor, today: date, claim_id: int) -> Claim:
        if current_thread().name == MANY and claim_id == disputed:
            has_noted.set()
            holds_it.wait(1)
        return read(session, actor, today, claim_id)

    def asked(*given: Any) -> ClaimState:
        if current_thread().name == ONE:
            holds_it.set()
            has_noted.wait(1)
        return following(*given)

    monkeypatch.setattr(claims, "claim", reading)
    monkeypatch.setattr(claims, "next_state", asked)


def as_thread(name: str, deed: Deed) -> Deed:
    def named(session: Session) -> object:
        current_thread().name = name
        return deed(session)

    return named


@pytest.mark.parametrize("way", ["take_back", "export", "pay"])
def test_deciding_on_many_and_on_one_of_them_do_not_wait_for_each_other(
    app: Flask, session: Session, crew: Crew, request: pytest.FixtureRequest, way: str
) -> None:
    """PostgreSQL would end one of them after a second, and its person be told that nothing can be stored."""
    many = [bring(session, crew, claim) for claim in sorted(crew.claims)[:2]]
    all_of_them = deciding_on_all(session, crew, many, way)
    session.commit()
    request.getfixturevalue("in_the_middle")
    alone = {"take_back": UNAPPROVE, "export": UNAPPROVE, "pay": PAY}[way]
    said = at_once(app, as_thread(MANY, all_of_them), as_thread(ONE, step(crew.mateo, alone, many[1])))
    assert said.count(DONE) >= 1
    assert all(each == DONE or each.startswith(("claim_state", "claim_changed")) for each in said), said
    session.rollback()
    assert troubles(session) == []


def test_an_entry_for_a_full_month_and_deciding_on_that_and_the_next_do_not_wait_for_each_other(
    app: Flask, session: Session, crew: Crew, monkeypatch: pytest.MonkeyPatch, database_kind: str
) -> None:
    """The entry comes by the earlier month to the later one, whose claim here has the smaller number."""
    if database_kind == "sqlite":
        pytest.skip("The second begins once the first is through")
    march, february = crew.claims[:2]
    assert march < february
    has_one, holds_all = Event(), Event()
    read, hold = claims._held_of_month, claim_locks.hold

    def reading(session: Session, rep_id: int, on: date, currency: str) -> Claim | None:
        row = read(session, rep_id, on, currency)
        if on.month == 2:
            has_one.set()
            holds_all.wait(0.4)  # it cannot come so far where it waits for this one
        return row

    def holding(session: Session, claim_ids: Iterable[int]) -> None:
        has_one.wait(PATIENCE)
        hold(session, claim_ids)
        holds_all.set()

    monkeypatch.setattr(claims, "_held_of_month", reading)
    monkeypatch.setattr(claim_locks, "hold", holding)
    parking = NewExpense(uid(), date(2026, 2, 3), ExpenseCategory.PARKING, 500, "CLP")
    said = at_once(
        app,
        lambda later: expenses.add(later, crew.ana, NOW, TODAY, parking),
        lambda later: queue.take_back(later, crew.marta, NOW, TODAY, [march, february]),
    )
    assert said == [DONE, DONE]
    session.rollback()
    assert troubles(session) == []


def bring(session: Session, crew: Crew, claim: tuple[int, int]) -> tuple[int, int]:
    """A claim, approved."""
    row = claims.step(session, crew.marta, NOW, TODAY, *claim, APPROVE)
    return row.id, row.rev


def exporting(session: Session, crew: Crew, many: list[tuple[int, int]]) -> ExportBatch:
    preset = presets.find("payroll")
    with export_files.prepared(session, crew.marta, TODAY, many, preset, str, str) as made:
        return export_batches.make(session, crew.marta, NOW, TODAY, made, {})


def deciding_on_all(session: Session, crew: Crew, many: list[tuple[int, int]], way: str) -> Deed:
    if way == "take_back":
        return lambda later: queue.take_back(later, crew.marta, NOW, TODAY, many)
    if way == "export":
        return lambda later: exporting(later, crew, many)
    batch_id = exporting(session, crew, many).id
    many[:] = [(claim_id, session.get_one(Claim, claim_id).rev) for claim_id, _ in many]
    return lambda later: export_batches.pay(later, crew.marta, NOW, TODAY, batch_id)


@pytest.mark.parametrize("way", ["rate", "driven_before"])
def test_a_new_price_and_a_claim_that_is_submitted_do_not_wait_for_each_other(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, database_kind: str, way: str
) -> None:
    """Whoever brings the price notes it in the log when the other holds the claim, who waits for the
    log when the first comes to the claim; unless one of the two does not come so far."""
    if database_kind == "sqlite":
        pytest.skip("The second begins once the first is through")
    world = LedgerWorld(session)
    rates.add(session, None, NOW, rate(band_from_units=Decimal(1000), per_unit=Decimal(90)))
    ends = ManualEnd(label="Office"), ManualEnd(label="Port")
    trip = ManualTrip(uid(), TODAY, *ends, "Samples", 12_000)
    ana, admin = Actor(world.ana.id, Role.REP), Actor(world.company.admin.id, Role.ADMIN)
    manual_trips.add(session, ana, NOW, TODAY, world.networks, trip)
    claim = world.claim()
    claim_id, rev = claim.id, claim.rev
    session.commit()
    has_noted, holds_it = Event(), Event()
    note, following = audit.record, claims.next_state

    def noting(*given: Any, **more: Any) -> None:
        if current_thread().name == MANY:
            holds_it.wait(1)
        note(*given, **more)
        if current_thread().name == MANY:
            has_noted.set()

    def asked(*given: Any) -> ClaimState:
        holds_it.set()
        has_noted.wait(1)
        return following(*given)

    monkeypatch.setattr(audit, "record", noting)
    monkeypatch.setattr(claims, "next_state", asked)

    def dearer(later: Session) -> object:
        if way == "rate":
            return rates.add(later, admin, NOW, rate(per_unit=Decimal(200), effective_from_on=TODAY))
        year = date(TODAY.year, 1, 1)
        return driven_before.note(later, admin, NOW, TODAY, ana.user_id, VehicleKind.CAR, year, 2_000_000)

    submit = step(ana, ClaimAction.SUBMIT, (claim_id, rev))
    said = at_once(app, as_thread(MANY, dearer), as_thread(ONE, submit))
    assert said == [DONE, DONE]
    session.rollback()
    assert troubles(session) == []
