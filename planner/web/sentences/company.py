"""Sentences about people, their working weeks, territories and absences."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "shift_reversed": lazy_gettext("The day ends before it begins."),
    "shift_short": lazy_gettext("A working day has at least %(minutes)s minutes."),
    "lunch_reversed": lazy_gettext("Lunch may begin until a time that lies before the other."),
    "lunch_outside": lazy_gettext("Lunch does not fit into the working hours."),
    "night_without_shift": lazy_gettext(
        "No night away on an evening without work: tick “works” too, or leave this empty."
    ),
    "night_before_day_off": lazy_gettext("No night away: the day after is not worked."),
    "night_count": lazy_gettext("Write how many nights, from 1 to %(most)s."),
    "night_distance": lazy_gettext("Write a distance from 0 to %(most)s %(unit)s."),
    "night_price": lazy_gettext("Write minutes, from 0 to %(most)s."),
    "range_reversed": lazy_gettext("The last day lies before the first."),
    "overtime_range": lazy_gettext("Overtime of a day is at most %(hours)s hours."),
    "overtime_stands": lazy_gettext("There is overtime on this day again; nothing was added to it."),
    "absence_overlap": lazy_gettext("There is an absence in these days already."),
    "home_off_road": lazy_gettext(
        "The home is %(metres)s m from the nearest road; the limit is %(limit)s m. "
        "Move the pin to the street."
    ),
    "territory_name_taken": lazy_gettext("There is a territory of this name already."),
    "territory_cycle": lazy_gettext("A territory cannot be part of itself or of one below it."),
    "network_missing": lazy_gettext("Choose the roads. Networks are built with `flask roads`."),
    "membership_overlap": lazy_gettext("They belong to this territory in these days already."),
    "guard_erased": lazy_gettext("This person has been erased: nothing more is kept under their name."),
    "erasing_name": lazy_gettext("Type the name as it stands: %(name)s"),
    "erasing_own": lazy_gettext("You cannot erase yourself. Another admin can."),
    "erasing_open_claims": lazy_gettext(
        "Claims of these months are not paid yet: %(months)s. Settle them first, or tick that they are "
        "settled elsewhere."
    ),
}
