"""Numbers as people type them: with a decimal point or comma, whichever language the page speaks.

Not ``<input type="number">``: there the browser's own language decides which sign it takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import ValidationError

from planner.web.languages import locale

NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,12})?")
NO_NUMBER = lazy_gettext("A number is needed.")


def typed(value: float | Decimal | None) -> str:
    """A number as a form shows it: the locale's decimal sign, no marks between thousands."""
    if value is None:
        return ""
    return format_decimal(Decimal(str(value)), format="0.############", locale=locale())


def read_number(text: str) -> Decimal | None:
    """The number in a text; None where it is none."""
    plain = text.strip().replace("−", "-")
    return Decimal(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else None


class NumberField(StringField):
    """``data`` is what ``of`` makes of the number; None while there is none."""

    def __init__(self, label: Any = None, *args: Any, of: Callable[[Decimal], Any] = float, **options: Any):
        options["render_kw"] = {"inputmode": "decimal", "autocomplete": "off", **options.get("render_kw", {})}
        super().__init__(label, *args, **options)
        self.of = of

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.shown()

    def shown(self) -> str:
        return typed(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            number = read_number(valuelist[0])
            self.data = None if number is None else self.of(number)

    def pre_validate(self, form: Any) -> None:
        if self.raw_data and self.raw_data[0].strip() and self.data is None:
            raise ValidationError(NO_NUMBER)


class DegreesField(NumberField):
    """A coordinate is shown with a point everywhere, as maps write it and scripts read it."""

    def shown(self) -> str:
        return "" if self.data is None else str(self.data)
