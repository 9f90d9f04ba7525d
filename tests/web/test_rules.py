"""The rules page: what classes say, and the holidays ahead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.models.accounts import AccountClass, ClassRule
from planner.models.people import Person
from planner.models.settings import AuditEntry
from tests.world import World

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(session: Session) -> World:
    world = World(session)
    session.commit()
    return world


def filled(**changes: str) -> dict[str, str]:
    form = {"cadence_days": "3 weeks", "earliest_gap_days": "", "latest_gap_days": "30"}
    form |= {"visit_seconds": "40", "missed_price_minutes": "300"} | changes
    return {f"A-{name}": value for name, value in form.items()}


def test_an_admin_changes_what_a_class_inherits(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.admin).post("/rules/A", data=filled(), follow_redirects=True)

    assert "Saved." in answer.text
    world.session.expire_all()
    rule = world.session.get_one(ClassRule, AccountClass.A)
    assert (rule.cadence_days, rule.earliest_gap_days, rule.latest_gap_days) == (21, None, 30)
    assert (rule.visit_seconds, rule.missed_price_minutes) == (2400, 300)
    entry = world.session.scalars(select(AuditEntry)).one()
    assert (entry.before["cadence_days"], entry.after["cadence_days"], entry.after["class"]) == (14, 21, "A")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cadence_days": ""}, "Fill this in."),
        ({"cadence_days": "0"}, "0 days will not do"),
        ({"cadence_days": "often"}, "is no cadence"),
        ({"latest_gap_days": "10"}, "The latest gap is shorter"),
        ({"earliest_gap_days": "22"}, "The earliest gap is longer"),
        ({"visit_seconds": "0"}, "A visit takes between"),
        ({"missed_price_minutes": "-1"}, "Between 0 and 10000 minutes"),
        ({"missed_price_minutes": "x"}, "x"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(
    world: World, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.admin).post("/rules/A", data=filled(**change))

    assert answer.status_code == 200
    assert sentence in answer.text
    assert 'class="field wrong"' in answer.text
    world.session.expire_all()
    assert world.session.get_one(ClassRule, AccountClass.A).cadence_days == 14


def test_a_manager_reads_the_rules_and_the_holidays_of_their_territories(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.marta)
    page = client.get("/rules").text

    assert "every 2 weeks" in page
    assert "Good Friday" in page
    assert "Save class" not in page
    assert client.post("/rules/A", data=filled()).status_code == 403


def test_an_unknown_country_is_told_and_the_rest_still_shown(world: World, sign_in: SignIn) -> None:
    world.norte.country = "ZZ"
    world.session.commit()

    page = sign_in(world.admin).get("/rules").text

    assert "The public holidays of ZZ are not known" in page
    assert "Good Friday" in page


def test_there_is_no_class_d(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.admin).post("/rules/D", data=filled()).status_code == 404
