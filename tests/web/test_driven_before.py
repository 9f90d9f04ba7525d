"""The page on which an admin notes what a rep drove before Rounds kept count."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from tests.services.uk_world import UkWorld

MILES_9970 = "9970"


@pytest.fixture
def world(session: Session) -> UkWorld:
    world = UkWorld(session)
    world.company.admin.distance_unit = "mi"
    session.commit()
    return world


@pytest.fixture
def browser(world: UkWorld, sign_in: Callable[[Person], FlaskClient]) -> FlaskClient:
    return sign_in(world.company.admin)


def path(world: UkWorld) -> str:
    return f"/admin/people/{world.ana.id}/driven-before"


def form(distance: str) -> dict[str, str]:
    return {"kind": "car", "year": "2025-04-06", "distance": distance}


def test_it_is_noted_in_miles_shown_and_removed(browser: FlaskClient, world: UkWorld) -> None:
    assert path(world) in browser.get(f"/admin/people/{world.ana.id}").text
    page = browser.post(path(world), data=form(MILES_9970), follow_redirects=True).text
    assert "Saved. Open claims are priced anew." in page
    assert "9,970" in page
    assert "in the tax year from 6 Apr 2025" in page
    gone = browser.post(
        f"{path(world)}/remove", data={"kind": "car", "year": "2025-04-06"}, follow_redirects=True
    ).text
    assert "9,970" not in gone
    assert browser.post(f"{path(world)}/remove", data={"kind": "boat", "year": "x"}).status_code == 404


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(browser: FlaskClient, world: UkWorld) -> None:
    page = browser.post(path(world), data=form("a lot")).text
    assert "“a lot” is not a distance: write a number such as 12.4." in page
    assert 'value="a lot"' in page
    page = browser.post(path(world), data=form("0")).text
    assert "A year&#39;s distance is more than 0 and at most 500000 km." in page


def test_where_no_rate_changes_there_is_nothing_to_note(browser: FlaskClient, world: UkWorld) -> None:
    world.company.norte.country = "CL"
    world.session.commit()
    page = browser.get(path(world)).text
    assert "Nothing to note" in page
    assert 'name="distance"' not in page
