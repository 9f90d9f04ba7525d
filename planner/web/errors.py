"""Errors to answers, once: a class gives the status, a code gives the sentence.

Every code a use case or the roads can raise has its sentence here; a test walks the sources for
codes without one.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from planner.domain.errors import Conflict, Invalid, NotAllowed, NotFound, RoundsError
from planner.web import account_sentences
from routing.errors import RoutingError

STATUS: dict[type[RoundsError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Invalid: HTTPStatus.BAD_REQUEST,
    Conflict: HTTPStatus.CONFLICT,
}

SENTENCES = {
    "backup_not_sqlite": lazy_gettext(
        "This database is %(database)s: back it up with its own tools, as docs/operations.md shows."
    ),
    "backup_exists": lazy_gettext("%(path)s is there already; nothing was written over it."),
    "backup_unreadable": lazy_gettext("%(path)s is not a whole backup: %(why)s."),
    "backup_altered": lazy_gettext("%(path)s in the backup is not what was stored."),
    "backup_broken": lazy_gettext("Not restored: %(what)s does not hold (%(why)s)."),
    "email_bad": lazy_gettext("This is not an e-mail address."),
    "email_taken": lazy_gettext("Somebody signs in with this address already."),
    "last_admin": lazy_gettext("This is the last admin. Make somebody else admin first."),
    "own_person": lazy_gettext("You cannot shut yourself out. Another admin can."),
    "shift_reversed": lazy_gettext("The day ends before it begins."),
    "shift_short": lazy_gettext("A working day has at least %(minutes)s minutes."),
    "lunch_reversed": lazy_gettext("Lunch may begin until a time that lies before the other."),
    "lunch_outside": lazy_gettext("Lunch does not fit into the working hours."),
    "range_reversed": lazy_gettext("The last day lies before the first."),
    "absence_overlap": lazy_gettext("There is an absence in these days already."),
    "home_off_road": lazy_gettext(
        "The home is %(metres)s m from the nearest road; the limit is %(limit)s m. "
        "Move the pin to the street."
    ),
    "territory_name_taken": lazy_gettext("There is a territory of this name already."),
    "territory_cycle": lazy_gettext("A territory cannot be part of itself or of one below it."),
    "zone_unknown": lazy_gettext("%(zone)s is not a time zone."),
    "currency_unknown": lazy_gettext("%(currency)s is not a currency."),
    "network_missing": lazy_gettext("Choose the roads. Networks are built with `flask roads`."),
    "membership_overlap": lazy_gettext("They belong to this territory in these days already."),
    "login_wrong": lazy_gettext("This e-mail and password do not belong together."),
    "login_throttled": lazy_gettext("Too many tries. Wait %(minutes)s min, then try again."),
    "demo_login_remote": lazy_gettext(
        "Demo logins work only on the machine that runs Rounds, unless an admin allows more in the settings."
    ),
    "password_wrong": lazy_gettext("This is not your present password."),
    "password_short": lazy_gettext("A password has at least %(length)s characters."),
    "password_long": lazy_gettext("A password has at most %(length)s characters."),
    "admin_exists": lazy_gettext("There is an admin already. Ask them for an invitation."),
    "name_missing": lazy_gettext("A name is needed."),
    "setting_range": lazy_gettext("Allowed: %(allowed)s."),
    "rush_line": lazy_gettext(
        "“%(line)s” cannot be read. Write from, to and percentages, such as 07:00-09:00 70 80 90."
    ),
    "rush_percent": lazy_gettext("“%(line)s”: allowed are %(least)s to %(most)s percent."),
    "rush_overlap": lazy_gettext("Two of these times overlap."),
    "rush_many": lazy_gettext("At most %(most)s lines."),
    "osrm_url_bad": lazy_gettext(
        "“%(url)s” is no address of a server. Write one such as http://127.0.0.1:5001, without a name, a "
        "password or a question mark."
    ),
    "osrm_url_missing": lazy_gettext("Enter the address of the OSRM server, such as http://127.0.0.1:5001."),
    "tile_url_bad": lazy_gettext(
        "Write an https address, or a path of this site, with {z}, {x} and {y} once each and no other "
        "braces, such as https://tiles.example.org/{z}/{x}/{y}.png; at most %(longest)s characters."
    ),
    "tile_attribution_missing": lazy_gettext(
        "Write whom the maps must name, such as “© OpenStreetMap contributors”: "
        "whoever serves tiles asks for it."
    ),
    "snap_order": lazy_gettext("Warning must not begin later than refusing."),
    "not_found": lazy_gettext("This does not exist, or it is not yours to see."),
    "constraint": lazy_gettext(
        "Somebody else has just saved something that stands against this. Reload and try again."
    ),
    "visit_not_today": lazy_gettext("Arrived can only be said on the day of the visit."),
    "visit_in_future": lazy_gettext("This visit is planned for %(on)s; it cannot be reported before."),
    "day_closed": lazy_gettext(
        "The day %(on)s is closed: its trips are made, so its visits stay as they are."
    ),
    "note_length": lazy_gettext("A note holds 1 to %(most)s characters."),
    "text_length": lazy_gettext("This is longer than %(most)s characters."),
    "see_again_range": lazy_gettext("See again within %(most)s days."),
    "bad_uid": lazy_gettext("This form is damaged: open it again."),
    "not_a_distance": lazy_gettext("“%(text)s” is not a distance: write a number such as 12.4."),
    "bad_box": lazy_gettext("This is no part of a map."),
    "visit_state": lazy_gettext("This visit is %(state)s; that step is not possible any more."),
    "claim_state": lazy_gettext("This claim is %(state)s; that step is not possible any more."),
    "claim_party": lazy_gettext("Nobody decides on their own claim, and nobody submits another's."),
    "amount_format": lazy_gettext("Write an amount, like 12.50."),
    "amount_whole": lazy_gettext("Write a whole amount: this currency has no decimals."),
    "amount_range": lazy_gettext("The amount must be more than nothing, and not beyond belief."),
    "distance_range": lazy_gettext("A distance is from 0 to %(most)s km."),
    "odometer_range": lazy_gettext("This is beyond any odometer."),
    "odometer_backwards": lazy_gettext("The odometer stood higher on %(on)s."),
    "change_reason_missing": lazy_gettext("Say why it differs."),
    "purpose_missing": lazy_gettext("Say what the trip was for."),
    "date_in_future": lazy_gettext("This day is still to come."),
    "date_too_old": lazy_gettext("This is more than a year ago. Check the date."),
    "note_for_other": lazy_gettext("Say in the note what it was."),
    "day_in_future": lazy_gettext("%(on)s is still to come; it cannot be closed yet."),
    "day_closed_already": lazy_gettext("The day %(on)s is closed already."),
    "visits_undecided": lazy_gettext(
        "%(count)s visits are undecided. Say first whether they were done, missed or skipped."
    ),
    "not_your_entry": lazy_gettext("Only the rep themself enters and corrects this."),
    "entry_superseded": lazy_gettext("This entry was corrected already. Correct the one that stands now."),
    "entry_locked": lazy_gettext(
        "The claim this belongs to is %(state)s, so its entries stay as they are. "
        "Take it back, or ask for its return first."
    ),
    "uid_taken": lazy_gettext("This form was sent before with other content. Open it again."),
    "claim_currency": lazy_gettext("The month's claim is in %(currency)s; one claim holds one currency."),
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
    "reason_missing": lazy_gettext("Say why, so that the other side knows what to change."),
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
    "network_unreadable": lazy_gettext("The road network %(path)s cannot be used: %(why)s."),
    "network_format": lazy_gettext(
        "The road network %(path)s has format %(found)s; this program reads %(wanted)s."
    ),
    "network_unknown": lazy_gettext("There is no road network named %(name)s."),
    "network_name": lazy_gettext(
        "%(name)s cannot name a road network: use small letters, digits, hyphens and underscores."
    ),
    "addresses_missing": lazy_gettext("There is no address list for the roads %(name)s yet."),
    "addresses_unreadable": lazy_gettext("The address list %(path)s cannot be used: %(why)s."),
    "addresses_format": lazy_gettext(
        "The address list %(path)s has format %(found)s; this program reads %(wanted)s. Build it again."
    ),
    "nothing_to_find": lazy_gettext("%(source)s holds no named street, no place and no address."),
    "online_busy": lazy_gettext("Several people are searching online just now. Try again in a moment."),
    "online_unavailable": lazy_gettext("%(host)s does not answer just now. The map can still be clicked."),
    "swapped_point": lazy_gettext(
        "%(label)s is %(metres)s m from the nearest road; longitude and latitude look exchanged."
    ),
    "bad_area": lazy_gettext("This is no area: %(why)s."),
    "area_too_large": lazy_gettext(
        "%(area)s covers %(km2)s km²; the map service is asked for at most %(most)s. Take a smaller area, or"
        " import a map file."
    ),
    "area_unavailable": lazy_gettext("The roads of %(area)s could not be fetched: %(why)s."),
    "engine_unfit": lazy_gettext("The fast travel engine cannot be used: %(why)s."),
    "engine_disagrees": lazy_gettext(
        "The fast travel engine gave %(fast)s where the reference gave %(reference)s; using the reference."
    ),
    "no_roads": lazy_gettext("%(source)s holds no roads one can drive on."),
    "map_file_unreadable": lazy_gettext("%(path)s cannot be read as an OpenStreetMap file: %(why)s."),
    "bad_point": lazy_gettext("%(label)s: longitude %(lon)s, latitude %(lat)s is not a place."),
    "off_road": lazy_gettext("%(label)s is %(metres)s m from the nearest road; the limit is %(limit)s m."),
    "unreachable": lazy_gettext("There is no way by road from %(origin)s to %(destination)s."),
    "osrm": lazy_gettext("The travel engine OSRM at %(url)s cannot be used."),
    "osrm_down": lazy_gettext(
        "The travel engine OSRM at %(url)s does not answer: %(why)s. Nothing was planned with other times: "
        "start it again, or let an admin choose our own engine under Settings."
    ),
    "osrm_refused": lazy_gettext("The travel engine OSRM at %(url)s refuses: %(why)s."),
    "osrm_too_big": lazy_gettext(
        "The travel engine OSRM at %(url)s refuses tables of %(size)s places: start osrm-routed with "
        "--max-table-size %(size)s, or enter under Settings the size it was started with."
    ),
    "osrm_no_data": lazy_gettext(
        "The travel engine OSRM at %(url)s knows no road near %(place)s: it was made from another map."
    ),
    "osrm_nonsense": lazy_gettext("What answers at %(url)s is no OSRM server one can use: %(why)s."),
    "bad_problem": lazy_gettext("This cannot be planned: %(why)s."),
    **account_sentences.SENTENCES,
}

TITLES = {
    HTTPStatus.BAD_REQUEST: lazy_gettext("Something in this is not right"),
    HTTPStatus.UNAUTHORIZED: lazy_gettext("Sign in first"),
    HTTPStatus.FORBIDDEN: lazy_gettext("Not for your role"),
    HTTPStatus.NOT_FOUND: lazy_gettext("Not found"),
    HTTPStatus.CONFLICT: lazy_gettext("Things have changed meanwhile"),
    HTTPStatus.SERVICE_UNAVAILABLE: lazy_gettext("Not just now"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: lazy_gettext("That is too large"),
    HTTPStatus.METHOD_NOT_ALLOWED: lazy_gettext("Not in this way"),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext("This went wrong on our side"),
}

TEXTS = {
    HTTPStatus.UNAUTHORIZED: lazy_gettext("You are signed out. Sign in, then try again."),
    HTTPStatus.FORBIDDEN: lazy_gettext("Your role does not open this page. Ask an admin if it should."),
    HTTPStatus.INTERNAL_SERVER_ERROR: lazy_gettext(
        "Nothing was saved in this step. It stands in the server's log; try again, or tell your admin."
    ),
}
"""What to say where no error of ours says it."""


def sentence(error: RoundsError | RoutingError) -> str:
    """The translated sentence of an error, fit for the person."""
    text = SENTENCES.get(error.code)
    if text is None:
        return gettext("That did not work (%(code)s).", code=error.code)
    return str(text) % error.values if error.values else str(text)


def register(app: Flask) -> None:
    app.register_error_handler(RoundsError, _on_rounds_error)
    app.register_error_handler(RoutingError, _on_routing_error)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(OperationalError, _on_storage_error)


def status_of(error: RoundsError) -> HTTPStatus:
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def _on_rounds_error(error: RoundsError) -> ResponseReturnValue:
    return _answer(status_of(error), sentence(error))


def _on_routing_error(error: RoutingError) -> ResponseReturnValue:
    return _answer(HTTPStatus.CONFLICT, sentence(error))


def _on_storage_error(error: OperationalError) -> ResponseReturnValue:
    """A full disk, or a database that is away: nothing was stored, and it heals without a restart."""
    current_app.logger.error("database: %s", error.orig)
    text = gettext("Nothing can be stored just now. Nothing was lost on your side: try again in a while.")
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, text)


def _on_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = HTTPStatus(error.code or 500)
    return _answer(status, str(TEXTS.get(status, "")))


def _answer(status: HTTPStatus, text: str) -> ResponseReturnValue:
    title = str(TITLES.get(status, status.phrase))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=text or title), status
    return render_template("error.html", title=title, text=text, status=status.value), status
