"""When something happened on a phone, told from a clock that nobody can rely on.

``captured_at`` is the phone's instant put right by how far its clock was off when it sent; it is never later
than ``received_at``, the server's own. Nothing is ordered or allowed by it; an entry of the ledger is late or
not by it, with both instants to be read beside each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SMALL_SKEW = timedelta(minutes=2)
"""What the way to the server and an ordinary clock may make up: left alone."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A step of the rep's: when it was taken, and when the server heard of it.

    ``on`` and ``today`` are the local dates of the two instants, in the zone of the rep's territory.
    """

    at: datetime
    on: date
    received_at: datetime
    today: date


def at_once(now: datetime, today: date) -> Captured:
    """A step taken with a signal: heard of as it was taken."""
    return Captured(now, today, now, today)


def skew(sent_at: datetime, received_at: datetime) -> timedelta:
    """What to add to the phone's clock; nothing for up to two minutes."""
    off = received_at - sent_at
    return off if abs(off) > SMALL_SKEW else timedelta(0)


def captured(
    client_at: datetime, off: timedelta, received_at: datetime, today: date, zone: ZoneInfo
) -> Captured:
    """``today`` is the local date at ``received_at``; the date captured is as many days before it as the
    two instants lie apart in ``zone``."""
    try:
        at = min(client_at + off, received_at)
    except OverflowError:
        at = received_at
    at = at.astimezone(UTC)
    days = (received_at.astimezone(zone).date() - _local_date(at, zone)).days
    return Captured(at, today - timedelta(days=min(days, (today - date.min).days)), received_at, today)


def _local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date in the zone; at the very beginning of the calendar, where no zone can be counted, in UTC."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()
