"""Follow-ups: a rep's own list, a manager's over their territories, and those of one account.

What was put off or given a moment ago stands in the address, so that it can be taken back from the page that
follows.
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext, pgettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.follow_ups import FollowUpState, Urgency
from planner.domain.quick_dates import Quick
from planner.services import scope
from planner.services.company import reps
from planner.services.days import follow_up_lists as lists
from planner.services.days import follow_ups as service
from planner.services.days import giving
from planner.services.days.follow_up_lists import Filter, Shown
from planner.services.ledger.exports import Cell, Streamed
from planner.web.due_dates import due_dates, own_id
from planner.web.forms.follow_ups import FollowUpForm, due_of
from planner.web.forms.trouble import tell
from planner.web.paging import page_asked
from planner.web.review.blueprint import pairs
from planner.web.sent_tables import sent
from planner.web.signin import actor, signed_in

follow_ups = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")

ASKED = ("rep", "state")
"""What an address may say about the filter."""

TITLES = {
    Urgency.OVERDUE: lazy_gettext("Overdue"),
    Urgency.TODAY: lazy_gettext("Due today"),
    Urgency.SOON: lazy_gettext("In the next seven days"),
    Urgency.LATER: lazy_gettext("Later"),
    Urgency.UNDATED: lazy_gettext("Without a date"),
}


@follow_ups.get("")
def index() -> ResponseReturnValue:
    session, on, wanted = reading(), _today(), _filter_asked()
    found = lists.page(session, actor(), on, wanted, page_asked())
    rows = [shown for group in found.groups.values() for shown in group]
    return render_template(
        "follow_ups/index.html",
        found=found,
        wanted=wanted,
        asked={name: request.args[name] for name in ASKED if request.args.get(name)},
        titles=TITLES,
        reps=[(each.rep_id, each.name) for each in reps.choices(session, actor(), on)],
        takers=giving.takers(session, actor(), on, {shown.account_id for shown in rows}),
        due=due_dates(own_id()),
        put_off=_put_off_just_now(),
        given=_given_just_now(),
    )


@follow_ups.get("/list.<any(csv,xlsx):form>")
def file(form: str) -> Response:
    on, wanted = _today(), _filter_asked()
    headers = (
        *(gettext("Account"), gettext("What is to be done"), gettext("Due"), pgettext("follow-ups", "For")),
        *(gettext("State"), gettext("Ended")),
    )
    every = lists.every(reading(), actor(), on, wanted)
    table = Streamed(gettext("Follow-ups"), headers, (_row(shown) for shown in every), list)
    return sent(table, form, on.isoformat())


@follow_ups.route("/account/<int:account_id>", methods=["GET", "POST"])
def of_account(account_id: int) -> ResponseReturnValue:
    form, on, wanted = FollowUpForm(), _today(), Filter(account_id=account_id, is_ended=_is_ended_asked())
    account = scope.account(reading(), actor(), account_id, on)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.add(session, actor(), clock.now(), on, form.wanted(account_id))
            return redirect(url_for("follow_ups.of_account", account_id=account_id))
        except Invalid as error:
            tell(form, error)
    page = render_template(
        "follow_ups/of_account.html",
        account=account,
        form=form,
        found=lists.page(reading(), actor(), on, wanted, page_asked()),
        wanted=wanted,
        titles=TITLES,
        due=due_dates(own_id() or service.owner_of(reading(), account_id, on)),
        put_off=_put_off_just_now(),
    )
    return page, 400 if form.errors else 200


@follow_ups.post("/<int:follow_up_id>/<any(done,dropped,open):state>")
def move(follow_up_id: int, state: str) -> ResponseReturnValue:
    with transaction() as session:
        wanted = FollowUpState(state)
        row = service.move(session, actor(), clock.now(), _today(), follow_up_id, wanted)
        account_id = row.account_id
    return _back(account_id)


@follow_ups.post("/<int:follow_up_id>/later/<any(tomorrow,week):quick>")
def put_off(follow_up_id: int, quick: str) -> ResponseReturnValue:
    on = _today()
    with transaction() as session:
        was = service.seen(session, actor(), on, follow_up_id).due_on
        row = service.put_off(session, actor(), on, on, follow_up_id, Quick(quick))
        account_id = row.account_id
    return _back(account_id, was=f"{follow_up_id}:{was or ''}")


@follow_ups.post("/<int:follow_up_id>/due")
def put_back(follow_up_id: int) -> ResponseReturnValue:
    try:
        due_on = due_of(request.form.get("due_on", ""))
    except ValueError:
        abort(400)
    with transaction() as session:
        account_id = service.put_back(session, actor(), _today(), follow_up_id, due_on).account_id
    return _back(account_id)


def _back(account_id: int, **said: str) -> ResponseReturnValue:
    """To the page the form stood on."""
    if request.form.get("back") == "account":
        return redirect(url_for("follow_ups.of_account", account_id=account_id, **said))
    if visit_id := request.form.get("visit", type=int):
        return redirect(url_for("today.stop", visit_id=visit_id))
    return redirect(url_for("follow_ups.index", rep=request.form.get("rep", type=int), **said))


def _put_off_just_now() -> tuple[Shown, date | None] | None:
    """The one the address names, with when it was due before."""
    text, _, was = request.args.get("was", "").partition(":")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    try:
        shown, due_on = lists.one(reading(), actor(), _today(), int(text)), due_of(was)
    except ValueError:
        return None
    return (shown, due_on) if shown and shown.state is FollowUpState.OPEN and shown.due_on else None


@follow_ups.post("/give")
def give() -> ResponseReturnValue:
    """To a colleague, or, with ``from``, back to whom they were for before."""
    to_id, from_id = (request.form.get(name, 0, type=int) for name in ("to", "from"))
    with transaction() as session:
        if from_id:
            before = [(each, was or None) for each, was in pairs(request.form.getlist("given"))]
            made = giving.take_back(session, actor(), clock.now(), _today(), before, from_id)
        else:
            ids = request.form.getlist("follow_up", type=int)
            made = giving.give(session, actor(), clock.now(), _today(), ids, to_id)
    if made.left:
        said = ngettext(
            "%(num)s was left as it is: it has ended, is theirs already, or its account may not be seen.",
            "%(num)s were left as they are: they have ended, are theirs already, or their accounts may not be"
            " seen.",
            made.left,
        )
        flash(said, "warn")
    if from_id or not made.done:
        return redirect(url_for("follow_ups.index", rep=request.form.get("rep", type=int)))
    given = ",".join(f"{each}:{was or 0}" for each, was in made.done)
    return redirect(url_for("follow_ups.index", rep=request.form.get("rep", type=int), given=given, to=to_id))


def _given_just_now() -> tuple[list[tuple[int, int]], int] | None:
    """What the address says was given, each with whom it was for before, and to whom."""
    given, to_id = pairs(request.args.get("given", "").split(",")), request.args.get("to", 0, type=int)
    return (given, to_id) if given and to_id else None


def _filter_asked() -> Filter:
    return Filter(rep_id=request.args.get("rep", type=int), is_ended=_is_ended_asked())


def _is_ended_asked() -> bool:
    return request.args.get("state") == "ended"


def _row(shown: Shown) -> list[Cell]:
    state = {
        FollowUpState.OPEN: gettext("open"),
        FollowUpState.DONE: gettext("done"),
        FollowUpState.DROPPED: gettext("dropped"),
    }[shown.state]
    name = shown.owner_name or (signed_in().name if own_id() else "")
    ended_on = shown.ended_at.astimezone(ZoneInfo(signed_in().zone)).date() if shown.ended_at else None
    return [shown.account_name, shown.text, shown.due_on, name, state, ended_on]


def _today() -> date:
    """Today in the zone of whoever looks."""
    return clock.today(signed_in().zone)
