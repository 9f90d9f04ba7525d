"""Whether there is room for one more visit in a finished plan, and how much of it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import product

from routing.rotation import tables as t
from routing.rotation.insertion import insertion, insertion_on, quota_is_full
from routing.rotation.search import Search
from routing.rotation.setting import Run
from routing.rotation.tables import Memory, Plan, empty_memory, empty_plan
from routing.rotation.times import refresh


class Room:
    """Questions about a search's plan as it stands."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.tables, self.plan = search.tables, search.plan

    def insertion(self, number: int, slot: int) -> int:
        """What one more visit on the slot would cost, TOO_DEAR where it does not fit."""
        search = self.search
        return int(insertion_on(self.tables, self.plan, search.memory, search.weights, number, slot)[0])

    def quota_is_full(self, number: int, slot: int) -> bool:
        """Whether others have used up the quota it would count against."""
        return bool(quota_is_full(self.tables, self.plan, number, slot))

    def fits_alone(self, number: int, slot: int) -> bool:
        """Whether a visit on the slot would fit if nobody else were visited then, with a night away before or
        after where that may be."""
        plan, memory = self._nobody
        found = insertion_on(self.tables, plan, memory, self.search.weights, number, slot)[0]
        return bool(found < t.TOO_DEAR) or any(
            self._fits_between(number, route, begins_at, ends_at)
            for route in range(self.tables.first_route[slot], self.tables.first_route[slot + 1])
            for begins_at, ends_at in self._other_ends(number, route)
        )

    def overflow(self, number: int, run: Run) -> int:
        """Seconds the shift is too short for one more visit, if nothing but its length mattered."""
        setting = self.search.setting
        route = setting.runs.index(run)
        stops, gaps = int(self.plan.figures[route, t.STOPS]), self.plan.gaps[route]
        gaps = gaps[: stops + 1]
        way, back = self.tables.into[number, gaps[:, t.BEFORE]], self.tables.out[number, gaps[:, t.BEHIND]]
        detour = int((way + back - gaps[:, t.DRIVE]).min())
        left = run.with_overtime.ends - int(self.plan.figures[route, t.END])
        return detour + setting.wanted[number].account.service_seconds - left

    @cached_property
    def _nobody(self) -> tuple[Plan, Memory]:
        """A plan without visits and nights, and what is known of it."""
        plan = empty_plan(self.tables, 2)
        for route in range(len(self.tables.route)):
            refresh(self.tables, plan, route)
        return plan, empty_memory(self.tables)

    def _fits_between(self, number: int, route: int, begins_at: int, ends_at: int) -> bool:
        plan, _ = self._nobody
        plan.figures[route, [t.BEGINS_AT, t.ENDS_AT]] = begins_at, ends_at
        refresh(self.tables, plan, route)
        found = insertion(self.tables, plan, self.search.weights, number, route)[0]
        plan.figures[route, [t.BEGINS_AT, t.ENDS_AT]] = self.tables.route[route, [t.START, t.HOME]]
        refresh(self.tables, plan, route)
        return bool(found < t.TOO_DEAR)

    def _other_ends(self, number: int, route: int) -> Iterator[tuple[int, int]]:
        """Where a route may begin and end with nights beside it, near an account."""
        run, rules = self.search.setting.runs[route], self.tables.route[route]
        whose = [n for n, nights in enumerate(self.search.setting.problem.nights) if nights.rep == run.rep]
        beds = self.tables.sleeps[whose, number].tolist()
        begins = [int(rules[t.START]), *(beds if run.may_begin_away else ())]
        ends = [int(rules[t.HOME]), *(beds if run.may_end_away else ())]
        yield from list(product(begins, ends))[1:]
