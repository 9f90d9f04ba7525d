"""The blueprint of what belongs to the phone as a whole."""

from __future__ import annotations

from flask import Blueprint

phone = Blueprint("phone", __name__)
