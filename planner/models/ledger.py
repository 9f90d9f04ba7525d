"""Trips, expenses, receipts, claims, and the hash chain over them.

Entries are append-only: a correction is a new entry whose ``corrects_id`` points at the old one; a reversal
is a correction with ``is_void``. Where the claim of an entry is locked, a contra entry takes it back: its
exact negative in an open claim, whose ``contra_of_id`` points at it; what is right beside that
``replaces_id`` it. ``entered_by_id`` is who entered it in place of its rep, NULL for the rep. Money is
whole minor units with an ISO currency. ``entered_at`` is when we heard of an entry; ``captured_at``, where
a phone sent it, when it was noted there.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    column,
    false,
    select,
    table,
    text,
    true,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from planner.database import Base, UtcDateTime
from planner.domain.claims import ClaimAction, ClaimState
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage import TripOrigin
from planner.domain.mileage_rates import VehicleKind
from planner.models.columns import enum_of
from planner.models.people import DistanceUnit


class MileageRate(Base):
    """Money per kilometre or mile in a country over a range of dates; ``source`` says who set it.

    It holds once ``band_from_units`` of its unit are driven in the tax year with that kind of vehicle, up to
    the next band of the same day. ``is_verified``: an admin has compared it with its source.
    """

    __tablename__ = "mileage_rate"
    __table_args__ = (
        UniqueConstraint("country", "vehicle_kind", "band_from_units", "effective_from_on"),
        CheckConstraint("until_on IS NULL OR effective_from_on < until_on", name="order"),
        CheckConstraint("per_unit >= 0 AND band_from_units >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    vehicle_kind: Mapped[VehicleKind] = mapped_column(
        enum_of(VehicleKind, "vehicle_kind"), default=VehicleKind.CAR
    )
    band_from_units: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    effective_from_on: Mapped[date]
    until_on: Mapped[date | None]
    announced_on: Mapped[date | None]
    per_unit: Mapped[Decimal] = mapped_column(Numeric(12, 4))
    unit: Mapped[DistanceUnit] = mapped_column(enum_of(DistanceUnit, "distance_unit"))
    currency: Mapped[str] = mapped_column(String(3))
    source: Mapped[str] = mapped_column(String(240), default="")
    is_verified: Mapped[bool] = mapped_column(default=True, server_default=true())


class ClosedDay(Base):
    """The rep's confirmation of a day: trips were made of the visits held. ``as_planned``: their distances
    were left as the road's; it says nothing of order and stops. ``odometer_is_late``: the reading was noted
    late; NULL: closed before this was kept."""

    __tablename__ = "closed_day"
    __table_args__ = (UniqueConstraint("rep_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    as_planned: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(400), default="")
    odometer_metres: Mapped[int | None] = mapped_column(BigInteger)
    odometer_is_late: Mapped[bool | None]
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)


_other = table("claim", *map(column, ("id", "rep_id", "from_on"))).alias("other_claim")


class Claim(Base):
    """A month's trips and expenses in one currency, submitted together. Totals are frozen at submission.

    Who comes to a territory of another currency within a month has two claims of it (``is_one_of_two``)."""

    __tablename__ = "claim"
    __table_args__ = (
        CheckConstraint("from_on < until_on", name="order"),
        Index(None, "rep_id", "from_on"),
        Index(
            "uq_claim_period",
            "rep_id",
            "from_on",
            "currency",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    from_on: Mapped[date] = mapped_column()  # said, so that is_one_of_two can name it
    until_on: Mapped[date]
    state: Mapped[ClaimState] = mapped_column(enum_of(ClaimState, "claim_state"), default=ClaimState.DRAFT)
    currency: Mapped[str] = mapped_column(String(3))
    trips_metres: Mapped[int] = mapped_column(BigInteger, default=0)
    trips_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    expenses_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    rev: Mapped[int] = mapped_column(default=1)

    events: Mapped[list[ClaimEvent]] = relationship(order_by="ClaimEvent.id", cascade="all, delete-orphan")
    is_one_of_two: Mapped[bool] = column_property(
        select(_other.c.id)
        .where(_other.c.rep_id == rep_id, _other.c.from_on == from_on, _other.c.id != id)
        .correlate_except(_other)
        .exists()
    )


class ClaimEvent(Base):
    """One step in a claim's life: who, when, what, and the reason where one is asked."""

    __tablename__ = "claim_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id", ondelete="CASCADE"), index=True)
    action: Mapped[ClaimAction] = mapped_column(enum_of(ClaimAction, "claim_action"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="")


class Trip(Base):
    """One leg driven for work. ``road_metres`` is what the network says, ``metres`` what is claimed.

    Both ends are kept as driven, so that a pin moved later does not change what was measured. An end
    without an account is the rep's home; one near an account where a night is spent says so in its label.
    ``purpose`` is a code of ``planner.domain.mileage`` or the rep's own words.

    A trip entered by hand whose distance was typed has no network and may have ends without a place; an end
    with no label is the rep's home. ``commute_metres`` were driven and are not counted. A private trip is in
    no claim. An adjustment has no metres: it adds to what the trip it points at is worth. A contra entry has
    metres below zero. ``rate_id`` is that
    of the lowest part; a trip in one band only has no parts.
    """

    __tablename__ = "trip"
    __table_args__ = (
        UniqueConstraint("rep_id", "uid"),
        UniqueConstraint("corrects_id"),
        Index(None, "rep_id", "on"),
        CheckConstraint(
            "road_metres >= 0 AND CASE WHEN contra_of_id IS NULL THEN metres >= 0 AND commute_metres >= 0"
            " ELSE metres <= 0 AND commute_metres <= 0 END",
            name="not_negative",
        ),
        CheckConstraint("(origin = 'adjustment') = (adjusts_id IS NOT NULL)", name="adjusts"),
        CheckConstraint("(origin = 'contra') = (contra_of_id IS NOT NULL)", name="contra"),
        CheckConstraint("NOT is_private OR (claim_id IS NULL AND amount_minor = 0)", name="private"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    position: Mapped[int]
    from_label: Mapped[str] = mapped_column(String(240))
    to_label: Mapped[str] = mapped_column(String(240))
    from_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    to_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_lat: Mapped[float | None]
    from_lon: Mapped[float | None]
    to_lat: Mapped[float | None]
    to_lon: Mapped[float | None]
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(240))
    vehicle: Mapped[str] = mapped_column(String(80), default="")
    vehicle_kind: Mapped[VehicleKind] = mapped_column(
        enum_of(VehicleKind, "vehicle_kind"), default=VehicleKind.CAR, server_default=text("'car'")
    )
    origin: Mapped[TripOrigin] = mapped_column(
        enum_of(TripOrigin, "trip_origin"), default=TripOrigin.DAY, server_default=text("'day'")
    )
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    metres: Mapped[int]
    commute_metres: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    road_metres: Mapped[int]
    road_seconds: Mapped[int]
    planned_metres: Mapped[int | None]
    network_name: Mapped[str] = mapped_column(String(80))
    network_version: Mapped[str] = mapped_column(String(64))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("mileage_rate.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"))
    adjusts_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"), index=True)
    contra_of_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_void: Mapped[bool] = mapped_column(default=False)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)

    parts: Mapped[list[TripPart]] = relationship(order_by="TripPart.position", cascade="all, delete-orphan")


