"""Sentences about accounts, their rules and their import."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "account_changed": lazy_gettext(
        "Somebody else saved this account since you opened it. Your input is still here: look at theirs, "
        "then save again to put yours in its place."
    ),
    "owner_by_manager": lazy_gettext("Only a manager gives an account to another owner."),
    "rules_by_admin": lazy_gettext("Only an admin changes the rules."),
    "owner_unknown": lazy_gettext("There is no such rep in your territories."),
    "territory_unknown": lazy_gettext("There is no such territory in your scope."),
    "owner_without_territory": lazy_gettext("This rep belongs to no territory: name the territory too."),
    "external_id_taken": lazy_gettext("Another account has the external id %(text)s already."),
    "too_long": lazy_gettext("At most %(most)s characters."),
    "too_many_tags": lazy_gettext("At most %(most)s tags of %(longest)s characters each."),
    "degrees_unreadable": lazy_gettext("“%(text)s” is not a coordinate. Write degrees, such as -29.9045."),
    "coordinates_half": lazy_gettext("Latitude and longitude belong together: fill in both, or neither."),
    "coordinates_swapped": lazy_gettext(
        "Latitude and longitude look exchanged: a latitude lies between -90 and 90."
    ),
    "coordinates_zero": lazy_gettext("0/0 lies in the Atlantic. Leave both empty when the place is unknown."),
    "lat_range": lazy_gettext("A latitude lies between -90 and 90."),
    "lon_range": lazy_gettext("A longitude lies between -180 and 180."),
    "pin_off_road": lazy_gettext(
        "This place is %(metres)s m from the nearest road; the limit is %(limit)s m. "
        "Move the pin to the street where one parks."
    ),
    "pin_swapped": lazy_gettext(
        "This place is far from any road, but on one with latitude and longitude exchanged. Exchange them."
    ),
    "hours_unreadable": lazy_gettext(
        "“%(text)s” cannot be read as opening hours. Write 09:00-13:00, 15:00-18:00."
    ),
    "hours_reversed": lazy_gettext("%(opens)s to %(closes)s ends before it begins."),
    "hours_overlap": lazy_gettext("Two opening times overlap (%(day)s)."),
    "cadence_unreadable": lazy_gettext("“%(text)s” is no cadence. Write 28, 4 weeks or monthly."),
    "days_out_of_range": lazy_gettext("%(days)s days will not do: between 1 and %(most)s."),
    "earliest_gap_after_wish": lazy_gettext("The earliest gap is longer than the cadence of %(days)s days."),
    "latest_gap_before_wish": lazy_gettext("The latest gap is shorter than the cadence of %(days)s days."),
    "bad_cycle_rule": lazy_gettext(
        "This is no rule for a fixed cycle. Choose weekdays, or write one such as FREQ=MONTHLY;BYDAY=1TU."
    ),
    "cycle_weeks": lazy_gettext("Every 1 to %(most)s weeks."),
    "visit_length": lazy_gettext("A visit takes between 1 minute and 10 hours."),
    "value_negative": lazy_gettext("A value cannot be below zero."),
    "block_order": lazy_gettext("A block ends on or after the day it begins."),
    "contact_name_missing": lazy_gettext("A contact needs a name."),
    "email_unreadable": lazy_gettext("“%(text)s” is not an e-mail address."),
    "price_range": lazy_gettext("Between 0 and %(most)s minutes."),
    "kind_unknown": lazy_gettext("“%(text)s” is no kind. Write account or prospect."),
    "class_unknown": lazy_gettext("“%(text)s” is no class. Write A, B or C."),
    "formula": lazy_gettext("This cell holds a formula. Copy the column and paste it as values."),
    "external_id_twice": lazy_gettext("The external id %(text)s stands in row %(row)s already."),
    "account_twice": lazy_gettext("The same name and address stand in row %(row)s already."),
    "account_ambiguous": lazy_gettext(
        "Several accounts have this name and address. Give an external id to tell them apart."
    ),
    "outside_scope": lazy_gettext("The external id %(text)s belongs to an account outside your territories."),
    "import_empty": lazy_gettext("This file holds no accounts: a heading and at least one row are needed."),
    "import_not_text": lazy_gettext("This file cannot be read as text. Save it as CSV (UTF-8) or XLSX."),
    "import_not_table": lazy_gettext("This file cannot be read as a table. Save it as CSV (UTF-8) or XLSX."),
    "import_too_large": lazy_gettext("This file is too large once unpacked. Cut it into smaller ones."),
    "import_too_many_rows": lazy_gettext("At most %(most)s rows at once. Cut the file into smaller ones."),
    "import_too_many_columns": lazy_gettext("At most %(most)s columns."),
    "import_name_unmapped": lazy_gettext("Choose the column that holds the name of the account."),
    "import_column_missing": lazy_gettext("The file has no such column."),
    "import_column_twice": lazy_gettext("This column is chosen for %(other)s already."),
    "import_has_errors": lazy_gettext("Nothing was imported: the file still has errors."),
    "import_undone": lazy_gettext("This import has been undone already."),
    "import_edited": lazy_gettext("These accounts were changed since, so the import stays: %(names)s."),
    "country_unknown": lazy_gettext(
        "The public holidays of %(country)s are not known. Use a country's two letters."
    ),
}
