"""The list of accounts and the map of the same selection; the filter is in the address."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner.database import reading
from planner.domain.cadence import DueState
from planner.services import account_choices, account_list, account_place
from planner.services.account_list import AccountRow, Filter, Sort
from planner.web.accounts.blueprint import accounts, networks_folder, today
from planner.web.formats import day
from planner.web.maps import streets_url
from planner.web.signin import actor
from planner.web.words import word
from routing.maps import MapPage, MapPlace, PlaceKind, territory_map


@accounts.get("")
def index() -> ResponseReturnValue:
    wanted = chosen_filter()
    found = account_list.page(reading(), actor(), today(), wanted, request.args.get("page", 1, type=int))
    return render_template(
        "accounts/index.html",
        found=found,
        wanted=wanted,
        args=chosen_args(),
        offer=_offer(),
    )


@accounts.get("/map")
def map() -> ResponseReturnValue:
    rows = _on_map()
    return render_template(
        "accounts/map.html",
        map_html=_drawn(rows).html,
        rows=rows,
        wanted=chosen_filter(),
        args=chosen_args(),
        offer=_offer(),
    )


@accounts.get("/map.js")
def map_script() -> ResponseReturnValue:
    return Response(_drawn(_on_map()).script, mimetype="text/javascript")


def chosen_filter() -> Filter:
    """The filter in the address; a value that means nothing filters nothing."""
    asked = request.args
    return Filter(
        search=asked.get("search", ""),
        account_class=asked.get("class", ""),
        kind=asked.get("kind", ""),
        industry=asked.get("industry", ""),
        tag=asked.get("tag", ""),
        city=asked.get("city", ""),
        territory_id=asked.get("territory", type=int),
        rep_id=asked.get("rep", type=int),
        state=asked.get("state", type=DueState),
        is_archived=asked.get("archived") == "1",
        sort=asked.get("sort", Sort.NAME, type=Sort),
    )


def chosen_args() -> dict[str, Any]:
    """The filter as it stands in the address, for links that keep it."""
    return {name: value for name, value in request.args.items() if value and name != "page"}


def _offer() -> dict[str, list[tuple[Any, str]]]:
    """What each filter offers: values with their words."""
    choices = account_choices.choices(reading(), actor(), today())
    return {
        "states": [(state.value, word(state)) for state in DueState],
        "industries": [(text, text) for text in choices.industries],
        "cities": [(text, text) for text in choices.cities],
        "tags": [(text, text) for text in choices.tags],
        "territories": [(choice.territory_id, choice.name) for choice in choices.territories],
        "reps": [(choice.rep_id, choice.name) for choice in choices.reps],
    }


def _on_map() -> list[AccountRow]:
    rows = account_list.all_rows(reading(), actor(), today(), chosen_filter())
    return [row for row in rows if row.lat is not None]


def _drawn(rows: list[AccountRow]) -> MapPage:
    territories = account_choices.territories(reading(), actor(), today())
    network = territories[0].network_name if territories else ""
    box = account_place.map_box(networks_folder(), network)
    places = [_place(row) for row in rows]
    points = [(place.lon, place.lat) for place in places] or [(box[0], box[1]), (box[2], box[3])]
    return territory_map("accounts", places, box, streets_url(network, points) if network else "")


def _place(row: AccountRow) -> MapPlace:
    assert row.lat is not None
    assert row.lon is not None
    return MapPlace(
        lon=row.lon,
        lat=row.lat,
        name=row.name,
        kind=PlaceKind.PROSPECT if row.kind == "prospect" else PlaceKind(row.account_class.lower()),
        detail=_detail(row),
        url=url_for("accounts.detail", account_id=row.account_id),
    )


def _detail(row: AccountRow) -> str:
    """Class, state and next date in one line under the name."""
    parts = [gettext("Class %(letter)s", letter=row.account_class)]
    if row.due is not None:
        parts.append(word(row.due.state))
    if row.next_on is not None:
        parts.append(gettext("next %(day)s", day=day(row.next_on)))
    return " · ".join(parts)
