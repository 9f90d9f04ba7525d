"""Expenses: entering, looking at, correcting and reversing them, and their receipts."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.ledger import entry_pages, expenses
from planner.web.asked import asked_date
from planner.web.forms.ledger import ExpenseForm, ReverseForm
from planner.web.forms.trouble import tell
from planner.web.ledger.blueprint import ledger, today_on
from planner.web.receipts import keep_receipt, receipt_id, send_receipt
from planner.web.signin import actor, signed_in


@ledger.route("/expenses/new", methods=["GET", "POST"])
def new_expense() -> ResponseReturnValue:
    form = _form(asked_date("on", today_on()))
    if _is_whole(form):
        try:
            with transaction() as session:
                what = form.expense(signed_in().currency, receipt_id(session, form.kept.data))
                on = expenses.add(session, actor(), clock.now(), today_on(), what).on
            flash(gettext("Saved."), "good")
            return redirect(url_for("ledger.index", month=f"{on:%Y-%m}"))
        except Invalid as error:
            tell(form, error)
    shown = render_template("ledger/expense_form.html", form=form, page=None, currency=signed_in().currency)
    return shown, 400 if form.errors else 200


@ledger.route("/expenses/<int:expense_id>/correct", methods=["GET", "POST"])
def correct_expense(expense_id: int) -> ResponseReturnValue:
    page = entry_pages.expense_page(reading(), actor(), today_on(), expense_id)
    currency, form = page.expense.currency, _form(page.expense.on)
    if not form.is_submitted():
        form.fill(page)
    if _is_whole(form):
        try:
            with transaction() as session:
                what = form.expense(currency, receipt_id(session, form.kept.data))
                why = form.reason.data or ""
                new = expenses.correct(session, actor(), clock.now(), today_on(), expense_id, what, why).id
            flash(gettext("Corrected. The entry before it stays to be read."), "good")
            return redirect(url_for("ledger.expense", expense_id=new))
        except Invalid as error:
            tell(form, error)
    shown = render_template("ledger/expense_form.html", form=form, page=page, currency=currency)
    return shown, 400 if form.errors else 200


@ledger.get("/expenses/<int:expense_id>")
def expense(expense_id: int) -> ResponseReturnValue:
    return _shown(expense_id)


@ledger.post("/expenses/<int:expense_id>/reverse")
def reverse_expense(expense_id: int) -> ResponseReturnValue:
    form = ReverseForm()
    if form.validate_on_submit():
        said = (form.uid.data or "", form.reason.data or "")
        with transaction() as session:
            new = expenses.void(session, actor(), clock.now(), today_on(), expense_id, *said).id
        flash(gettext("Reversed. It counts no more."), "good")
        return redirect(url_for("ledger.expense", expense_id=new))
    return _shown(expense_id, form), 400


@ledger.get("/expenses/<int:expense_id>/receipt")
def receipt(expense_id: int) -> ResponseReturnValue:
    return send_receipt(expense_id, today_on())


def _form(on: date) -> ExpenseForm:
    """The form with the visits of the day that was typed, or of ``on``."""
    form = ExpenseForm(on=on, visit=request.args.get("visit", type=int))
    form.offer(expenses.visit_choices(reading(), actor(), form.day or on))
    return form


def _is_whole(form: ExpenseForm) -> bool:
    """Whether a sent form can be entered. A receipt that came with it is kept either way."""
    if not form.is_submitted():
        return False
    trouble = keep_receipt(form)
    is_valid = bool(form.validate())
    if trouble is not None:
        tell(form, trouble)
    return is_valid and trouble is None


def _shown(expense_id: int, reverse: ReverseForm | None = None) -> str:
    page = entry_pages.expense_page(reading(), actor(), today_on(), expense_id)
    return render_template("ledger/expense.html", page=page, reverse=reverse or ReverseForm(formdata=None))
