"""Parts of addresses: ``<day:on>`` is an ISO date of this century or the next.

Anything else in its place is a page that does not exist.
"""

from __future__ import annotations

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError


class DayConverter(BaseConverter):
    regex = r"2[01]\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()


def register(app: Flask) -> None:
    app.url_map.converters["day"] = DayConverter
