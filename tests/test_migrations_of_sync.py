"""Migrations 0010, 0011, 0020 and 0021 with data: what phones sent, who changed a visit, photos, visits
that were left; and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from planner.database import db, reading, transaction
from planner.domain.errors import Conflict
from planner.domain.outbox import Answered, ItemKind
from planner.domain.visits import VisitState
from planner.models.ledger import Receipt
from planner.models.photos import VisitPhoto
from planner.models.sync import SyncItem
from planner.models.visits import Visit
from planner.services import revisions
from tests.conftest import NOW
from tests.days import planned_visit
from tests.world import World

pytestmark = pytest.mark.both_databases


@pytest.fixture
def migrated(bare_app: Flask) -> Iterator[Flask]:
    with bare_app.app_context():
        upgrade()
        yield bare_app


def item(person_id: int, **values: object) -> SyncItem:
    given = {
        "person_id": person_id,
        "uid": "00000000-0000-4000-8000-000000000001",
        "kind": ItemKind.NOTE,
        "content_sha256": "0" * 64,
        "answer": Answered.CREATED,
        "client_at": NOW,
        "captured_at": NOW,
        "received_at": NOW + timedelta(seconds=1),
        "skew_seconds": -365 * 86_400,
    }
    return SyncItem(**given | values)


def test_visits_outlive_the_way_down_and_up_again(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        visit = planned_visit(world, world.ana)
        visit.rev += 1
        revisions.changed(visit, world.marta.id, NOW)
        receipt = Receipt(sha256="0" * 64, media_type="image/jpeg", byte_count=0, uploaded_by=world.ana.id)
        receipt.uploaded_at = NOW
        session.add_all([item(world.ana.id), receipt])
        session.flush()
        photo = VisitPhoto(account_id=visit.account_id, visit_id=visit.id, receipt_id=receipt.id)
        photo.author_id, photo.captured_at, photo.received_at = world.ana.id, NOW, NOW
        session.add(photo)
        visit_id = visit.id
    reading().rollback()
    downgrade(revision="0009")
    assert not {"sync_item", "visit_photo"} & set(inspect(db.engine).get_table_names())
    assert "changed_by_id" not in {column["name"] for column in inspect(db.engine).get_columns("visit")}
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT id, rev FROM visit")).all() == [(visit_id, 2)]
        assert connection.scalar(text("SELECT count(*) FROM receipt")) == 1
    upgrade()
    row = reading().scalars(select(Visit)).one()
    assert (row.id, row.rev, row.changed_by_id, row.own_since_rev) == (visit_id, 2, None, None)
    assert not revisions.is_out_of_date(row, 2)
    assert revisions.is_out_of_date(row, 1)


def test_a_uid_of_a_person_is_noted_once(migrated: Flask) -> None:
    with transaction() as session:
        world = World(session)
        ana, bruno = world.ana.id, world.bruno.id
        session.add_all([item(ana), item(bruno)])
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.add(item(ana))


@pytest.mark.parametrize("column", ["kind", "answer"])
def test_words_that_are_none_are_refused(migrated: Flask, column: str) -> None:
    with transaction() as session:
        session.add(item(World(session).ana.id))
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.execute(text(f"UPDATE sync_item SET {column} = 'other'"))


def test_what_older_versions_do_not_know_goes_on_the_way_down_and_the_rest_stays(migrated: Flask) -> None:
    other = "00000000-0000-4000-8000-000000000002"
    with transaction() as session:
        ana = World(session).ana.id
        session.add_all([item(ana), item(ana, uid=other, kind=ItemKind.FOLLOW_UP)])
    reading().rollback()
    downgrade(revision="0019")
    with db.engine.begin() as connection:
        assert connection.execute(text("SELECT kind FROM sync_item")).all() == [("note",)]
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text("UPDATE sync_item SET kind = 'follow_up'"))
    upgrade()
    with transaction() as session:
        session.add(item(ana, uid=other, kind=ItemKind.FOLLOW_UP))
    with pytest.raises(Conflict, match="constraint"), transaction() as session:
        session.add(item(ana))


def test_who_has_left_is_there_still_for_older_versions_and_nothing_else_of_a_visit_is_lost(
    migrated: Flask,
) -> None:
    with transaction() as session:
        world = World(session)
        visit = planned_visit(world, world.ana)
        visit.state, visit.arrived_at, visit.left_at = VisitState.LEFT, NOW, NOW + timedelta(hours=1)
        visit.reason_values, visit.kept_place = {"days": 3}, 2
    before = list(reading().execute(select(Visit.__table__)).mappings().one().items())
    reading().rollback()
    downgrade(revision="0020")
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT state FROM visit")) == "arrived"
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(text("UPDATE visit SET state = 'left'"))
    upgrade()
    assert list(reading().execute(select(Visit.__table__)).mappings().one().items()) == before
    for broken in ("state = 'other'", "service_seconds = 0", "kept_place = 0", "kind = 'call'"):
        with pytest.raises(Conflict, match="constraint"), transaction() as session:
            session.execute(text(f"UPDATE visit SET {broken}"))
