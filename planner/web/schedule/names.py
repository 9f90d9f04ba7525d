"""Long lists of names, cut short."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext

MOST_NAMES = 3


def some_names(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``, ``A, B, C and 12 more``; a single one more is named, too."""
    if len(names) > MOST_NAMES + 1:
        rest = gettext("%(num)s more", num=len(names) - MOST_NAMES)
        names = [*names[:MOST_NAMES], rest]
    if len(names) < 2:
        return "".join(names)
    return gettext("%(some)s and %(last)s", some=", ".join(names[:-1]), last=names[-1])
