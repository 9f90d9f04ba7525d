"""Navigate leads to the next stop only, in the app the installation prefers first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from planner.models.people import Person
from planner.services.installation.settings import NavigationApp
from planner.web.today.navigation_apps import links
from tests.days import planned_visit
from tests.world import World


@pytest.mark.parametrize("app", NavigationApp)
def test_the_preferred_app_comes_first_and_none_is_lost(app: NavigationApp) -> None:
    found = links(-29.9, -71.25, "Almacén & Co", app.value)
    assert len({link.url for link in found}) == len(NavigationApp)
    assert app.value in found[0].url


def test_a_name_cannot_break_out_of_its_address() -> None:
    found = links(-29.9, -71.25, 'A&q=1,1 "x"', "geo")
    assert found[0].url == "geo:-29.900000,-71.250000?q=-29.900000,-71.250000(A%26q%3D1%2C1%20%22x%22)"


def test_the_stop_offers_the_preferred_app_on_top(
    session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    world = World(session)
    visit = planned_visit(world, world.ana)
    session.commit()
    page = sign_in(world.ana).get(f"/today/visits/{visit.id}").text
    assert page.index("google.com/maps/dir") < page.index("waze.com")
