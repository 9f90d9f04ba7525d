"""Sentences about trips, expenses, rates, claims and exports."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "not_a_distance": lazy_gettext("“%(text)s” is not a distance: write a number such as 12.4."),
    "claim_state": lazy_gettext("This claim is %(state)s; that step is not possible any more."),
    "claim_party": lazy_gettext("Nobody decides on their own claim, and nobody submits another's."),
    "amount_format": lazy_gettext("Write an amount, like 12.50."),
    "amount_whole": lazy_gettext("Write a whole amount: this currency has no decimals."),
    "amount_range": lazy_gettext("The amount must be more than nothing, and not beyond belief."),
    "distance_range": lazy_gettext("A distance is from 0 to %(most)s km."),
    "driven_before_kind": lazy_gettext("No rate of this vehicle changes with the distance of a year."),
    "driven_before_range": lazy_gettext("A year's distance is more than 0 and at most %(most)s km."),
    "driven_before_year": lazy_gettext("Choose this tax year or the one before."),
    "odometer_range": lazy_gettext("This is beyond any odometer."),
    "odometer_read_since": lazy_gettext("The odometer was read on %(on)s already. Choose a day after that."),
    "odometer_ahead": lazy_gettext("The odometer stood lower on %(on)s."),
    "odometer_reason_missing": lazy_gettext(
        "The claim of that month is submitted, or the month is closed: say why this reading is noted now."
    ),
    "occasion_unknown": lazy_gettext("Choose when it was read."),
    "vehicle_unnamed": lazy_gettext("Say which vehicle it is, such as its plate."),
    "vehicle_known": lazy_gettext("Another vehicle is noted from %(on)s already."),
    "vehicle_days_closed": lazy_gettext(
        "Days since then are closed with the vehicle before. Choose a later day."
    ),
    "vehicle_read": lazy_gettext("The odometer was read since then, so the vehicle stays noted."),
    "end_missing": lazy_gettext("Say where."),
    "end_unknown": lazy_gettext("This is none of your accounts. Choose another."),
    "home_and_back": lazy_gettext(
        "The way to work is not counted, and of a round nobody knows which part it is."
        " Enter the way there and the way back as two trips."
    ),
    "distance_needs_places": lazy_gettext(
        "Only between home and accounts the road is known: say how far it was."
    ),
    "distance_off_road": lazy_gettext("No road leads there on the map: say how far it was."),
    "trip_not_measured": lazy_gettext("The distance of this trip was typed, no road stands behind it."),
    "adjustment_fixed": lazy_gettext("An adjustment is worth what the rates say. Reverse it instead."),
    "band_range": lazy_gettext("A band begins between 0 and %(most)s."),
    "band_without_first": lazy_gettext("Enter first the rate from 0 on; it must hold on that day."),
    "odometer_backwards": lazy_gettext("The odometer stood higher on %(on)s."),
    "change_reason_missing": lazy_gettext("Say why it differs."),
    "purpose_missing": lazy_gettext("Say what the trip was for."),
    "date_in_future": lazy_gettext("This day is still to come."),
    "date_too_old": lazy_gettext("This is more than a year ago. Check the date."),
    "note_for_other": lazy_gettext("Say in the note what it was."),
    "not_your_entry": lazy_gettext("Only the rep themself enters and corrects this."),
    "entry_superseded": lazy_gettext("This entry was corrected already. Correct the one that stands now."),
    "entry_taken_back": lazy_gettext(
        "A later claim takes this back already. To change that, let it count again first."
    ),
    "entry_replaced": lazy_gettext(
        "What was entered in its place still counts, so it would count twice. Reverse that first."
    ),
    "entry_replaced_since": lazy_gettext(
        "What was entered in its place was taken back as well, so this one stays taken back."
        " Enter what is right in the place of that, or let that count again."
    ),
    "contra_fixed": lazy_gettext("This takes another entry back, to the last unit. Reverse it instead."),
    "contra_of_other": lazy_gettext("Somebody else took this back. Only they let it count again."),
    "entry_open": lazy_gettext("The claim this belongs to is still open: the rep can correct it there."),
    "guard_contra": lazy_gettext(
        "A line is taken back whole and once, and is not corrected after that. Nothing was changed."
    ),
    "entry_locked": lazy_gettext(
        "The claim this belongs to is %(state)s, so its entries stay as they are. "
        "Take it back, or ask for its return first."
    ),
    "approval_twice": lazy_gettext("You have approved this already; somebody else has to as well."),
    "approval_level": lazy_gettext(
        "This is above the limit for one approval: now whoever answers for the territory above has to "
        "approve it, or an admin."
    ),
    "period_closed": lazy_gettext(
        "The month this is booked in is closed, so it stays as it is. Who closed it can open it again."
    ),
    "period_not_over": lazy_gettext("A month can be closed when it is over."),
    "period_locked_already": lazy_gettext("This month is closed for this team already."),
    "period_open_already": lazy_gettext("This month was opened again meanwhile."),
    "preset_bad": lazy_gettext("The preset %(preset)s cannot be read: %(why)s."),
    "preset_unknown": lazy_gettext("There is no preset of this name."),
    "export_empty": lazy_gettext("No approved claim was chosen, so nothing was exported."),
    "export_sum": lazy_gettext(
        "The lines of claim %(claim)s are not what was approved. Nothing was exported; "
        "“flask ledger verify” says what does not hold."
    ),
    "export_paid": lazy_gettext("All claims of this batch are marked as paid already."),
    "guard_entry": lazy_gettext(
        "This belongs to a claim that was submitted, so it stays as it is. Nothing was changed."
    ),
    "guard_period": lazy_gettext("This month is closed for the team. Nothing was changed."),
    "guard_claim": lazy_gettext(
        "A claim goes from step to step, and what was approved stays as it is. Nothing was changed."
    ),
    "guard_terms": lazy_gettext("Entries were made by this, so it stays as it is. Nothing was changed."),
    "guard_own": lazy_gettext("Nobody decides on their own claim. Nothing was changed."),
    "guard_record": lazy_gettext("This is a record: it is neither changed nor removed. Nothing was changed."),
    "claim_held": lazy_gettext("This claim is on hold. Take it off hold first."),
    "claim_not_held": lazy_gettext("This claim is not on hold any more."),
    "question_missing": lazy_gettext("Write what you want to know."),
    "answer_missing": lazy_gettext("Write an answer."),
    "claim_empty": lazy_gettext("There is nothing in this claim yet."),
    "claim_changed": lazy_gettext(
        "Somebody else has changed this claim since you opened it. Look at it again."
    ),
    "receipt_size": lazy_gettext("The picture is larger than %(most)s MB."),
    "receipt_format": lazy_gettext("This is no picture we can read. Send a JPEG, PNG or WebP photo."),
    "receipt_pixels": lazy_gettext("The picture has more than %(most)s megapixels. Send a smaller one."),
    "country_format": lazy_gettext("Write the country as two capital letters, like CL."),
    "unit_unknown": lazy_gettext("A rate is per kilometre or per mile."),
    "rate_range": lazy_gettext("A rate is from 0 to %(most)s with at most %(decimals)s decimals."),
    "rate_overlaps": lazy_gettext("The rate from %(since)s holds on some of these days."),
    "rate_in_use": lazy_gettext("Trips were paid by this rate, so it stays. Add a new one that ends it."),
    "source_missing": lazy_gettext("Say who set this rate, and where it is written."),
    "dates_reversed": lazy_gettext("The end must come after the beginning."),
    "nights_range": lazy_gettext("Up to %(most)s nights."),
    "percent_range": lazy_gettext("A tax rate is from 0 to %(most)s per cent."),
    "tax_range": lazy_gettext("The tax is part of the amount, so it is less than that."),
    "exchange_missing": lazy_gettext(
        "There is no exchange rate from %(currency)s to %(own)s for this day yet. Ask your admin for it, or "
        "enter the amount in %(own)s as your card was charged."
    ),
    "exchange_known": lazy_gettext("There is a rate from %(on)s already."),
    "exchange_in_use": lazy_gettext("Expenses were reckoned by this rate, so it stays. Add a new one."),
    "exchange_same": lazy_gettext("These are the same currency."),
    "exchange_range": lazy_gettext(
        "An exchange rate is above 0 and up to %(most)s, with at most %(digits)s digits."
    ),
    "rule_known": lazy_gettext("There is a policy from %(on)s already for one of these categories."),
    "rule_in_use": lazy_gettext("Expenses were entered under this policy, so it stays. Add a new one."),
    "category_missing": lazy_gettext("Choose at least one category."),
    "nights_of_lodging": lazy_gettext("Only lodging is counted by the night."),
    "per_diem_known": lazy_gettext("There is an amount from %(on)s already for these minutes."),
    "per_diem_in_use": lazy_gettext("Per diems were claimed by this amount, so it stays. Add a new one."),
    "per_diem_minutes": lazy_gettext("Minutes away are from 0 to %(most)s."),
    "per_diem_taken": lazy_gettext("A per diem is claimed for this day already."),
    "per_diem_changed": lazy_gettext("The day's times say something else by now. Look at it again."),
    "reason_missing": lazy_gettext("Say why, so that the other side knows what to change."),
}
