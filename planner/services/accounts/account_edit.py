"""Making, changing, archiving accounts. Every change is audited; ``rev`` guards against two editors.

``check`` asks everything a person can do wrong before anything is written, so that a form can say it
all at once; ``create`` and ``update`` refuse what it would have named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.accounts import PLAIN_FIELDS, STREET_ONLY, Draft, DraftBlock, DraftContact, problems
from planner.domain.errors import Conflict, Invalid
from planner.domain.hours import Window, hours_text
from planner.domain.ownership import Held
from planner.domain.searching import search_text
from planner.domain.visits import VisitState
from planner.models.accounts import (
    SEARCHED,
    Account,
    AccountClass,
    AccountKind,
    Block,
    ClassRule,
    Contact,
    OpeningWindow,
)
from planner.models.territories import Ownership
from planner.models.visits import Visit
from planner.services import scope
from planner.services.accounts import account_due, account_place, ownership
from planner.services.installation import audit

ENUMS = {"kind": AccountKind, "account_class": AccountClass}


def check(
    session: Session, networks_folder: Path, network_name: str, draft: Draft, former: Draft | None = None
) -> list[Invalid]:
    """Everything wrong with a draft. A pin that stays where ``former`` had it is not judged again."""
    rule = session.get(ClassRule, AccountClass(draft.account_class))
    found = problems(draft, account_due.class_wishes(rule))
    has_place_trouble = any(error.field in ("lat", "lon") for error in found)
    has_moved = former is None or (former.lat, former.lon) != (draft.lat, draft.lon)
    if has_moved and not has_place_trouble:
        found += account_place.troubles(session, networks_folder, network_name, draft.lat, draft.lon)
    return found


def create(session: Session, actor: Actor, now: datetime, draft: Draft, owner: Held) -> int:
    """A new account with its first owner; returns its id. A rep makes accounts for themselves only.

    Raises Invalid for a draft that breaks a rule, an unknown territory or owner, a taken external id.
    """
    if actor.role is Role.REP:
        owner = replace(owner, rep_id=actor.user_id)
    _refuse(session, draft)
    ownership.check(session, actor, owner.from_on, owner)
    _check_external_id(session, draft.external_id, None)
    account = Account(created_at=now, updated_at=now)
    _write(account, draft)
    account.ownerships = [Ownership(**asdict(owner))]
    session.add(account)
    session.flush()
    audit.record(session, actor, now, "account.created", "account", account.id, {}, _told(draft))
    return account.id


def update(
    session: Session, actor: Actor, now: datetime, today: date, account_id: int, rev: int, draft: Draft
) -> None:
    """Change an account that is still at ``rev``.

    Raises Conflict("account_changed") when somebody saved it meanwhile, NotFound, Invalid.
    """
    account = scope.account(session, actor, account_id, today)
    before = draft_of(account)
    if account.rev != rev:
        raise Conflict("account_changed", rev=account.rev)
    if (draft.lat, draft.lon) != (before.lat, before.lon):
        draft = replace(draft, tags=tuple(tag for tag in draft.tags if tag != STREET_ONLY))
    _refuse(session, draft)
    _check_external_id(session, draft.external_id, account.id)
    if draft == before:
        return
    _write(account, draft)
    _touch(account, now)
    session.flush()
    audit.record(session, actor, now, "account.changed", "account", account.id, _told(before), _told(draft))


def archive(session: Session, actor: Actor, now: datetime, today: date, account_id: int) -> int:
    """Take an account out of every list and plan; returns how many planned visits still stand."""
    account = scope.account(session, actor, account_id, today)
    if account.archived_at is None:
        account.archived_at = now
        _touch(account, now)
        audit.record(session, actor, now, "account.archived", "account", account.id)
    standing = select(func.count(Visit.id)).where(
        Visit.account_id == account.id, Visit.on >= today, Visit.state == VisitState.PLANNED
    )
    return session.scalar(standing) or 0


def unarchive(session: Session, actor: Actor, now: datetime, today: date, account_id: int) -> None:
    account = scope.account(session, actor, account_id, today)
    if account.archived_at is not None:
        account.archived_at = None
        _touch(account, now)
        audit.record(session, actor, now, "account.unarchived", "account", account.id)


def draft_of(account: Account) -> Draft:
    """The account as a draft, to fill a form or to compare with."""
    plain = {field: getattr(account, field) for field in PLAIN_FIELDS}
    plain.update({field: plain[field].value for field in ENUMS})
    return Draft(
        **plain,
        tags=tuple(account.tags),
        windows=tuple(
            sorted(Window(row.weekday, row.opens_seconds, row.closes_seconds) for row in account.windows)
        ),
        blocks=tuple(DraftBlock(row.from_on, row.until_on, row.reason) for row in account.blocks),
        contacts=tuple(
            DraftContact(row.name, row.position, row.phone, row.email) for row in account.contacts
        ),
    )


def _write(account: Account, draft: Draft) -> None:
    for field in PLAIN_FIELDS:
        value = getattr(draft, field)
        setattr(account, field, ENUMS[field](value) if field in ENUMS else value)
    account.tags = list(draft.tags)
    account.windows = [OpeningWindow(**asdict(window)) for window in draft.windows]
    account.blocks = [Block(**asdict(block)) for block in draft.blocks]
    account.contacts = [Contact(**asdict(contact)) for contact in draft.contacts]
    account.search_text = search_text(*(getattr(account, name) for name in SEARCHED))


def _touch(account: Account, now: datetime) -> None:
    account.rev += 1
    account.updated_at = now


def _refuse(session: Session, draft: Draft) -> None:
    rule = session.get(ClassRule, AccountClass(draft.account_class))
    for error in problems(draft, account_due.class_wishes(rule)):
        raise error


def _check_external_id(session: Session, external_id: str | None, own_id: int | None) -> None:
    if not external_id:
        return
    taken = session.scalar(select(Account.id).where(Account.external_id == external_id))
    if taken is not None and taken != own_id:
        raise Invalid("external_id", "external_id_taken", text=external_id)


def _told(draft: Draft) -> Mapping[str, Any]:
    """A draft for the audit log: hours as text, the rest as it is."""
    told = asdict(draft)
    told["hours"] = hours_text(draft.windows)
    del told["windows"]
    return told
