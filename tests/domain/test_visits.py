"""What may happen to a visit, and what comes of it."""

from __future__ import annotations

import pytest

from planner.domain.errors import Conflict
from planner.domain.visits import TRANSITIONS, VisitAction, VisitState, next_state

FINAL = {VisitState.CANCELLED}


RECORDED = [s for s in VisitState if s not in (VisitState.PLANNED, VisitState.LEFT, *FINAL)]


@pytest.mark.parametrize("state", RECORDED)
def test_whatever_was_recorded_can_be_undone(state: VisitState) -> None:
    assert next_state(state, VisitAction.UNDO) is VisitState.PLANNED


def test_who_takes_back_that_they_left_is_there_still() -> None:
    assert next_state(VisitState.LEFT, VisitAction.UNDO) is VisitState.ARRIVED


def test_where_somebody_was_and_left_it_is_too_late_to_say_they_did_not_go() -> None:
    with pytest.raises(Conflict):
        next_state(VisitState.LEFT, VisitAction.SKIP)


@pytest.mark.parametrize("action", list(VisitAction))
def test_nothing_happens_to_a_cancelled_visit(action: VisitAction) -> None:
    with pytest.raises(Conflict):
        next_state(VisitState.CANCELLED, action)


def test_a_visit_that_was_held_cannot_be_missed_afterwards() -> None:
    with pytest.raises(Conflict) as caught:
        next_state(VisitState.DONE, VisitAction.MISS)
    assert caught.value.values == {"state": "done", "action": "miss"}


def test_a_report_may_be_sent_without_an_arrival_and_sent_again() -> None:
    assert next_state(VisitState.PLANNED, VisitAction.FINISH) is VisitState.DONE
    assert next_state(VisitState.DONE, VisitAction.FINISH) is VisitState.DONE


def test_every_state_can_be_reached() -> None:
    assert {VisitState.PLANNED, *TRANSITIONS.values()} == set(VisitState)
