"""What a person can do wrong. Each error carries a ``code`` and ``values``; the edge makes the sentence.

``code`` picks the translated sentence in ``planner.web.errors``; ``values`` fill its gaps.
"""

from __future__ import annotations


class RoundsError(Exception):
    """Base of the errors a use case raises on purpose."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(f"{code} {values}" if values else code)


class NotFound(RoundsError):
    """The object does not exist, or the actor may not know that it does."""

    def __init__(self, what: str, **values: object) -> None:
        super().__init__("not_found", what=what, **values)


class NotAllowed(RoundsError):
    """The actor may see the object but not do this with it."""


class Invalid(RoundsError):
    """A value is wrong. ``field`` is the name of the input it came from."""

    def __init__(self, field: str, code: str, **values: object) -> None:
        super().__init__(code, **values)
        self.field = field


class Conflict(RoundsError):
    """Someone else was faster, or the object is not in the state this needs."""


class Locked(Conflict):
    """An approved or exported entry: corrected by a new entry, never changed."""
