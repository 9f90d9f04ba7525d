"""The team blueprint."""

from __future__ import annotations

from flask import Blueprint

team = Blueprint("team", __name__, url_prefix="/team")