class TripPart(Base):
    """The share of a trip that lies in one yearly band, where it crosses from one to the next."""

    __tablename__ = "trip_part"
    __table_args__ = (CheckConstraint("metres > 0", name="positive"),)

    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("mileage_rate.id"))
    metres: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class Receipt(Base):
    """A picture of a receipt or of a visit, re-encoded, kept in the receipts folder under ``sha256``: of a
    picture from a phone that of what the phone had, else that of its file. ``byte_count`` 0: it is still on
    the phone that will send it. ``stored_sha256`` is that of the file; NULL where nobody has noted it yet.
    ``likeness`` and ``shades`` are the two of ``planner.domain.likeness``; empty where there are none, NULL
    as above."""

    __tablename__ = "receipt"
    # SQLite would give the number of a picture that went to the next one: with it what the log says of it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    byte_count: Mapped[int]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stored_sha256: Mapped[str | None] = mapped_column(String(64))
    likeness: Mapped[str | None] = mapped_column(String(64))
    shades: Mapped[str | None] = mapped_column(Text, deferred=True)  # 3 KB: read where they are compared


class Expense(Base):
    """Something paid for. ``amount_minor`` is in the claim's currency, tax included.

    What was paid in another currency stands beside it as paid, with the rate it was reckoned by; NULL: it was
    the claim's own. ``tax_minor`` NULL: nothing is said of tax. ``rule_id``, the policy it was made under,
    is NULL where there was none; ``nights`` are those of lodging.
    """

    __tablename__ = "expense"
    __table_args__ = (
        UniqueConstraint("rep_id", "uid"),
        UniqueConstraint("corrects_id"),
        Index(None, "rep_id", "on"),
        CheckConstraint(
            "nights >= 0"
            " AND CASE WHEN contra_of_id IS NULL THEN amount_minor >= 0 ELSE amount_minor <= 0 END",
            name="not_negative",
        ),
        CheckConstraint(
            "CASE WHEN contra_of_id IS NULL THEN tax_minor BETWEEN 0 AND amount_minor"
            " ELSE tax_minor BETWEEN amount_minor AND 0 END",
            name="tax",
        ),
        CheckConstraint(
            "(paid_minor IS NULL) = (paid_currency IS NULL)"
            " AND (paid_minor IS NULL) = (exchange_rate IS NULL)",
            name="paid_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    on: Mapped[date]
    category: Mapped[ExpenseCategory] = mapped_column(enum_of(ExpenseCategory, "expense_category"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    merchant: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(400), default="")
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    trip_id: Mapped[int | None] = mapped_column(ForeignKey("trip.id"), index=True)
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), index=True)
    nights: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    tax_minor: Mapped[int | None] = mapped_column(BigInteger)
    tax_percent: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    paid_minor: Mapped[int | None] = mapped_column(BigInteger)
    paid_tax_minor: Mapped[int | None] = mapped_column(BigInteger)
    paid_currency: Mapped[str | None] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Numeric(20, 10))
    exchange_rate_id: Mapped[int | None] = mapped_column(ForeignKey("exchange_rate.id"))
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("expense_rule.id"))
    per_diem_id: Mapped[int | None] = mapped_column(ForeignKey("per_diem_rate.id"))
    change_reason: Mapped[str] = mapped_column(String(400), default="")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    captured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_late: Mapped[bool] = mapped_column(default=False)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("expense.id"))
    contra_of_id: Mapped[int | None] = mapped_column(ForeignKey("expense.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("expense.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_void: Mapped[bool] = mapped_column(default=False)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), index=True)

    receipt: Mapped[Receipt | None] = relationship()


class LedgerKind(StrEnum):
    TRIP = "trip"
    EXPENSE = "expense"


class LedgerEntry(Base):
    """A link of a rep's hash chain: an entry's content hash, and the hash over it and the link before.

    ``personal_sha256`` is the salted digest of what is personal in the entry; NULL in links of the first
    form, which hash it in clear. ``salt`` NULL beside it: the rep is erased.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("rep_id", "position"),
        UniqueConstraint("kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.person_id"))
    position: Mapped[int]
    kind: Mapped[LedgerKind] = mapped_column(enum_of(LedgerKind, "ledger_kind"))
    subject_id: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))
    previous_sha256: Mapped[str] = mapped_column(String(64))
    entry_sha256: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str | None] = mapped_column(String(32))
    personal_sha256: Mapped[str | None] = mapped_column(String(64))


class SealedLink(Base):
    """What a link of the first form still proves of its entry once its person is erased: the digest of all
    that stays. ``kind`` is trip, expense or audit; the sum of a person's is in the audit log."""

    __tablename__ = "sealed_link"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    rest_sha256: Mapped[str] = mapped_column(String(64))
