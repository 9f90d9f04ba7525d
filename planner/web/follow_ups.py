"""Follow-ups: a rep's own list, a manager's over their territories, and those of one account."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.follow_ups import FollowUpState, Urgency
from planner.services import scope
from planner.services.company import reps
from planner.services.days import follow_ups as service
from planner.web.forms.follow_ups import FollowUpForm
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
    )
    return page, 400 if form.errors else 200


@follow_ups.post("/<int:follow_up_id>/<any(done,dropped,open):state>")
def move(follow_up_id: int, state: str) -> ResponseReturnValue:
    with transaction() as session:
        wanted = FollowUpState(state)
        row = service.move(session, actor(), clock.now(), _today(), follow_up_id, wanted)
        account_id = row.account_id
    if request.form.get("back") == "account":
        return redirect(url_for("follow_ups.of_account", account_id=account_id))
    if visit_id := request.form.get("visit", type=int):
        return redirect(url_for("today.stop", visit_id=visit_id))
    return redirect(url_for("follow_ups.index", rep=request.form.get("rep", type=int)))


def _today() -> date:
    """Today in the zone of whoever looks."""
    return clock.today(signed_in().zone)
