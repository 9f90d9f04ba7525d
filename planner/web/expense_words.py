"""Expenses in plain words: what a policy says, and what is asked about an expense, with its figures."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import LazyString, gettext, lazy_gettext

from planner.domain.expense_policy import Basis, Rule
from planner.domain.findings import Finding
from planner.domain.review import Flag
from planner.web.formats import money
from planner.web.languages import locale

OVER_CAP: dict[Basis, LazyString] = {
    Basis.ITEM: lazy_gettext("%(over_minor)s over the cap of %(cap_minor)s"),
    Basis.DAY: lazy_gettext(
        "the day comes to %(claimed_minor)s: %(over_minor)s over the cap of %(cap_minor)s a day"
    ),
    Basis.NIGHT: lazy_gettext("%(over_minor)s over the cap of %(cap_minor)s a night, nights: %(nights)s"),
}
ALWAYS = lazy_gettext("there is no receipt, and one is always needed for this")
FROM = lazy_gettext("there is no receipt, and one is needed from %(from_minor)s on")
SAME_RECEIPT = lazy_gettext("the picture of this receipt belongs to an expense of %(other_on)s too")
OF_SOMEBODY = lazy_gettext("the picture of this receipt belongs to somebody else's expense too")
ALIKE_RECEIPT = lazy_gettext(
    "the picture of this receipt looks like that of an expense of %(other_on)s: perhaps it was entered twice"
)
TWICE = lazy_gettext(
    "another expense of this day has the same amount and place: perhaps it was entered twice"
)


def sentence_of(finding: Finding) -> LazyString | None:
    """What is asked about an expense, its figures to be filled in; None for what only trips are asked."""
    if finding.flag is Flag.OVER_CAP:
        return OVER_CAP[Basis(str(finding.values["basis"]))]
    if finding.flag is Flag.NO_RECEIPT:
        return FROM if finding.values.get("from_minor") else ALWAYS
    if finding.flag is Flag.SAME_RECEIPT:
        return SAME_RECEIPT if finding.values["other_on"] else OF_SOMEBODY
    if finding.flag is Flag.ALIKE_RECEIPT:
        return ALIKE_RECEIPT
    return TWICE if finding.flag is Flag.TWICE else None


def policy_words(rule: Rule, currency: str) -> str:
    """What holds for a category: ``At most CLP 12,000 a day. Receipt from CLP 5,000 on.``"""
    return " ".join(text for text in (_cap(rule, currency), _receipt(rule, currency)) if text)


def exact(rate: Decimal) -> str:
    """A rate with all its decimals."""
    return str(format_decimal(rate, format="#,##0.##########", locale=locale(), decimal_quantization=False))


def register(app: Flask) -> None:
    for word in (policy_words, exact):
        app.add_template_filter(word)


def _cap(rule: Rule, currency: str) -> str:
    if rule.cap_minor is None:
        return ""
    cap = money(rule.cap_minor, currency)
    if rule.basis is Basis.DAY:
        return gettext("At most %(cap)s a day.", cap=cap)
    if rule.basis is Basis.NIGHT:
        return gettext("At most %(cap)s a night.", cap=cap)
    return gettext("At most %(cap)s each.", cap=cap)


def _receipt(rule: Rule, currency: str) -> str:
    if rule.receipt_from_minor is None:
        return ""
    if rule.receipt_from_minor == 0:
        return gettext("Always with a receipt.")
    return gettext("Receipt from %(amount)s on.", amount=money(rule.receipt_from_minor, currency))
