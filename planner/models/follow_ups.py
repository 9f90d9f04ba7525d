"""Follow-ups: what is still to be done about an account."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.database import Base, UtcDateTime
from planner.domain.follow_ups import FollowUpState
from planner.models.columns import enum_of


class FollowUp(Base):
    """``text`` is empty where it came from a visit: then the visit's next step says what is to be done.
    It is for whoever owns the account, so it goes along when the account does. One that was given to somebody
    is for them as long as the account stays with ``given_from_id``, whose it was then (None: nobody's)."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("author_id", "uid"),
        Index(None, "account_id", "state"),
        Index(None, "given_to_id", "state"),
        CheckConstraint("(visit_id IS NULL) = (text <> '')", name="one_text"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL) AND (state = 'open') = (ended_by IS NULL)",
            name="ended_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(String(400), default="")
    due_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[FollowUpState] = mapped_column(
        enum_of(FollowUpState, "follow_up_state"), default=FollowUpState.OPEN
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
