"""Parts of addresses: ``<day:on>`` is an ISO date of this century or the next, ``<int:…_id>`` a row's id.

Anything else in its place is a page that does not exist.
"""

from __future__ import annotations

from datetime import date

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

LARGEST_ID = 2**31 - 1
"""What an INTEGER column holds on every database; a larger number names no row."""


class DayConverter(BaseConverter):
    regex = r"2[01]\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: date) -> str:
        return value.isoformat()


class IdConverter(IntegerConverter):
    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def register(app: Flask) -> None:
    app.url_map.converters["day"] = DayConverter
    app.url_map.converters["int"] = IdConverter
