"""Opening hours: as text that people write, and as windows by weekday.

Monday is 0; times are seconds after local midnight and ``closes_seconds`` may be 86,400. No window at
all means "open whenever the rep works", a weekday without one means closed on that day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from planner.domain.errors import Invalid

DAY_SECONDS = 24 * 3600
SHORT_NAMES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
EVERY_DAY = frozenset(range(7))

# English, Spanish and German. "Do" is the German Thursday; Spanish writes "Dom" for Sunday.
DAY_WORDS = {
    word: day
    for day, words in enumerate(
        (
            "mo mon monday lu lun lunes montag",
            "tu tue tues tuesday ma mar martes di die dienstag",
            "we wed wednesday mi mie mier miercoles mit mittwoch",
            "th thu thur thurs thursday ju jue jueves do don donnerstag",
            "fr fri friday vi vie viernes fre freitag",
            "sa sat saturday sab sabado sam samstag",
            "su sun sunday so dom domingo son sonntag",
        )
    )
    for word in words.split()
}
ALL_DAYS_WORDS = frozenset(["daily", "everyday", "diario", "diariamente", "taglich"])
CLOSED_WORDS = frozenset(["closed", "off", "cerrado", "geschlossen"])
BETWEEN_WORDS = re.compile(r"\b(?:to|until|till|a|al|hasta|bis)\b")
FILL_WORDS = re.compile(r"\b(?:and|y|und|from|de|von|h|hrs|uhr)\b|(?<=\d)\s*(?:hrs|h|uhr)\b")

TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?"
TOKEN = re.compile(
    rf"(?P<times>{TIME}\s*-\s*{TIME})|(?P<days>[a-z]+\.?(?:\s*-\s*[a-z]+\.?)?)|(?P<space>[\s,;:/|]+)"
)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Service may begin from ``opens_seconds`` to ``closes_seconds`` on this weekday."""

    weekday: int
    opens_seconds: int
    closes_seconds: int


@lru_cache(maxsize=4096)
def read_hours(text: str, field: str = "hours") -> tuple[Window, ...]:
    """Windows from text such as ``Mo-Fr 09:00-13:00,15:00-18:00; Sa 10:00-13:00``, in order.

    Raises Invalid(field) with hours_unreadable, hours_reversed or hours_overlap.
    """
    plain = _plain(text)
    if plain in ("24/7", ""):
        return tuple(Window(day, 0, DAY_SECONDS) for day in range(7)) if plain else ()
    windows: list[Window] = []
    days: set[int] = set()
    has_times = False
    for kind, token in _tokens(plain, text, field):
        if token in CLOSED_WORDS:
            if not days or has_times:
                raise Invalid(field, "hours_unreadable", text=text)
            has_times = True
        elif kind == "days":
            days = _days(token, text, field) | (set() if has_times else days)
            has_times = False
        else:
            opens, closes = _times(token, field)
            windows.extend(Window(day, opens, closes) for day in days or EVERY_DAY)
            has_times = True
    if days and not has_times:
        raise Invalid(field, "hours_unreadable", text=text)
    return checked(windows, field)


def read_times(text: str, weekday: int, field: str) -> tuple[Window, ...]:
    """The windows of one weekday from ``09:00-13:00, 15:00-18:00``; empty text means closed."""
    plain = _plain(text)
    if plain in CLOSED_WORDS:
        return ()
    windows = []
    for kind, token in _tokens(plain, text, field):
        if kind == "days":
            raise Invalid(field, "hours_unreadable", text=text)
        windows.append(Window(weekday, *_times(token, field)))
    return checked(windows, field)


def checked(windows: Iterable[Window], field: str = "hours") -> tuple[Window, ...]:
    """Windows in order. Raises Invalid(field): each must close after it opens, and none may overlap."""
    ordered = sorted(set(windows))
    for window in ordered:
        if not 0 <= window.opens_seconds < window.closes_seconds <= DAY_SECONDS:
            raise Invalid(
                field,
                "hours_reversed",
                opens=_clock(window.opens_seconds),
                closes=_clock(window.closes_seconds),
            )
    for former, later in pairwise(ordered):
        if former.weekday == later.weekday and later.opens_seconds < former.closes_seconds:
            raise Invalid(field, "hours_overlap", day=SHORT_NAMES[later.weekday])
    return tuple(ordered)


