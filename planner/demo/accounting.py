"""The demo's ledger, kept through the same services as everybody's: days closed, expenses, claims.

Month by month, as it would have happened: the days and receipts of a month, then what became of its claim.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.database import transaction
from planner.demo import by_hand, questions, receipts
from planner.demo.days import Calendar, instant
from planner.demo.folders import Folders
from planner.demo.staff import CURRENCY, HOUR, REPS, ZONE
from planner.domain.access import Actor, Role
from planner.domain.claims import ClaimAction
from planner.domain.expense_policy import Basis
from planner.domain.expenses import TYPED, ExpenseCategory
from planner.domain.months import next_month
from planner.domain.per_diem import PerDiemKind
from planner.models.visits import Visit
from planner.services.ledger import (
    claims,
    exchange_rates,
    expense_policy,
    expenses,
    export_batches,
    export_files,
    per_diem_rates,
    presets,
    trips,
)
from planner.services.ledger import receipts as receipt_store
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.expense_policy import NewRule
from planner.services.ledger.expense_ties import ON_THE_WAY, visit_choices
from planner.services.ledger.per_diem_rates import NewPerDiem
from planner.services.ledger.trips import Closing
from planner.web.ledger.blueprint import purpose, why_changed

_PAID = (ClaimAction.SUBMIT, ClaimAction.APPROVE, ClaimAction.EXPORT, ClaimAction.PAY)
FATES: Mapping[str, tuple[tuple[ClaimAction, ...], tuple[ClaimAction, ...]]] = {
    "camila": (_PAID, _PAID[:1]),
    "diego": (_PAID[:3], _PAID[:1]),
    "valentina": (_PAID[:2], (ClaimAction.SUBMIT, ClaimAction.RETURN)),
}
"""What became of the claims of the month before last and of last month; this month's are drafts."""

CAREFUL = "camila"
"""Closes every day in time, as driven, and keeps every receipt that is asked for."""

BY_THE_REP = (ClaimAction.SUBMIT, ClaimAction.WITHDRAW)
RETURNED_BECAUSE = "The receipt of the samples is missing, and the detour to Guanaqueros needs a reason."
EXPENSES = (
    (ExpenseCategory.PARKING, "Estacionamiento Centro", 900, 3_800, 6),
    (ExpenseCategory.MEAL, "Colación", 4_500, 9_500, 4),
    (ExpenseCategory.TOLL, "Peaje", 1_100, 2_900, 2),
    (ExpenseCategory.SAMPLES, "Muestras", 8_000, 26_000, 1),
)
"""Category, merchant, least and most pesos, weight."""

EXPENSE_SHARE, RECEIPT_SHARE = 0.45, 0.6
RECEIPT_FROM_PESOS = 20_000
SINCE = date(2024, 1, 1)
DECIDED = "Travel policy of the firm, 2024"
OTHERS = tuple(each for each in TYPED if each not in {ExpenseCategory.MEAL, ExpenseCategory.LODGING})
POLICY = (
    NewRule(OTHERS, CURRENCY, SINCE, None, Basis.ITEM, RECEIPT_FROM_PESOS, DECIDED),
    NewRule((ExpenseCategory.MEAL,), CURRENCY, SINCE, 14_000, Basis.DAY, RECEIPT_FROM_PESOS, DECIDED),
    NewRule((ExpenseCategory.LODGING,), CURRENCY, SINCE, 60_000, Basis.NIGHT, 0, DECIDED),
)
EXCHANGE = (
    NewExchange("USD", CURRENCY, SINCE, Decimal("884.59"), "Central bank, observed dollar (demo)"),
    NewExchange("ARS", CURRENCY, SINCE, Decimal("1.0945"), "Central bank (demo)"),
)
PER_DIEM = (
    NewPerDiem("CL", PerDiemKind.HOURS, 481, SINCE, 6_000, CURRENCY, f"{DECIDED}: more than 8 hours"),
    NewPerDiem("CL", PerDiemKind.TRAVEL_DAY, 0, SINCE, 9_000, CURRENCY, DECIDED),
)
VAT = Decimal(19)
UNUSUAL_DAY = 4
"""Of a month's days with visits, the one on which a rep who is not careful spends in unusual ways."""
UNUSUAL = "valentina"
BY_HAND_DAY = 5
"""Of a month's days with visits, the one with a drive by hand and one that is put right; not of last month,
whose claim waits for its reviewer with enough to ask about."""
LATE_DAYS = 9
DETOUR_METRES = 6_400
DETOUR_BECAUSE = "Costanera closed, drove round by the highway."


