"""``flask ledger verify``: it says that the books hold, and where they do not."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from planner.domain.claims import ClaimAction
from tests.services.ledger_world import LedgerWorld
from tests.tampering import unguarded


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    made = LedgerWorld(session)
    made.expense(1500)
    made.step(made.ana, ClaimAction.SUBMIT)
    session.commit()
    return made


def test_books_that_hold(app: Flask, world: LedgerWorld) -> None:
    done = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert done.exit_code == 0, done.output
    for what in ("audit chain, 2 entries", "ledger chain, 1 entries", "sums of 1 claims", "0 export batches"):
        assert f"holds  {what}" in done.output or what in done.output
    assert "The books hold." in done.output


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE expense SET amount_minor = 1", "FAILS  ledger chain"),
        ("UPDATE claim SET expenses_minor = 1", "FAILS  sums of 1 claims"),
        ("UPDATE audit_entry SET action = 'x'", "FAILS  audit chain"),
        ("DELETE FROM expense", "FAILS  ledger chain"),
    ],
)
def test_books_that_do_not(app: Flask, world: LedgerWorld, tampering: str, told: str) -> None:
    with unguarded(world.session):
        world.session.execute(text(tampering))
    world.session.commit()
    done = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert done.exit_code == 1
    assert told in done.output
    assert "do not hold" in done.output
