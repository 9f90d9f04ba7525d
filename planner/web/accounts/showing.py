"""One account: its page, its owner, archiving it and taking that back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.hours import times_text
from planner.domain.ownership import Held
from planner.services.accounts import account_choices, account_detail, account_edit, ownership
from planner.web.accounts.blueprint import accounts, today
from planner.web.forms.owner import OwnerForm
from planner.web.forms.people import WEEKDAYS
from planner.web.forms.trouble import tell
from planner.web.signin import actor


@accounts.get("/<int:account_id>")
def detail(account_id: int) -> ResponseReturnValue:
    return _page(account_id, None)


@accounts.post("/<int:account_id>/owner")
def assign(account_id: int) -> ResponseReturnValue:
    form = _owner_form()
    if form.validate_on_submit():
        change = Held(form.territory_id.data, form.rep, form.from_on.data)
        try:
            with transaction() as session:
                ownership.assign(session, actor(), clock.now(), today(), account_id, change)
            flash(gettext("The owner is changed."), "good")
            return redirect(url_for("accounts.detail", account_id=account_id))
        except Invalid as error:
            tell(form, error)
    return _page(account_id, form)


@accounts.post("/<int:account_id>/archive")
def archive(account_id: int) -> ResponseReturnValue:
    with transaction() as session:
        standing = account_edit.archive(session, actor(), clock.now(), today(), account_id)
    flash(gettext("Archived: out of every list and plan. You can take it back here."), "good")
    if standing:
        left = ngettext(
            "%(num)s planned visit still stands.", "%(num)s planned visits still stand.", standing
        )
        flash(left, "warn")
    return redirect(url_for("accounts.detail", account_id=account_id))


@accounts.post("/<int:account_id>/unarchive")
def unarchive(account_id: int) -> ResponseReturnValue:
    with transaction() as session:
        account_edit.unarchive(session, actor(), clock.now(), today(), account_id)
    flash(gettext("Back in the lists and plans."), "good")
    return redirect(url_for("accounts.detail", account_id=account_id))


def _page(account_id: int, owner_form: OwnerForm | None) -> ResponseReturnValue:
    shown = account_detail.readable(reading(), actor(), account_id, today())
    draft = account_edit.draft_of(shown.account)
    hours = [
        (WEEKDAYS[day], times_text(window for window in draft.windows if window.weekday == day))
        for day in range(7)
    ]
    return render_template(
        "accounts/detail.html",
        shown=shown,
        account=shown.account,
        hours=hours if draft.windows else [],
        owner_form=owner_form or _owner_form(shown.owner),
        today=today(),
    )


def _owner_form(owner: account_detail.OwnerRange | None = None) -> OwnerForm:
    given = {"from_on": today()}
    if owner is not None:
        given |= {"territory_id": owner.territory_id, "rep_id": str(owner.rep_id or "")}
    form = OwnerForm(data=given)
    choices = account_choices.choices(reading(), actor(), today())
    form.offer(choices.territories, choices.reps)
    return form
