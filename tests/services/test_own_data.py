"""All that is kept about a person, as an archive: theirs, whole, and without keys."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from planner.database import Base
from planner.domain.access import Actor, Role
from planner.domain.errors import NotFound
from planner.models.people import Person
from planner.services.company import own_data
from planner.services.ledger import receipts
from tests.conftest import NOW, TODAY
from tests.days import routed_day
from tests.world import World

pytestmark = pytest.mark.both_databases


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def archive(world: World, who: Person, role: Role = Role.REP, whose: Person | None = None) -> ZipFile:
    file = io.BytesIO()
    own_data.write(world.session, Actor(who.id, role), (whose or who).id, Path("nowhere"), "About", file)
    return ZipFile(file)


def rows(found: ZipFile, table: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(found.read(f"{table}.json"))
    return told


def test_every_table_that_points_at_a_person_is_told_or_left_out_with_a_reason() -> None:
    pointing = {table.name for table in Base.metadata.sorted_tables if own_data.points(table)}
    told = {table.name for table in own_data.told()}
    assert told == (pointing | own_data.PARTS.keys()) - own_data.LEFT_OUT.keys()
    assert own_data.LEFT_OUT.keys() <= pointing, "nothing is left out that is not there"


def test_a_rep_gets_their_own_rows_with_what_belongs_to_them_and_nobody_else_s(world: World) -> None:
    routed_day(world, world.ana, 2)
    routed_day(world, world.bruno, 3)
    world.session.flush()
    found = archive(world, world.ana)
    assert [row["name"] for row in rows(found, "person")] == [world.ana.name]
    assert len(rows(found, "visit")) == len(rows(found, "stop")) == 2
    assert {row["rep_id"] for row in rows(found, "visit")} == {world.ana.id}
    assert rows(found, "visit")[0]["on"] == TODAY.isoformat()
    assert found.read("README.txt") == b"About"
    assert "claim.json" not in found.namelist(), "there is none"


def test_keys_to_the_account_are_in_no_archive(world: World) -> None:
    world.ana.password_hash = "hash"
    world.session.flush()
    assert "password_hash" not in rows(archive(world, world.ana), "person")[0]
    secret = {column.name for table in own_data.told() for column in table.columns} & own_data.SECRET
    assert secret == own_data.SECRET, "each of these is a column"


def test_an_admin_gets_anybody_s_and_nobody_else_another_s(world: World) -> None:
    assert rows(archive(world, world.admin, Role.ADMIN, world.ana), "rep")[0]["person_id"] == world.ana.id
    for who, role in ((world.bruno, Role.REP), (world.marta, Role.MANAGER)):
        with pytest.raises(NotFound):
            archive(world, who, role, world.ana)
    with pytest.raises(NotFound):
        own_data.name_of(world.session, Actor(world.admin.id, Role.ADMIN), 10**6)


def test_the_pictures_somebody_took_are_in_their_archive(world: World, tmp_path: Path) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "PNG")
    ana = Actor(world.ana.id, Role.REP)
    kept = receipts.keep(world.session, ana, NOW, tmp_path, receipts.prepare(picture.getvalue()))
    receipts.expected(world.session, ana, NOW, "0" * 64)  # still on the phone
    file = io.BytesIO()
    own_data.write(world.session, ana, world.ana.id, tmp_path, "", file)
    pictures = [name for name in ZipFile(file).namelist() if name.startswith("pictures/")]
    assert pictures == [f"pictures/{kept.sha256}.jpg"]
