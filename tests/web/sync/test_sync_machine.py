"""Two phones of one rep that send when and what they like, and a manager in between: whatever comes twice, in
parts, out of order or without its answer arriving, each item is answered as the steps of one visit after the
other would be, and leaves one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planner.domain.access import Actor, Role
from planner.domain.visits import TRANSITIONS, VisitAction, VisitState
from planner.models.sync import SyncItem
from planner.models.visits import Note, Visit
from planner.services.schedule import agreements
from tests.conftest import TODAY
from tests.days import planned_visit
from tests.phones import Phone, report
from tests.world import World

pytestmark = pytest.mark.both_databases

ACTIONS = {
    "arrived": VisitAction.ARRIVE,
    "left": VisitAction.LEAVE,
    "undo": VisitAction.UNDO,
    "done": VisitAction.FINISH,
    "missed": VisitAction.MISS,
    "skipped": VisitAction.SKIP,
}
FIELDS: dict[str, dict[str, str]] = {
    "done": report(),
    "missed": {"reason": "closed"},
    "skipped": {"reason": "closed"},
    "note": {"text": "Written once"},
}
NOTHING_NEW = {
    ("arrived", VisitState.ARRIVED),
    ("arrived", VisitState.LEFT),
    ("left", VisitState.LEFT),
    ("undo", VisitState.PLANNED),
    ("missed", VisitState.MISSED),
    ("skipped", VisitState.SKIPPED),
}
"""Steps that are taken already: welcome, without another revision."""


@dataclass
class Told:
    """What the judge holds of a visit. ``theirs`` is the revision after the last change by somebody else."""

    state: VisitState = VisitState.PLANNED
    rev: int = 1
    theirs: int = 1

    def step(self, kind: str) -> str:
        if (kind, self.state) in NOTHING_NEW:
            return "created"
        after = TRANSITIONS.get((self.state, ACTIONS[kind]))
        if after is None:
            return "rejected"
        self.state, self.rev = after, self.rev + 1
        return "created"


@dataclass
class Judge:
    """The answers that a visit after the other, one item after the other, would bring."""

    told: dict[int, Told] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def expect(self, item: dict[str, Any]) -> str:
        if known := self.answers.get(item["uid"]):
            return "duplicate" if known == "created" else known
        answer = self.take(item)
        if answer != "rejected":
            self.answers[item["uid"]] = answer
        return answer

    def take(self, item: dict[str, Any]) -> str:
        told = self.told[item["visit"]]
        if item["kind"] == "note":
            return "created"
        if item["base_rev"] is not None and not told.theirs <= item["base_rev"] <= told.rev:
            return "conflict"
        return told.step(item["kind"])


class Phones(RuleBasedStateMachine):
    """Each run has visits of its own."""

    def __init__(self, world: World, phone: Phone) -> None:
        super().__init__()
        self.world, self.phone, self.judge = world, phone, Judge()
        self.written: list[dict[str, Any]] = []
        self.answered: dict[str, list[str]] = {}

    @initialize()
    def begin(self) -> None:
        rows = [planned_visit(self.world, self.world.ana) for _ in range(2)]
        self.world.session.commit()
        self.judge.told = {row.id: Told() for row in rows}

    @rule(
        kind=st.sampled_from(["arrived", "left", "undo", "done", "missed", "skipped", "note"]),
        which=st.integers(0, 1),
        behind=st.none() | st.integers(0, 2),
    )
    def write(self, kind: str, which: int, behind: int | None) -> None:
        """A step on a page that is ``behind`` revisions old; None: it names none."""
        visit_id = sorted(self.judge.told)[which]
        base_rev = None if behind is None else max(1, self.judge.told[visit_id].rev - behind)
        fields = FIELDS.get(kind, {})
        self.written.append(self.phone.item(kind, visit=visit_id, base_rev=base_rev, payload=fields))

    @rule(which=st.integers(0, 1))
    def somebody_else(self, which: int) -> None:
        visit_id = sorted(self.judge.told)[which]
        told = self.judge.told[visit_id]
        if told.state is VisitState.PLANNED:
            marta = Actor(self.world.marta.id, Role.MANAGER)
            agreements.pin(self.world.session, marta, TODAY, visit_id, is_pinned=bool(told.rev % 2))
            self.world.session.commit()
            told.rev += 1
            told.theirs = told.rev

    @rule(data=st.data(), is_lost=st.booleans())
    def send(self, data: st.DataObject, is_lost: bool) -> None:
        """Some of what was written, in any order, some of it twice, known or not."""
        if not self.written:
            return
        chosen = data.draw(st.lists(st.sampled_from(range(len(self.written))), min_size=1, max_size=8))
        self.check([self.written[place] for place in chosen], is_lost)

    def check(self, items: list[dict[str, Any]], is_lost: bool) -> None:
        # A uid that comes again within a batch is looked at after all others.
        first = list({item["uid"]: place for place, item in reversed(list(enumerate(items)))}.values())
        turns = [sorted(first)]
        left = [place for place in range(len(items)) if place not in turns[0]]
        while left:
            seen = {items[place]["uid"]: place for place in reversed(left)}
            turns.append(sorted(seen.values()))
            left = [place for place in left if place not in turns[-1]]
        expected = {place: self.judge.expect(items[place]) for turn in turns for place in turn}
        answers = [one["answer"] for one in self.phone.send(*items)]
        assert answers == [expected[place] for place in range(len(items))]
        if not is_lost:
            for item, answer in zip(items, answers, strict=True):
                self.answered.setdefault(item["uid"], []).append(answer)

    def teardown(self) -> None:
        if not self.judge.told:
            return
        for place in range(0, len(self.written), 20):
            self.check(self.written[place : place + 20], is_lost=False)
        self.look(self.world.session)

    def look(self, session: Session) -> None:
        session.expire_all()
        assert self.answered.keys() == {item["uid"] for item in self.written}
        assert all(answers.count("created") <= 1 for answers in self.answered.values())
        uids = list(self.judge.answers)
        rows = session.execute(
            select(SyncItem.uid, SyncItem.answer).where(SyncItem.uid.in_([i["uid"] for i in self.written]))
        ).all()
        assert sorted((row.uid, row.answer.value) for row in rows) == sorted(self.judge.answers.items())
        notes = [item["uid"] for item in self.written if item["kind"] == "note"]
        assert set(notes) <= set(uids)
        stored = session.scalar(select(func.count(Note.id)).where(Note.uid.in_(notes)))
        assert stored == len(notes)
        for visit_id, told in self.judge.told.items():
            visit = session.get_one(Visit, visit_id)
            assert (visit.state, visit.rev) == (told.state, told.rev)


def test_every_item_is_answered_as_in_some_order_one_after_the_other_and_leaves_one_row(
    world: World, phone: Phone
) -> None:
    make: Callable[[], Phones] = lambda: Phones(world, phone)  # noqa: E731
    run_state_machine_as_test(
        make,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
