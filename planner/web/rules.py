"""Rules: what each class of accounts inherits, and the holidays ahead. An admin changes them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid, NotFound
from planner.services.accounts import rules as rules_service
from planner.web.errors import sentence
from planner.web.forms.rule import RuleForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor, signed_in

rules = Blueprint("rules", __name__, url_prefix="/rules")


@rules.get("")
def index() -> ResponseReturnValue:
    return _page({})


@rules.post("/<letter>")
def save(letter: str) -> ResponseReturnValue:
    if letter not in {line.letter for line in rules_service.classes(reading())}:
        raise NotFound("class", letter=letter)
    form = RuleForm(prefix=letter)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                rules_service.save(session, actor(), clock.now(), letter, form.rule)
            flash(gettext("Saved. The next plan goes by it."), "good")
            return redirect(url_for("rules.index"))
        except Invalid as error:
            tell(form, error)
    return _page({letter: form})


def _page(forms: dict[str, RuleForm]) -> ResponseReturnValue:
    lines = rules_service.classes(reading())
    countries = rules_service.upcoming_holidays(reading(), actor(), clock.today(signed_in().zone))
    return render_template(
        "rules/index.html",
        lines=lines,
        forms={line.letter: forms.get(line.letter) or RuleForm.of(line.letter, line.rule) for line in lines},
        countries=[(place, sentence(place.problem) if place.problem else "") for place in countries],
    )
