"""Sentences about a day under way: its visits, its mending, and sharing it out."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "visit_not_today": lazy_gettext("Arrived can only be said on the day of the visit."),
    "visit_in_future": lazy_gettext("This visit is planned for %(on)s; it cannot be reported before."),
    "day_closed": lazy_gettext(
        "The day %(on)s is closed: its trips are made, so its visits stay as they are."
    ),
    "day_without_visits": lazy_gettext("There is no visit on this day to put in order."),
    "never_open": lazy_gettext("Then it would never be open. Archive the account, or choose other times."),
    "calibration_changed": lazy_gettext(
        "This cannot be taken back in one step: the speeds or one of the accounts were changed since."
    ),
    "closed_then": lazy_gettext("%(account)s is closed at that time."),
    "does_not_fit": lazy_gettext("%(account)s does not fit into what is left of the day."),
    "day_not_today": lazy_gettext("Only the day that is under way can break. Plan this one in the schedule."),
    "day_changed": lazy_gettext("The day's visits changed just now. Look at it again, then re-plan."),
    "day_change_undone": lazy_gettext("This was taken back already."),
    "day_changed_since": lazy_gettext(
        "This cannot be taken back in one step any more: the day was changed after it."
    ),
    "position_bad": lazy_gettext("This is no position. Re-plan from the last stop instead."),
    "note_length": lazy_gettext("A note holds 1 to %(most)s characters."),
    "follow_up_text": lazy_gettext("Say what is to be done next."),
    "follow_up_past": lazy_gettext("This date is over. Choose today or a later one, or none."),
    "follow_up_ended": lazy_gettext("This follow-up has ended already. Open it again first."),
    "text_length": lazy_gettext("This is longer than %(most)s characters."),
    "see_again_range": lazy_gettext("See again within %(most)s days."),
    "visit_state": lazy_gettext("This visit is %(state)s; that step is not possible any more."),
    "day_in_future": lazy_gettext("%(on)s is still to come; it cannot be closed yet."),
    "day_closed_already": lazy_gettext("The day %(on)s is closed already."),
    "visits_undecided": lazy_gettext(
        "%(count)s visits are undecided. Say first whether they were done, missed or skipped."
    ),
    "cover_past": lazy_gettext("That day is over: nothing of it can be shared out."),
    "cover_no_visits": lazy_gettext("%(name)s has no visits on that day: there is nothing to share out."),
    "cover_all_begun": lazy_gettext(
        "Every visit of %(name)s on that day has begun or is over: there is nothing left to share out."
    ),
    "cover_other_roads": lazy_gettext(
        "The other reps work on other road networks: nobody could drive to the visits of %(name)s."
    ),
    "cover_nobody": lazy_gettext("Nobody else you may plan for works on that day."),
    "cover_changed": lazy_gettext("The day has changed meanwhile. Work out again who takes what."),
    "cover_nothing": lazy_gettext("Nobody can take any of these visits, so there is nothing to hand over."),
    "cover_undone": lazy_gettext("This was taken back already."),
    "cover_begun": lazy_gettext(
        "This cannot be taken back in one step: one of the visits has begun or changed since."
    ),
}
