"""The notes feed: what reps wrote lately, searched and filtered; the address says for what."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner import clock
from planner.database import reading
from planner.domain.visits import Outcome
from planner.services.accounts import account_choices
from planner.services.oversight import notes_feed
from planner.services.oversight.notes_feed import Filter
from planner.web.paging import page_asked
from planner.web.signin import actor, signed_in
from planner.web.team.blueprint import team
from planner.web.words import word

ASKED = ("search", "rep", "account", "outcome", "tag")
"""What an address may say about the filter."""


@team.get("/notes")
def notes() -> ResponseReturnValue:
    session, on, wanted = reading(), clock.today(signed_in().zone), _filter_asked()
    asked = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return render_template(
        "team/notes.html",
        feed=notes_feed.feed(session, actor(), on, wanted, page_asked()),
        wanted=wanted,
        asked=asked,
        of_all_accounts={name: value for name, value in asked.items() if name != "account"},
        account=notes_feed.account_name(session, actor(), on, wanted.account_id),
        offer={
            "reps": notes_feed.authors(session, actor(), on),
            "outcomes": [(outcome.value, word(outcome)) for outcome in Outcome],
            "tags": [(tag, tag) for tag in account_choices.tags(session, actor(), on)],
        },
    )


def _filter_asked() -> Filter:
    """A value that means nothing filters nothing."""
    asked = request.args
    return Filter(
        search=asked.get("search", ""),
        author_id=asked.get("rep", type=int),
        account_id=asked.get("account", type=int),
        outcome=asked.get("outcome", type=Outcome),
        tag=asked.get("tag", ""),
    )
