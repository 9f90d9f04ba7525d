"""Expenses: entering, looking at, correcting and reversing them, and their receipts."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.findings import Finding
from planner.services.ledger import corrections, entry_pages, expense_findings, expense_forms, expenses
from planner.services.ledger.entry_pages import ExpensePage
from planner.services.ledger.expense_forms import Offer
from planner.web.asked import asked_date
from planner.web.forms.expenses import NOTHING, ExpenseForm
from planner.web.forms.ledger import ReverseForm
from planner.web.forms.trouble import tell
from planner.web.ledger.blueprint import ends, ledger, today_on, what_was_done
from planner.web.receipts import keep_receipt, receipt_id, send_receipt
from planner.web.review.because import because
from planner.web.signin import actor


@ledger.route("/expenses/new", methods=["GET", "POST"])
def new_expense() -> ResponseReturnValue:
    form = ExpenseForm(on=asked_date("on", today_on()), visit=_asked("visit"), account=_asked("account"))
    offer = _offered(form, _asked("account"))
    if _is_whole(form):
        try:
            with transaction() as session:
                what = form.expense(receipt_id(session, form.kept.data))
                row = expenses.add(session, actor(), clock.now(), today_on(), what)
                on, found = row.on, expense_findings.of_one(session, row)
            _flash(gettext("Saved."), found)
            return redirect(url_for("ledger.index", month=f"{on:%Y-%m}"))
        except Invalid as error:
            tell(form, error)
    return _form_page(form, offer, None), 400 if form.errors else 200


@ledger.route("/expenses/<int:expense_id>/correct", methods=["GET", "POST"])
def correct_expense(expense_id: int) -> ResponseReturnValue:
    page = entry_pages.expense_page(reading(), actor(), today_on(), expense_id)
    form = ExpenseForm(on=page.expense.on)
    if not form.is_submitted():
        form.fill(page.said)
        form.on.data = asked_date("on", page.expense.on)
    offer = _offered(form, page.expense.account_id)
    if _is_whole(form):
        try:
            with transaction() as session:
                what = form.expense(receipt_id(session, form.kept.data))
                why = form.reason.data or ""
                now, today = clock.now(), today_on()
                row = corrections.correct_expense(session, actor(), now, today, expense_id, what, why)
                new, found = row.id, expense_findings.of_one(session, row)
                said = what_was_done(corrections.done(session, row))
            _flash(said, found)
            return redirect(url_for("ledger.expense", expense_id=new))
        except Invalid as error:
            tell(form, error)
    return _form_page(form, offer, page), 400 if form.errors else 200


@ledger.get("/expenses/<int:expense_id>")
def expense(expense_id: int) -> ResponseReturnValue:
    return _shown(expense_id)


@ledger.post("/expenses/<int:expense_id>/reverse")
def reverse_expense(expense_id: int) -> ResponseReturnValue:
    form = ReverseForm()
    if form.validate_on_submit():
        said = (form.uid.data or "", form.reason.data or "")
        with transaction() as session:
            row = corrections.reverse_expense(session, actor(), clock.now(), today_on(), expense_id, *said)
            new, done = row.id, what_was_done(corrections.done(session, row))
        flash(done, "good")
        return redirect(url_for("ledger.expense", expense_id=new))
    return _shown(expense_id, form), 400


@ledger.get("/expenses/<int:expense_id>/receipt")
def receipt(expense_id: int) -> ResponseReturnValue:
    return send_receipt(expense_id, today_on())


def _asked(name: str) -> int:
    return request.args.get(name, NOTHING, type=int)


def _offered(form: ExpenseForm, account_id: int | None) -> Offer:
    """What there is to choose from on the day that was typed, put into the form."""
    on = form.day or today_on()
    found = expense_forms.offer(reading(), actor(), today_on(), on, account_id)
    form.offer(found.visits)
    form.offer_ties(((trip.id, ends(trip)) for trip in found.trips), found.accounts)
    form.offer_currencies(found.own, found.currencies)
    return found


def _is_whole(form: ExpenseForm) -> bool:
    """Whether a sent form can be entered. A receipt that came with it is kept either way."""
    if not form.is_submitted():
        return False
    trouble = keep_receipt(form)
    is_valid = bool(form.validate())
    if trouble is not None:
        tell(form, trouble)
    return is_valid and trouble is None


def _flash(saved: str, found: tuple[Finding, ...]) -> None:
    """Saved it is, whatever is asked about it."""
    asked = gettext("To look at: %(reasons)s.", reasons="; ".join(because(each) for each in found))
    flash(f"{saved} {asked}" if found else saved, "warn" if found else "good")


def _form_page(form: ExpenseForm, offer: Offer, page: ExpensePage | None) -> str:
    return render_template("ledger/expense_form.html", form=form, page=page, offer=offer)


def _shown(expense_id: int, reverse: ReverseForm | None = None) -> str:
    page = entry_pages.expense_page(reading(), actor(), today_on(), expense_id)
    return render_template("ledger/expense.html", page=page, reverse=reverse or ReverseForm(formdata=None))
