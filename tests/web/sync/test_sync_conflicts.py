"""What somebody else changed meanwhile is kept and told; one's own steps never stand in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.capture import at_once
from planner.domain.visits import VisitState
from planner.models.people import Person
from planner.models.photos import VisitPhoto
from planner.models.sync import SyncItem
from planner.models.visits import DayRoute, Note, Visit
from planner.services.days import day_routes, visits
from planner.services.schedule import agreements
from planner.services.schedule.agreements import Wish
from tests.conftest import NOW, TODAY
from tests.days import planned_visit, routed_day
from tests.phones import Phone, report
from tests.roads import install_into
from tests.world import World

pytestmark = pytest.mark.both_databases

Seen = Callable[[], Visit]
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def marta(world: World) -> Actor:
    return Actor(world.marta.id, Role.MANAGER)


def agreed(world: World, marta: Actor, visit: Visit) -> None:
    """Marta makes an appointment of the visit, at 15:00."""
    agreements.agree(world.session, marta, NOW, TODAY, Wish(visit.account_id, TODAY, 15 * 3600, 0))
    world.session.commit()


def test_a_change_by_somebody_else_is_kept_and_told(
    world: World, visit: Visit, phone: Phone, marta: Actor, seen: Seen
) -> None:
    agreed(world, marta, visit)
    answer = phone.one(phone.item("skipped", visit=visit, base_rev=1, payload={"reason": "no_time"}))
    assert (answer["answer"], answer["rev"], seen().state) == ("conflict", 2, VisitState.PLANNED)
    assert answer["theirs"] == {
        "by": "Marta",
        "at": NOW.isoformat(),
        "says": "Changed by Marta at 09:00. It is agreed for Wed 4 Mar at 15:00.",
    }


def test_keep_mine_is_the_same_under_a_new_uid_on_the_revision_of_the_answer(
    world: World, visit: Visit, phone: Phone, marta: Actor, seen: Seen
) -> None:
    agreed(world, marta, visit)
    item = phone.item("skipped", visit=visit, base_rev=1, payload={"reason": "no_time"})
    rev = phone.one(item)["rev"]
    mine = phone.item("skipped", visit=visit, base_rev=rev, payload={"reason": "no_time"})
    assert (phone.one(mine)["answer"], seen().state) == ("created", VisitState.SKIPPED)


def test_a_conflict_sent_again_is_a_conflict_again_and_tells_how_it_stands_now(
    world: World, visit: Visit, phone: Phone, marta: Actor, seen: Seen
) -> None:
    agreed(world, marta, visit)
    item = phone.item("arrived", visit=visit, base_rev=1)
    first = phone.one(item)
    agreements.move(world.session, marta, NOW, TODAY, visit.id, TOMORROW)
    world.session.commit()
    second = phone.one(item)
    assert (first["answer"], second["answer"], seen().state) == ("conflict", "conflict", VisitState.PLANNED)
    assert second["rev"] == first["rev"] + 1
    assert "Thu 5 Mar" in second["theirs"]["says"]


def test_a_chain_of_ones_own_steps_on_one_page_goes_through_in_any_number_of_batches(
    visit: Visit, phone: Phone, seen: Seen
) -> None:
    steps = [
        phone.item("arrived", visit=visit, base_rev=1),
        phone.item("undo", visit=visit, base_rev=1),
        phone.item("arrived", visit=visit, base_rev=1),
        phone.item("left", visit=visit, base_rev=1),
        phone.item("done", visit=visit, base_rev=1, payload=report()),
    ]
    answers = [*phone.send(*steps[:2]), *phone.send(steps[2]), *phone.send(*steps[3:])]
    assert [one["answer"] for one in answers] == ["created"] * 5
    assert (seen().state, seen().rev) == (VisitState.DONE, 6)


def test_a_tap_on_the_page_itself_is_ones_own_step_too(visit: Visit, phone: Phone, seen: Seen) -> None:
    phone.client.post(f"/today/visits/{visit.id}/arrived")
    answer = phone.one(phone.item("done", visit=visit, base_rev=1, payload=report()))
    assert (answer["answer"], seen().state) == ("created", VisitState.DONE)


def test_somebody_elses_change_before_ones_own_stands_against_an_older_page_still(
    world: World, visit: Visit, phone: Phone, marta: Actor
) -> None:
    agreed(world, marta, visit)
    fresh = phone.one(phone.item("arrived", visit=visit, base_rev=2))
    stale = phone.one(phone.item("done", visit=visit, base_rev=1, payload=report()))
    assert [fresh["answer"], stale["answer"]] == ["created", "conflict"]


def test_ones_own_earlier_change_does_not_hide_a_later_one_by_somebody_else(
    world: World, visit: Visit, phone: Phone, marta: Actor
) -> None:
    phone.send(phone.item("arrived", visit=visit, base_rev=1), phone.item("undo", visit=visit, base_rev=1))
    agreed(world, marta, visit)
    answer = phone.one(phone.item("arrived", visit=visit, base_rev=3))
    assert (answer["answer"], answer["theirs"]["by"]) == ("conflict", "Marta")


def test_a_change_whose_author_nobody_said_stands_against_it_too(
    world: World, visit: Visit, phone: Phone, seen: Seen
) -> None:
    visit.service_seconds, visit.rev = 900, visit.rev + 1
    world.session.commit()
    answer = phone.one(phone.item("arrived", visit=visit, base_rev=1))
    assert (answer["answer"], answer["theirs"]["by"], answer["theirs"]["at"]) == ("conflict", "", None)
    assert answer["theirs"]["says"] == "It is planned for Wed 4 Mar."


def test_without_a_base_revision_the_rep_has_the_last_word(
    world: World, visit: Visit, phone: Phone, marta: Actor, seen: Seen
) -> None:
    agreed(world, marta, visit)
    assert phone.one(phone.item("arrived", visit=visit))["answer"] == "created"
    assert seen().state is VisitState.ARRIVED


def test_a_conflict_does_not_keep_the_other_items(
    world: World, visit: Visit, phone: Phone, marta: Actor, session: Session
) -> None:
    agreed(world, marta, visit)
    answers = phone.send(
        phone.item("arrived", visit=visit, base_rev=1),
        phone.item("note", visit=visit, base_rev=1, payload={"text": "Notes are only added"}),
    )
    assert [one["answer"] for one in answers] == ["conflict", "created"]
    assert session.scalars(select(SyncItem.answer).order_by(SyncItem.id)).all() == ["conflict", "created"]


@pytest.fixture
def gone(world: World, visit: Visit, phone: Phone, marta: Actor) -> Visit:
    """The visit is called off."""
    agreements.call_off(world.session, marta, NOW, TODAY, visit.id)
    world.session.commit()
    return visit


def test_a_note_for_a_visit_that_is_gone_is_kept_with_the_account(
    session: Session, gone: Visit, phone: Phone
) -> None:
    item = phone.item("note", visit=gone, account=gone.account_id, payload={"text": "Rang the bell"})
    first, second = phone.one(item), phone.one(item)
    assert (first["answer"], second["answer"]) == ("created", "duplicate")
    assert "kept with the account" in first["message"]
    assert first["message"] == second["message"]
    row = session.scalars(select(Note)).one()
    assert (row.account_id, row.visit_id) == (gone.account_id, None)


def test_of_a_report_for_a_visit_that_is_gone_the_note_and_photos_are_kept(
    session: Session, gone: Visit, phone: Phone, seen: Seen
) -> None:
    fields = report(note="Sold two crates", next_step="Deliver")
    item = phone.item(
        "done", visit=gone, account=gone.account_id, base_rev=1, payload=fields, photos=["a" * 64]
    )
    answer = phone.one(item)
    assert (answer["answer"], seen().state) == ("created", VisitState.CANCELLED)
    assert "not reported" in answer["message"]
    assert session.scalars(select(Note.text)).all() == ["Sold two crates"]
    assert session.scalars(select(VisitPhoto.visit_id)).all() == [None]


def test_a_report_without_a_word_for_a_visit_that_is_gone_is_rejected(gone: Visit, phone: Phone) -> None:
    answer = phone.one(phone.item("done", visit=gone, account=gone.account_id, payload=report()))
    assert (answer["answer"], bool(answer["message"])) == ("rejected", True)


def test_a_note_for_a_visit_a_colleague_took_over_is_kept_with_the_account(
    world: World, session: Session, visit: Visit, phone: Phone
) -> None:
    visit.rep_id = world.bruno.id
    session.commit()
    item = phone.item("note", visit=visit, account=visit.account_id, payload={"text": "Call first"})
    assert phone.one(item)["answer"] == "created"
    assert session.scalars(select(Note.visit_id)).all() == [None]


def test_an_order_made_on_a_route_somebody_else_solved_anew_is_a_conflict(
    world: World, phone: Phone, session: Session
) -> None:
    folder = phone.client.application.config["NETWORKS_FOLDER"]
    install_into(folder)
    first, second = (visit.id for visit in routed_day(world, world.ana, 2))
    assert day_routes.solve(session, NOW, folder, world.ana.id, TODAY)
    session.commit()
    fields = {"order": [str(second), str(first)]}
    stale = phone.one(phone.item("order", on=TODAY, base_rev=1, payload=fields))
    assert (stale["answer"], stale["rev"], stale["theirs"]["by"]) == ("conflict", 2, "")
    assert "order" in stale["theirs"]["says"]
    answers = [phone.one(phone.item("order", on=TODAY, base_rev=2, payload=fields)) for _ in range(2)]
    assert [one["answer"] for one in answers] == ["created", "created"]
    session.expire_all()
    assert session.scalars(select(DayRoute.rev)).one() == 4


def test_closing_after_ones_own_new_order_is_no_conflict(world: World, phone: Phone, visit: Visit) -> None:
    install_into(phone.client.application.config["NETWORKS_FOLDER"])
    (key,) = (one.id for one in routed_day(world, world.ana, 1))
    world.session.commit()
    answers = phone.send(
        phone.item("order", on=TODAY, base_rev=1, payload={"order": [str(key)]}),
        phone.item("skipped", visit=key, base_rev=1, payload={"reason": "no_time"}),
        phone.item("skipped", visit=visit, base_rev=1, payload={"reason": "no_time"}),
        phone.item("close", on=TODAY, base_rev=1),
    )
    assert [one["answer"] for one in answers] == ["created"] * 4, answers


def test_a_visit_that_comes_back_from_a_colleague_has_changed(
    world: World, visit: Visit, phone: Phone, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    other = planned_visit(world, world.bruno)
    session.commit()
    bruno = Actor(world.bruno.id, Role.REP)
    visits.arrive(session, bruno, at_once(NOW, TODAY), other.id)
    other.rep_id, other.rev = world.ana.id, other.rev + 1
    session.commit()
    answer = phone.one(phone.item("done", visit=other, base_rev=2, payload=report()))
    assert answer["answer"] == "conflict"
