"""The languages Rounds speaks: each has its texts in ``planner/translations``; English is in the program."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    EN = "en"
    ES = "es"
