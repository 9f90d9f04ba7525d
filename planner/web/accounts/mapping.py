"""The map of the accounts that the list shows. Pins far from the territory's roads are named beside it:
one of them would shrink everything else to a dot."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner.database import reading
from planner.services.accounts import account_choices, account_list, account_place
from planner.services.accounts.account_list import AccountRow
from planner.web.accounts.blueprint import accounts, today
from planner.web.accounts.listing import chosen_args, chosen_filter, offer
from planner.web.formats import day
from planner.web.installed import networks_folder
from planner.web.maps import ground
from planner.web.signin import actor
from planner.web.words import word
from routing.maps import Box, MapPage, MapPlace, PlaceKind, territory_map


@dataclass(frozen=True, slots=True)
class OnMap:
    """``beyond`` are accounts whose pins lie far off the network's box."""

    network: str
    box: Box
    shown: tuple[AccountRow, ...]
    beyond: tuple[AccountRow, ...]

    def draw(self) -> MapPage:
        places = [_place(row) for row in self.shown]
        west, south, east, north = self.box
        points = [(place.lon, place.lat) for place in places] or [(west, south), (east, north)]
        return territory_map("accounts", places, self.box, ground(self.network, points))


@accounts.get("/map")
def map() -> ResponseReturnValue:
    on_map = _on_map()
    return render_template(
        "accounts/map.html",
        on_map=on_map,
        map_html=on_map.draw().html,
        wanted=chosen_filter(),
        args=chosen_args(),
        offer=offer(),
    )


@accounts.get("/map.js")
def map_script() -> ResponseReturnValue:
    return Response(_on_map().draw().script, mimetype="text/javascript")


def _on_map() -> OnMap:
    rows = account_list.all_rows(reading(), actor(), today(), chosen_filter())
    territories = account_choices.territories(reading(), actor(), today())
    network = territories[0].network_name if territories else ""
    box = account_place.map_box(networks_folder(), network)
    shown = tuple(row for row in rows if _is_near(row, box))
    beyond = tuple(row for row in rows if row.lat is not None and row not in shown)
    return OnMap(network, box, shown, beyond)


def _is_near(row: AccountRow, box: Box) -> bool:
    return row.lat is not None and row.lon is not None and account_place.is_on_map(box, row.lat, row.lon)


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