def closed_between(
    windows: Iterable[Window], weekdays: Iterable[int], from_seconds: int, until_seconds: int
) -> tuple[Window, ...]:
    """The windows once service may not begin between two times of these weekdays. Who kept no hours was open
    at any time.

    Raises Invalid("until", …) for a time that ends before it begins, Invalid("from", "never_open") where
    nothing would be left of the whole week: no window at all would say the opposite.
    """
    if not 0 <= from_seconds < until_seconds <= DAY_SECONDS:
        raise Invalid("until", "hours_reversed", opens=_clock(from_seconds), closes=_clock(until_seconds))
    days = frozenset(weekdays)
    found: list[Window] = []
    for window in tuple(windows) or tuple(Window(day, 0, DAY_SECONDS) for day in range(7)):
        if window.weekday not in days:
            found.append(window)
            continue
        before = (window.opens_seconds, min(window.closes_seconds, from_seconds))
        after = (max(window.opens_seconds, until_seconds), window.closes_seconds)
        found += [Window(window.weekday, *part) for part in (before, after) if part[0] < part[1]]
    if not found:
        raise Invalid("from", "never_open")
    return tuple(sorted(found))


def hours_text(windows: Iterable[Window]) -> str:
    """The text ``read_hours`` reads back: neighbouring days with the same hours are joined."""
    by_day = [times_text(w for w in windows_of) for windows_of in _by_weekday(windows)]
    parts: list[str] = []
    first = 0
    for day in range(1, 8):
        if day < 7 and by_day[day] == by_day[first]:
            continue
        if by_day[first]:
            names = SHORT_NAMES[first] if first == day - 1 else f"{SHORT_NAMES[first]}-{SHORT_NAMES[day - 1]}"
            parts.append(f"{names} {by_day[first]}")
        first = day
    return "; ".join(parts)


def times_text(windows: Iterable[Window]) -> str:
    """The times of one weekday: ``09:00-13:00, 15:00-18:00``."""
    return ", ".join(f"{_clock(w.opens_seconds)}-{_clock(w.closes_seconds)}" for w in sorted(windows))


def _by_weekday(windows: Iterable[Window]) -> list[list[Window]]:
    days: list[list[Window]] = [[] for _ in range(7)]
    for window in windows:
        days[window.weekday].append(window)
    return days


def _plain(text: str) -> str:
    """Small letters without accents, dashes and joining words made one."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    plain = re.sub(r"[‐‑‒–—−]", "-", plain)
    return FILL_WORDS.sub(" ", BETWEEN_WORDS.sub("-", plain)).strip()


def _tokens(plain: str, text: str, field: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(plain):
        match = TOKEN.match(plain, position)
        if match is None:
            raise Invalid(field, "hours_unreadable", text=text)
        if match.lastgroup != "space":
            yield ("times" if match["times"] else "days"), match[0]
        position = match.end()


def _days(token: str, text: str, field: str) -> set[int]:
    if token in ALL_DAYS_WORDS:
        return set(EVERY_DAY)
    names = [name.strip(" .") for name in token.split("-")]
    if any(name not in DAY_WORDS for name in names):
        raise Invalid(field, "hours_unreadable", text=text)
    first, last = DAY_WORDS[names[0]], DAY_WORDS[names[-1]]
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def _times(token: str, field: str) -> tuple[int, int]:
    match = re.fullmatch(rf"{TIME}\s*-\s*{TIME}", token)
    assert match is not None
    return _seconds(match[1], match[2], match[3], field), _seconds(match[4], match[5], match[6], field)


def _seconds(hour: str, minute: str | None, half: str | None, field: str) -> int:
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    seconds = hours * 3600 + int(minute or 0) * 60
    if int(minute or 0) > 59 or seconds > DAY_SECONDS:
        raise Invalid(field, "hours_unreadable", text=f"{hour}:{minute or '00'}")
    return seconds


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
