"""The list of accounts; the filter is in the address, for links and for the map of the same selection."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.domain.cadence import DueState
from planner.services.accounts import account_choices, account_list
from planner.services.accounts.account_list import Filter, Sort
from planner.web.accounts.blueprint import accounts, today
from planner.web.signin import actor
from planner.web.words import word


@accounts.get("")
def index() -> ResponseReturnValue:
    wanted = chosen_filter()
    found = account_list.page(reading(), actor(), today(), wanted, request.args.get("page", 1, type=int))
    return render_template(
        "accounts/index.html",
        found=found,
        wanted=wanted,
        args=chosen_args(),
        offer=offer(),
    )


ASKED = (
    "search",
    "class",
    "kind",
    "industry",
    "tag",
    "city",
    "territory",
    "rep",
    "state",
    "archived",
    "sort",
)
"""What an address may say about the filter. Anything else is nobody's, and goes into no link."""


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
    return {name: request.args[name] for name in ASKED if request.args.get(name)}


def offer() -> dict[str, list[tuple[Any, str]]]:
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