@dataclass(frozen=True, slots=True)
class _Books:
    """One rep's books."""

    folders: Folders
    calendar: Calendar
    login: str
    actor: Actor
    reviewer: Actor
    rng: random.Random

    def keep(self, session: Session) -> None:
        every = self._days(session)
        for month, days in groupby(every, key=lambda on: on.replace(day=1)):
            worked = list(days)
            noted_late = self._noted_late(session, worked)
            for number, on in enumerate(worked):
                days_before = every.index(on) if on in {worked[0], worked[-1]} else None
                self._close(session, on, number, days_before)
                self._spend(session, on)
                is_by_hand = self.login == by_hand.BY_HAND and month != self.calendar.last_month
                if number == BY_HAND_DAY and is_by_hand:
                    self._write_by_hand(session, on)
                if number == UNUSUAL_DAY and self.login == UNUSUAL:
                    self._spend_unusually(session, on)
            self._decide(session, month, noted_late)

    def _noted_late(self, session: Session, worked: list[date]) -> date | None:
        """The day of the month on which a visit's end is noted late; None for who never does that."""
        if self.login != questions.FORGETFUL:
            return None
        days = worked[questions.NOTED_LATE :]
        return next((on for on in days if questions.note_late(session, self.actor.user_id, on)), None)

    def _days(self, session: Session) -> list[date]:
        """Days with visits. Diego has not closed yesterday yet."""
        query = select(Visit.on).where(Visit.rep_id == self.actor.user_id, Visit.on < self.calendar.today)
        found = sorted(session.scalars(query.distinct()))
        return found[:-1] if self.login == "diego" else found

    def _write_by_hand(self, session: Session, on: date) -> None:
        at = instant(on, 20 * HOUR)
        by_hand.fetch_samples(session, self.folders, self.actor, on, at, _local_date(at))
        by_hand.put_right(session, self.actor, on, at, _local_date(at))

    def _close(self, session: Session, on: date, number: int, days_before: int | None) -> None:
        """Each evening; the fourth day of a month is confirmed late, on the seventh a detour is claimed. On a
        month's first and last day, ``days_before`` the first of all, the odometer is read."""
        evening = instant(on, 18 * HOUR + self.rng.randrange(3600))
        if number == 3 and self.login != CAREFUL:
            evening = min(evening + timedelta(days=LATE_DAYS), self._present)
        changes = self._detour(session, on) if number == 6 and self.login != CAREFUL else {}
        rep_id, networks, read = self.actor.user_id, self.folders.networks, None
        if days_before is not None:
            read = by_hand.odometer(session, self.folders, self.actor, self.login, on, days_before)
        closing = Closing(not changes, DETOUR_BECAUSE if changes else "", changes, read)
        trips.close_day(session, self.actor, evening, _local_date(evening), networks, rep_id, on, closing)

    def _detour(self, session: Session, on: date) -> dict[int, int]:
        """The first drive of the day, some kilometres longer than the road says."""
        drives = trips.preview(session, self.actor, self.folders.networks, self.actor.user_id, on).trips
        return {drive.key: drive.metres + DETOUR_METRES for drive in drives[:1]}

    def _spend(self, session: Session, on: date) -> None:
        if self.rng.random() > EXPENSE_SHARE:
            return
        weights = [row[-1] for row in EXPENSES]
        category, merchant, least, most, _ = self.rng.choices(EXPENSES, weights=weights)[0]
        pesos = self.rng.randrange(least, most, 10)
        noted_at = instant(on, 14 * HOUR + self.rng.randrange(3 * 3600))
        receipt_id = None
        is_asked_for = self.login == CAREFUL and pesos >= RECEIPT_FROM_PESOS
        if self.rng.random() < RECEIPT_SHARE or is_asked_for:
            content = receipts.picture(merchant, on, f"$ {pesos}", self.rng.randrange(1, 1_000_000))
            prepared = receipt_store.prepare(content)
            receipt_id = receipt_store.keep(session, self.actor, noted_at, self.folders.receipts, prepared).id
        new = NewExpense(self._uid(), on, category, pesos, CURRENCY, merchant, receipt_id=receipt_id)
        if category in ON_THE_WAY and (held := visit_choices(session, self.actor, on)):
            new = replace(new, visit_id=held[0].visit_id)
        if receipt_id is not None and category is not ExpenseCategory.TOLL:
            new = replace(new, tax_percent=VAT)
        expenses.add(session, self.actor, noted_at, on, new)

    def _spend_unusually(self, session: Session, on: date) -> None:
        """A lunch over the cap, a parking ticket entered twice, and samples paid for in dollars."""
        noted_at = instant(on, 18 * HOUR)
        lunch = NewExpense("", on, ExpenseCategory.MEAL, 23_800, CURRENCY, "El Muelle", tax_percent=VAT)
        parking = NewExpense("", on, ExpenseCategory.PARKING, 2_400, CURRENCY, "Parking Balmaceda")
        samples = NewExpense("", on, ExpenseCategory.SAMPLES, 3_450, "USD", "Web shop")
        paper = receipts.picture("El Muelle", on, "$ 23800", on.toordinal())
        prepared = receipt_store.prepare(paper)
        kept = receipt_store.keep(session, self.actor, noted_at, self.folders.receipts, prepared).id
        spent = (replace(lunch, receipt_id=kept), parking, parking, samples)
        for number, new in enumerate(spent):
            uid = str(uuid5(NAMESPACE_OID, f"{self.login} {on} {number}"))
            expenses.add(session, self.actor, noted_at, on, replace(new, uid=uid))

    def _decide(self, session: Session, month: date, noted_late: date | None) -> None:
        """The steps of a month's claim, from the fifth of the next month on, never later than now."""
        past = (self.calendar.month_before_last, self.calendar.last_month)
        if month not in past:
            return
        at = instant(next_month(month) + timedelta(days=4), 9 * HOUR)
        for action in FATES[self.login][past.index(month)]:
            (row,) = claims.of_month(session, self.actor.user_id, month)
            now = min(at, self._present)
            actor = self.actor if action in BY_THE_REP else self.reviewer
            reason = RETURNED_BECAUSE if action is ClaimAction.RETURN else ""
            if action is ClaimAction.EXPORT:
                self._export(session, now, row.id, row.rev)
            else:
                claims.step(session, actor, now, _local_date(now), row.id, row.rev, action, reason)
            if action is ClaimAction.SUBMIT and noted_late is not None:
                questions.answer(session, actor, now, _local_date(now), row.id, noted_late)
            at += timedelta(days=2)

    def _export(self, session: Session, now: datetime, claim_id: int, rev: int) -> None:
        columns, today = presets.find(presets.USUAL), _local_date(now)
        seen = [(claim_id, rev)]
        with export_files.prepared(
            session, self.reviewer, today, seen, columns, purpose, why_changed
        ) as made:
            export_batches.make(session, self.reviewer, now, today, made, {})

    @property
    def _present(self) -> datetime:
        return instant(self.calendar.today, 7 * HOUR)

    def _uid(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128), version=4))


def _local_date(at: datetime) -> date:
    return at.astimezone(ZoneInfo(ZONE)).date()


def set_terms(session: Session, admin: Actor, at: datetime) -> None:
    """What the firm allows, exchange rates, and per diems."""
    for rule in POLICY:
        expense_policy.add(session, admin, at, rule)
    for rate in EXCHANGE:
        exchange_rates.add(session, admin, at, rate)
    for amount in PER_DIEM:
        per_diem_rates.add(session, admin, at, amount)


def keep_books(
    folders: Folders, calendar: Calendar, rep_ids: Mapping[str, int], manager: Actor
) -> Iterator[str]:
    """Close the days, book the expenses and decide the claims of every rep; yields whose turn it is."""
    with transaction() as session:
        present = instant(calendar.from_on, 9 * HOUR)
        set_terms(session, manager, present)
    for spec in REPS:
        yield spec.name
        actor = Actor(rep_ids[spec.login], Role.REP)
        rng = random.Random(f"books {spec.login}")
        with transaction() as session:
            _Books(folders, calendar, spec.login, actor, manager, rng).keep(session)
