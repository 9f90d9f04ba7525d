"""What of a plan's inputs changed, told from the log of changes."""

from __future__ import annotations

from datetime import date

from planner.domain.plan_inputs import (
    AbsenceChange,
    AccountChange,
    LogEntry,
    RepChange,
    absence_changes,
    account_changes,
    rep_changes,
    setting_changes,
    visits_by_hand,
)


def changed(account_id: int, field: str, before: object, after: object) -> LogEntry:
    return LogEntry("account.changed", account_id, {field: before}, {field: after})


def done(action: str, account_id: int = 1) -> LogEntry:
    return LogEntry(action, account_id, {}, {})


def test_only_fields_a_plan_depends_on_count() -> None:
    entries = [
        changed(1, "phone", "1", "2"),
        changed(2, "cadence_days", 28, 14),
        changed(3, "hours", "a", "b"),
    ]
    assert account_changes(entries) == {AccountChange.CADENCE: (2,), AccountChange.HOURS: (3,)}


def test_what_was_changed_back_is_unchanged() -> None:
    assert account_changes([changed(1, "lat", 1, 2), changed(1, "lat", 2, 1)]) == {}
    assert account_changes([changed(1, "lat", 1, 2), changed(1, "lat", 2, 3)]) == {AccountChange.PLACE: (1,)}


def test_an_account_added_is_only_added_whatever_was_changed_of_it() -> None:
    entries = [done("account.created"), changed(1, "cadence_days", 28, 14)]
    assert account_changes(entries) == {AccountChange.ADDED: (1,)}


def test_in_and_out_again_is_nothing() -> None:
    out, back = done("account.archived"), done("account.unarchived")
    assert account_changes([out]) == {AccountChange.ARCHIVED: (1,)}
    assert account_changes([back]) == {AccountChange.BACK: (1,)}
    assert account_changes([out, back]) == account_changes([back, out]) == {}
    assert account_changes([done("account.created"), out]) == {}


def test_an_owner_given_elsewhere_counts() -> None:
    entry = LogEntry("account.assigned", 4, {"owners": [1]}, {"owners": [1, 2]})
    assert account_changes([entry]) == {AccountChange.OWNER: (4,)}


def test_of_the_rep_week_and_home_count_and_the_vehicle_does_not() -> None:
    def rep(**fields: object) -> LogEntry:
        return LogEntry("rep.changed", 1, dict.fromkeys(fields), fields)

    assert rep_changes([rep(vehicle="van")]) == frozenset()
    assert rep_changes([rep(home_lat=1.0, home_lon=2.0), rep(week=[])]) == {RepChange.HOME, RepChange.WEEK}


def test_an_absence_entered_and_taken_back_is_none() -> None:
    said = {"from": "2026-03-09", "last": "2026-03-13", "kind": "leave"}
    added, removed = LogEntry("absence.added", 1, {}, said), LogEntry("absence.removed", 1, said, {})
    leave = AbsenceChange("leave", date(2026, 3, 9), date(2026, 3, 13), True)
    assert absence_changes([added]) == (leave,)
    assert absence_changes([added, removed]) == ()
    assert [change.is_added for change in absence_changes([removed])] == [False]


def test_settings_that_plans_do_not_read_do_not_count() -> None:
    entry = LogEntry(
        "settings.changed", None, {"company_name": "", "prospects_per_week": 2}, {"prospects_per_week": 4}
    )
    assert setting_changes([entry]) == {"prospects_per_week"}


def test_a_visit_that_was_moved_and_moved_back_was_not_moved() -> None:
    def moved(visit_id: int, old: str, new: str) -> LogEntry:
        return LogEntry("visit.moved", visit_id, {"on": old}, {"on": new})

    entries = [moved(1, "a", "b"), moved(2, "a", "b"), moved(1, "b", "a"), moved(2, "b", "c")]
    agreed = LogEntry("visit.agreed", 3, {}, {"on": "a"})
    found = visits_by_hand([*entries, agreed])
    assert found == {"visit.agreed": 1, "visit.moved": 1, "visit.called_off": 0}
