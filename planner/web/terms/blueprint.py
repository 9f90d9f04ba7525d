"""The blueprint of the pages about expense policy, exchange rates and per diems."""

from __future__ import annotations

from flask import Blueprint

terms = Blueprint("terms", __name__, url_prefix="/rules/expenses")
