"""``flask first-admin`` and ``flask invite``: the way in without an e-mail server."""

from __future__ import annotations

import os

import click
from flask import Flask
from sqlalchemy import select

from planner import clock
from planner.database import reading, transaction
from planner.domain.access import Actor, Role
from planner.domain.errors import RoundsError
from planner.models.people import Person
from planner.services.company import tokens
from planner.web.errors import sentence

CONSOLE = Actor(0, Role.ADMIN)
LOOPBACK = "127.0.0.1"


def register(app: Flask) -> None:
    app.cli.add_command(first_admin)
    app.cli.add_command(invite)


@click.command("first-admin")
def first_admin() -> None:
    """Print a link that makes the first admin. It works once, for a day."""
    try:
        click.echo(first_admin_link())
    except RoundsError as error:
        raise click.ClickException(sentence(error)) from error


@click.command("invite")
@click.argument("email")
def invite(email: str) -> None:
    """Print a link with which the person with EMAIL chooses a password: also for a lost one."""
    person_id = reading().scalar(select(Person.id).where(Person.email == email.strip().lower()))
    if person_id is None:
        raise click.ClickException(f"There is nobody with the address {email}.")
    try:
        with transaction() as session:
            token = tokens.invite(session, CONSOLE, clock.now(), person_id)
    except RoundsError as error:
        raise click.ClickException(sentence(error)) from error
    click.echo(f"{base_address()}/invitation/{token}")


def first_admin_link() -> str:
    """A fresh link, fit to be printed at start. Raises Conflict("admin_exists")."""
    with transaction() as session:
        token = tokens.first_admin(session, clock.now())
    return f"{base_address()}/first-admin/{token}"


def base_address() -> str:
    """Where this installation answers: ``ROUNDS_URL``, or this machine's port."""
    port = os.environ.get("PORT", "5000")
    return os.environ.get("ROUNDS_URL", f"http://{LOOPBACK}:{port}").rstrip("/")
