"""An item's fields through the very form its page shows: what it does, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Field

from planner.domain.capture import Captured
from planner.domain.errors import Invalid
from planner.domain.follow_ups import FollowUpState
from planner.domain.outbox import Item, ItemKind, id_in, needed
from planner.domain.visits import NotHeldReason
from planner.services.days import reordering
from planner.services.ledger import own_currency, trips
from planner.services.ledger.expense_ties import VisitChoice
from planner.services.sync import acts
from planner.services.sync.acts import Act
from planner.web.forms.closing import ClosingForm
from planner.web.forms.expenses import NOTHING, ExpenseForm
from planner.web.forms.follow_ups import due_of, later_of
from planner.web.forms.ordering import asked_wish
from planner.web.forms.visits import NoteForm, NotHeldForm, ReportForm
from planner.web.installed import networks_folder
from planner.web.receipts import receipt_id
from planner.web.signin import actor, signed_in

Form = TypeVar("Form", bound=FlaskForm)


def act_of(session: Session, item: Item, when: Captured) -> Act:
    """What an item does. Raises Invalid with the sentence of the first field that is wrong."""
    return READERS[item.kind](session, item, when)


def fields_of(item: Item) -> MultiDict[str, str]:
    return MultiDict((name, value) for name, values in item.fields.items() for value in values)


def filled(kind: type[Form], item: Item) -> Form:
    form = kind(formdata=fields_of(item), meta={"csrf": False})
    check(form)
    return form


def check(form: FlaskForm) -> None:
    """Raises Invalid with what the form says at the first field that is wrong."""
    if not form.validate():
        name, said = next((name, texts[0]) for name, texts in form.errors.items() if texts)
        raise Invalid(name or "form", "form_field", said=str(said))


def _plain(act: Act) -> Callable[..., Act]:
    return lambda session, item, when: act


def _done(session: Session, item: Item, when: Captured) -> Act:
    return partial(acts.done, report=filled(ReportForm, item).report())


def _not_held(act: Callable[..., acts.Made]) -> Callable[..., Act]:
    def read(session: Session, item: Item, when: Captured) -> Act:
        return partial(act, reason=NotHeldReason(filled(NotHeldForm, item).reason.data))

    return read


def _note(session: Session, item: Item, when: Captured) -> Act:
    form = filled(NoteForm, item)
    if form.is_empty(has_photos=bool(item.photos)):
        raise Invalid("text", "form_field", said=str(form.text.errors[0]))
    return partial(acts.noted, text=form.text.data or "")


def _order(session: Session, item: Item, when: Captured) -> Act:
    """The draft saved, tried on the roads as of when it was saved."""
    on, wish = needed(item.on, "on"), asked_wish(fields_of(item))
    tried = reordering.look(session, actor(), networks_folder(), when.at, when.today, on, wish)
    return partial(acts.ordered, tried=tried)


def _close(session: Session, item: Item, when: Captured) -> Act:
    on, folder = needed(item.on, "on"), networks_folder()
    form = ClosingForm(signed_in().distance_unit, fields_of(item))
    drives = trips.preview(session, actor(), folder, signed_in().person_id, on).trips
    return partial(acts.closed, networks_folder=folder, closing=form.closing(drives))


def _expense(session: Session, item: Item, when: Captured) -> Act:
    """The visit it belongs to may have been reached in this very batch: whose it is, the entry checks, and
    whether there is a rate for the currency."""
    form = ExpenseForm(formdata=fields_of(item), meta={"csrf": False})
    form.offer([VisitChoice(chosen, "", when.today)] if (chosen := _chosen(form.visit)) else [])
    form.offer_ties(
        *([(chosen, "")] if (chosen := _chosen(field)) else [] for field in (form.trip, form.account))
    )
    form.offer_currencies(own_currency.of_day(session, actor().user_id, when.on, when.today), [])
    check(form)
    new = form.expense(receipt_id(session, form.kept.data))
    return partial(acts.spent, new=new)


def _follow_up(session: Session, item: Item, when: Captured) -> Act:
    """How it ended, how far it is put off, or, to take that back, when it was due before."""
    fields = fields_of(item)
    name = next((name for name in ("later", "due_on") if name in fields), "state")
    value, follow_up_id = fields.get(name, ""), id_in(item, "follow_up")
    try:
        if name == "later":
            return partial(acts.put_off, follow_up_id=follow_up_id, quick=later_of(value))
        if name == "due_on":
            return partial(acts.put_back, follow_up_id=follow_up_id, due_on=due_of(value))
        return partial(acts.followed_up, follow_up_id=follow_up_id, state=FollowUpState(value))
    except ValueError:
        raise Invalid(name, "sync_item", name=name) from None


def _chosen(field: Field) -> int:
    text = str(field.data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else NOTHING


READERS: dict[ItemKind, Callable[[Session, Item, Captured, date], Act]] = {
    ItemKind.ARRIVED: _plain(acts.arrived),
    ItemKind.LEFT: _plain(acts.left),
    ItemKind.UNDO: _plain(acts.undone),
    ItemKind.DONE: _done,
    ItemKind.MISSED: _not_held(acts.missed),
    ItemKind.SKIPPED: _not_held(acts.skipped),
    ItemKind.NOTE: _note,
    ItemKind.EXPENSE: _expense,
    ItemKind.ORDER: _order,
    ItemKind.CLOSE: _close,
    ItemKind.FOLLOW_UP: _follow_up,
}
