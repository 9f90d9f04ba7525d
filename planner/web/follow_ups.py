"""Follow-ups: a rep's own list, a manager's over their territories, and those of one account.

What was put off a moment ago stands in the address, so that it can be taken back from the page that follows.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.follow_ups import FollowUpState, Urgency
from planner.domain.quick_dates import Quick
from planner.services import scope
from planner.services.company import reps
from planner.services.days import follow_ups as service
from planner.web.due_dates import due_dates, own_id
from planner.web.forms.follow_ups import FollowUpForm, due_of
from planner.web.forms.trouble import tell
from planner.web.signin import actor, signed_in

follow_ups = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")

TITLES = {
    Urgency.OVERDUE: lazy_gettext("Overdue"),
    Urgency.TODAY: lazy_gettext("Due today"),
    Urgency.SOON: lazy_gettext("In the next seven days"),
    Urgency.LATER: lazy_gettext("Later"),
    Urgency.UNDATED: lazy_gettext("Without a date"),
}


@follow_ups.get("")
def index() -> ResponseReturnValue:
    session, on, rep_id = reading(), _today(), request.args.get("rep", type=int)
    return render_template(
        "follow_ups/index.html",
        groups=service.grouped(session, actor(), on, owner_id=rep_id),
        ended=service.ended(session, actor(), on, owner_id=rep_id),
        titles=TITLES,
        reps=[(each.rep_id, each.name) for each in reps.choices(session, actor(), on)],
        rep_id=rep_id,
        due=due_dates(own_id()),
        put_off=_put_off_just_now(),
    )


@follow_ups.route("/account/<int:account_id>", methods=["GET", "POST"])
def of_account(account_id: int) -> ResponseReturnValue:
    form, on = FollowUpForm(), _today()
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
        groups=service.grouped(reading(), actor(), on, account_id),
        ended=service.ended(reading(), actor(), on, account_id),
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


def _put_off_just_now() -> tuple[service.Shown, date | None] | None:
    """The one the address names, with when it was due before."""
    text, _, was = request.args.get("was", "").partition(":")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    try:
        shown, due_on = service.shown(reading(), actor(), _today(), int(text)), due_of(was)
    except ValueError:
        return None
    return (shown, due_on) if shown and shown.state is FollowUpState.OPEN and shown.due_on else None


def _today() -> date:
    """Today in the zone of whoever looks."""
    return clock.today(signed_in().zone)
