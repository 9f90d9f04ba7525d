"""Sentences about plans, versions and visits given to days."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "rep_without_home": lazy_gettext(
        "%(name)s has no home on the map yet. Put it on the person's page, then plan."
    ),
    "rep_without_shifts": lazy_gettext("%(name)s has no working hours yet. Enter a week, then plan."),
    "rep_without_territory": lazy_gettext("%(name)s belongs to no territory on that day."),
    "run_lost": lazy_gettext("This plan was taken over or called off; nothing of it was stored."),
    "run_over": lazy_gettext("This plan has ended already."),
    "run_taken": lazy_gettext("The server is planning this rep just now. Wait until it has finished."),
    "run_stopped": lazy_gettext("The plan was called off."),
    "run_crashed": lazy_gettext(
        "Planning broke down %(attempts)s times and was given up. The server's log says more."
    ),
    "run_too_long": lazy_gettext("Planning took longer than %(minutes)s minutes and was stopped."),
    "version_state": lazy_gettext("A newer plan has taken the place of this one."),
    "publish_changed": lazy_gettext(
        "This cannot be taken back: the visit at %(account)s has changed since it was published."
    ),
    "publish_changed_night": lazy_gettext(
        "This cannot be taken back: the night of %(on)s is spent at home since it was published."
    ),
    "repair_gone": lazy_gettext(
        "The plan has changed meanwhile, so this no longer fits as it was. Look again."
    ),
    "repair_undone": lazy_gettext("This was taken back already."),
    "repair_changed": lazy_gettext(
        "This cannot be taken back in one step: a visit or the account has changed since."
    ),
    "visit_agreed": lazy_gettext("What was agreed always stands; there is nothing to pin."),
    "visit_changed": lazy_gettext(
        "Somebody has changed the visit at %(account)s meanwhile: look at the calendar again."
    ),
    "visit_held": lazy_gettext(
        "The visit at %(account)s is agreed or pinned: change it on the page of its day."
    ),
    "visit_past": lazy_gettext("That day is over."),
    "into_today": lazy_gettext("Nothing is moved into today: nobody knows how much of it is left."),
    "day_has_no_room": lazy_gettext("That day has no room left for %(account)s."),
    "account_has_visit": lazy_gettext("%(account)s has a visit on that day already."),
    "account_off_road": lazy_gettext(
        "%(account)s has no place on the roads, so no day can be found for it: check its pin."
    ),
    "account_without_rep": lazy_gettext("Nobody owns this account on that day, so nobody can visit it."),
    "account_closed": lazy_gettext("%(account)s is closed on that weekday."),
    "account_blocked": lazy_gettext("%(account)s wants no visits on that day."),
    "day_past": lazy_gettext("Choose today or a later day."),
    "day_holiday": lazy_gettext("That day is a public holiday."),
    "rep_absent": lazy_gettext("%(name)s is absent on that day."),
    "rep_off": lazy_gettext("%(name)s does not work on that weekday."),
    "time_of_day": lazy_gettext("This is no time of day."),
    "leeway_range": lazy_gettext("The leeway is at most %(hours)s hours."),
}
