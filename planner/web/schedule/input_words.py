"""What changed of a plan's inputs since the plan published before it, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext, lazy_gettext, ngettext

from planner.domain.plan_inputs import AbsenceChange, AccountChange, RepChange
from planner.services.schedule.plan_inputs import Inputs
from planner.web.formats import day
from planner.web.schedule.names import some_names
from planner.web.schedule.words import ABSENCES
from planner.web.words import word

ACCOUNTS = {
    AccountChange.ADDED: lazy_gettext("New accounts: %(names)s."),
    AccountChange.ARCHIVED: lazy_gettext("Archived: %(names)s."),
    AccountChange.BACK: lazy_gettext("Taken out of the archive: %(names)s."),
    AccountChange.OWNER: lazy_gettext("Given to or from somebody else: %(names)s."),
    AccountChange.CADENCE: lazy_gettext("Class, cadence or gaps changed: %(names)s."),
    AccountChange.HOURS: lazy_gettext("Opening hours or blocks changed: %(names)s."),
    AccountChange.PLACE: lazy_gettext("The pin was moved: %(names)s."),
    AccountChange.LENGTH: lazy_gettext("The length of a visit changed: %(names)s."),
}

REP = {
    RepChange.WEEK: lazy_gettext("The rep's working hours changed."),
    RepChange.HOME: lazy_gettext("The rep's home moved."),
    RepChange.NIGHTS: lazy_gettext("The rule about the rep's nights away changed."),
}

DRIVING = {
    "speed_factor": lazy_gettext("speed"),
    "turns": lazy_gettext("turns"),
    "turn_seconds": lazy_gettext("time for a turn"),
    "signal_seconds": lazy_gettext("time at traffic lights"),
    "rush_hours": lazy_gettext("rush hours"),
}

SETTINGS = {
    "prospects_per_week": lazy_gettext("The number of prospects a week changed."),
    "snap_refuse_metres": lazy_gettext("The distance from the road at which an account is refused changed."),
    "travel_engine": lazy_gettext("Driving times come from another engine."),
}


def sentences(inputs: Inputs) -> list[str]:
    """Empty where nothing is known to have changed."""
    return [*_roads(inputs), *_rep(inputs), *_accounts(inputs), *_rules(inputs), *_by_hand(inputs)]


def _roads(inputs: Inputs) -> Iterator[str]:
    if inputs.is_other_network:
        yield gettext("The road network is another version.")
    if inputs.driving:
        what = [str(DRIVING.get(field, field)) for field in inputs.driving]
        yield gettext("How one drives was set anew: %(what)s.", what=some_names(what))
    if inputs.balance:
        before, after = (word(balance) for balance in inputs.balance)
        yield gettext("Days were planned %(before)s, now %(after)s.", before=before, after=after)


def _rep(inputs: Inputs) -> Iterator[str]:
    for change in sorted(inputs.rep):
        yield str(REP[change])
    for absence in inputs.absences:
        yield _absence(absence)


def _absence(absence: AbsenceChange) -> str:
    said = {
        "kind": str(ABSENCES[absence.kind]),
        "first": day(absence.from_on),
        "last": day(absence.last_on),
    }
    if absence.is_added:
        return gettext("Entered: %(kind)s, %(first)s to %(last)s.", **said)
    return gettext("Taken back: %(kind)s, %(first)s to %(last)s.", **said)


def _accounts(inputs: Inputs) -> Iterator[str]:
    for change, sentence in ACCOUNTS.items():
        if names := inputs.accounts.get(change):
            yield str(sentence) % {"names": some_names(names)}
    if inputs.imported:
        yield ngettext(
            "An import made or changed %(num)s account.",
            "Imports made or changed %(num)s accounts.",
            inputs.imported,
        )


def _rules(inputs: Inputs) -> Iterator[str]:
    if inputs.classes:
        yield gettext("The rule of a class changed: %(names)s.", names=some_names(inputs.classes))
    for key in sorted(inputs.settings):
        yield str(SETTINGS[key])


def _by_hand(inputs: Inputs) -> Iterator[str]:
    if agreed := inputs.by_hand.get("visit.agreed"):
        yield ngettext("%(num)s visit was agreed.", "%(num)s visits were agreed.", agreed)
    if moved := inputs.by_hand.get("visit.moved"):
        yield ngettext("%(num)s visit was moved by hand.", "%(num)s visits were moved by hand.", moved)
    if called_off := inputs.by_hand.get("visit.called_off"):
        yield ngettext("%(num)s visit was called off.", "%(num)s visits were called off.", called_off)
