"""The import pages: from a file to a preview, to accounts, and back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.domain.import_columns import Column
from planner.models.accounts import Account
from planner.models.people import Person
from tests.world import World

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def world(session: object) -> World:
    world = World(session)  # type: ignore[arg-type]
    world.session.commit()
    return world


@pytest.fixture
def client(world: World, sign_in: SignIn) -> FlaskClient:
    return sign_in(world.admin)


def send(client: FlaskClient, text: str, name: str = "list.csv") -> str:
    """Upload a file; the address that follows."""
    data = {"file": (io.BytesIO(text.encode()), name)}
    return client.post("/import", data=data, content_type="multipart/form-data").location


def count(world: World) -> int:
    world.session.expire_all()
    return world.session.scalar(select(func.count(Account.id))) or 0


def test_a_list_is_looked_at_then_imported_then_undone(world: World, client: FlaskClient, app: Flask) -> None:
    address = send(client, "id,name,colour\n1,Almacén Sol,red\n")
    preview = client.get(address).text
    assert "Almacén Sol" in preview
    assert "Columns left out: colour." in preview
    assert count(world) == 0

    run = client.post(f"{address}/confirm").location
    assert count(world) == 1
    assert list(Path(app.config["IMPORTS_FOLDER"]).iterdir()) == []
    assert "Undo this import" in client.get(run).text
    assert "1 new, 0 changed" in client.get("/import").text

    page = client.post(f"{run}/undo", follow_redirects=True).text
    assert "as they were before" in page
    assert count(world) == 0


def test_errors_are_numbered_and_nothing_can_be_imported(world: World, client: FlaskClient) -> None:
    address = send(client, "id,name,latitude,longitude\n1,Fine,,\n2,,-95,10\n")

    page = client.get(address).text

    assert "Latitude and longitude look exchanged" in page
    assert "A name is needed." in page
    assert "/confirm" not in page
    again = client.post(f"{address}/confirm", follow_redirects=True)
    assert "Nothing was imported" in again.text
    assert count(world) == 0


def test_unknown_headings_lead_to_the_choice_of_columns(world: World, client: FlaskClient) -> None:
    address = send(client, "wer,wo\nAlmacén Sol,Serena\n")
    page = client.get(address).text
    assert address.endswith("/columns")
    assert "wer: Almacén Sol" in page

    refused = client.post(address, data={"city": "1"}).text
    assert "Choose the column that holds the name" in refused
    answer = client.post(address, data={"name": "0", "city": "1"})
    client.post(f"{answer.location}/confirm")

    account = world.session.scalars(select(Account)).one()
    assert (account.name, account.city) == ("Almacén Sol", "Serena")


@pytest.mark.parametrize("text", ["", "name\n", "\x00\x01PK"])
def test_a_file_that_is_no_list_is_refused_with_a_sentence(client: FlaskClient, text: str) -> None:
    address = send(client, text)

    assert address == "/import"
    assert "This file" in client.get(address).text


def test_no_file_at_all_is_told_too(client: FlaskClient) -> None:
    assert "This file holds no accounts" in client.post("/import", follow_redirects=True).text


def test_another_person_does_not_find_the_upload(world: World, client: FlaskClient, sign_in: SignIn) -> None:
    address = send(client, "name\nA\n")
    other = sign_in(world.marta)

    assert other.get(address).status_code == 404
    assert other.post(f"{address}/confirm").status_code == 404


def test_an_upload_can_be_left(world: World, client: FlaskClient) -> None:
    address = send(client, "name\nA\n")

    assert "Nothing was imported" in client.post(f"{address}/discard", follow_redirects=True).text
    assert client.get(address).status_code == 404


def test_reps_do_not_import(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.ana).get("/import").status_code == 403


def test_the_template_can_be_imported_as_it_is(world: World, client: FlaskClient) -> None:
    template = client.get("/import/template.csv")
    assert template.text.lstrip("\ufeff").splitlines()[0].split(",") == [column.value for column in Column]

    address = send(client, template.text)
    client.post(f"{address}/confirm")

    assert world.session.scalars(select(Account.name)).all() == ["Almacén Sol"]


def test_names_in_a_file_cannot_run(client: FlaskClient) -> None:
    page = client.get(send(client, "id,name,<b>x\n1,<script>alert(1)</script>,2\n")).text

    assert "<script>alert" not in page
    assert "<b>x" not in page
