"""Making and changing an account. Whatever is wrong is said at its field, and nothing typed is lost."""

from __future__ import annotations

from babel.numbers import get_currency_precision
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.accounts import Draft
from planner.domain.errors import Conflict, Invalid
from planner.domain.ownership import Held
from planner.services.accounts import account_choices, account_detail, account_edit, account_place
from planner.services.accounts.account_choices import TerritoryChoice
from planner.services.places.offline import address_text
from planner.web import places
from planner.web.accounts.blueprint import accounts, today
from planner.web.errors import sentence
from planner.web.formats import distance
from planner.web.forms.account import AccountForm
from planner.web.installed import networks_folder
from planner.web.maps import ground
from planner.web.signin import actor
from routing.maps import MapPage, PinInputs, pin_map
from routing.network.snap import is_place


@accounts.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    territory = _territory(request.form.get("territory_id", type=int))
    form = _form(Draft(""), 0, territory)
    if places.is_asked():
        return _found(form, territory, 0)
    if form.validate_on_submit() and _is_fine(form, territory.network_name):
        owner = Held(territory.territory_id, form.rep, today())
        try:
            with transaction() as session:
                account_id = account_edit.create(session, actor(), clock.now(), form.draft, owner)
            return _saved(account_id, form, territory.network_name)
        except Invalid as error:
            form.tell_all([error])
    return _page(form, territory, 0)


@accounts.route("/<int:account_id>/edit", methods=["GET", "POST"])
def edit(account_id: int) -> ResponseReturnValue:
    shown = account_detail.detail(reading(), actor(), account_id, today())
    former, rev, name = account_edit.draft_of(shown.account), shown.account.rev, shown.account.name
    territory = _territory(shown.owner.territory_id if shown.owner else None)
    form = _form(former, rev, territory)
    if places.is_asked():
        return _found(form, territory, account_id, name)
    if form.validate_on_submit() and _is_fine(form, territory.network_name, former):
        known = int(form.rev.data) if str(form.rev.data).isdigit() else 0
        try:
            with transaction() as session:
                account_edit.update(session, actor(), clock.now(), today(), account_id, known, form.draft)
            return _saved(account_id, form, territory.network_name)
        except Invalid as error:
            form.tell_all([error])
        except Conflict as error:
            flash(sentence(error), "warn")
            form.rev.data = error.values.get("rev", rev)
    return _page(form, territory, account_id, name)


@accounts.get("/pin.js")
def pin_script() -> ResponseReturnValue:
    """The script of the form's map, opened around the pin where there is one."""
    pin = (request.args.get("lon", type=float), request.args.get("lat", type=float))
    script = pin_picker(request.args.get("network", ""), *pin).script
    return Response(script, mimetype="text/javascript")


def _territory(territory_id: int | None) -> TerritoryChoice:
    """The one asked for, when it is in scope; else the first that is. Raises Invalid without any."""
    choices = account_choices.territories(reading(), actor(), today())
    for choice in choices:
        if territory_id in (None, choice.territory_id):
            return choice
    if not choices:
        raise Invalid("territory_id", "territory_unknown")
    return choices[0]


def _form(draft: Draft, rev: int, territory: TerritoryChoice) -> AccountForm:
    form = AccountForm.of(draft, rev, get_currency_precision(territory.currency), today())
    choices = account_choices.choices(reading(), actor(), today())
    form.offer(choices.territories, choices.reps)
    return form


def _is_fine(form: AccountForm, network_name: str, former: Draft | None = None) -> bool:
    errors = account_edit.check(reading(), networks_folder(), network_name, form.draft, former)
    form.tell_all(errors)
    return not errors


def _saved(account_id: int, form: AccountForm, network_name: str) -> ResponseReturnValue:
    flash(gettext("Saved."), "good")
    far = account_place.warning_metres(
        reading(), networks_folder(), network_name, form.lat.value, form.lon.value
    )
    if far is not None:
        flash(gettext("The pin is %(far)s from the nearest road. Is it right?", far=distance(far)), "warn")
    return redirect(url_for("accounts.detail", account_id=account_id))


def _found(
    form: AccountForm, territory: TerritoryChoice, account_id: int, name: str = ""
) -> ResponseReturnValue:
    """The form again, with candidates for its address or with the one that was chosen; nothing is saved."""
    places.take(form.lat, form.lon)
    return _page(form, territory, account_id, name)


def _page(
    form: AccountForm, territory: TerritoryChoice, account_id: int, name: str = ""
) -> ResponseReturnValue:
    text = address_text(*(form[field].data or "" for field in ("address", "postcode", "city")))
    return render_template(
        "accounts/form.html",
        form=form,
        territory=territory,
        account_id=account_id,
        name=name,
        map_html=pin_picker(territory.network_name).html,
        finder=places.finder(territory.network_name, text),
    )


def pin_picker(network_name: str, lon: float | None = None, lat: float | None = None) -> MapPage:
    box = account_place.map_box(networks_folder(), network_name)
    corners = [box[:2], box[2:]]
    pin = (lon, lat) if lon is not None and lat is not None and is_place(lon, lat) else None
    return pin_map("pin", pin, box, ground(network_name, corners), PinInputs("lon", "lat"))
