"""Saying at a form's field what a rule found wrong with it. ``days-0-ends`` reaches into lists of forms."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from planner.domain.errors import Invalid
from planner.web.errors import sentence
from routing.errors import RoutingError


def tell(form: Form, error: Invalid | RoutingError, field: str = "") -> None:
    """Put the sentence of ``error`` at its field. Raises KeyError when the form has none of that name."""
    name = field or (error.field if isinstance(error, Invalid) else "")
    found: Any = form
    for part in name.split("-"):
        found = found[int(part)] if part.isdigit() else found[part]
    found.errors = [*found.errors, sentence(error)]
