"""Loading the demo: company, past, ledger, plan, and a day that has begun. In several transactions, as
planning has its own; a demo that is found half loaded is loaded again from the start.

The clock must say the demo's today (``ROUNDS_TODAY`` where that is not the present day).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.database import reading, transaction
from planner.demo import accounting, assortment, company, follow_ups, history_rows, state, wrong
from planner.demo.assortment import FULL, Size
from planner.demo.company import Company
from planner.demo.days import Calendar, instant
from planner.demo.folders import Folders
from planner.demo.logins import DemoLogin
from planner.demo.staff import NETWORK, REPS
from planner.domain.access import Actor, Role
from planner.domain.capture import at_once
from planner.domain.visits import Outcome
from planner.jobs.foreground import plan_rep, publish_version
from planner.models.accounts import Account, ClassRule
from planner.models.people import Person
from planner.services.company import passwords
from planner.services.days import day_routes, visits
from planner.services.days.visits import Report
from routing.geocode import address_file, streets_only
from routing.network import install
from routing.network import load as read_network
from routing.travel import RoadTravel, road_travel

NETWORK_FILE = Path(__file__).with_name(f"{NETWORK}.npz")
FIRST_NOTES = ("Pedido repuesto, entrega mañana antes de las 10.", "Preguntó por la promoción de fin de mes.")
"""Of the visits that are done when the demo is opened."""

Told = Callable[[str, int], None]
"""Told what is being done and how far the whole is, in percent."""


def _nothing() -> None:
    """Nobody compiles beside."""


def load(
    folders: Folders,
    calendar: Calendar,
    logins: Sequence[DemoLogin],
    tell: Told,
    size: Size = FULL,
    wait_for_compiling: Callable[[], None] = _nothing,
) -> None:
    """Replace whatever this demo database holds by a fresh demo for ``calendar.today``."""
    tell("Clearing the table", 0)
    with transaction() as session:
        state.wipe(session)
        state.begin(session, calendar.today)
    tell("Reading the roads", 2)
    network = read_network(NETWORK_FILE)
    install(folders.networks, network)
    streets_only(network, address_file(folders.networks, NETWORK))
    hashes = {login.login: passwords.hashed(login.password) for login in logins}
    tell("Opening shops and living through the past weeks", 5)
    with transaction() as session:
        founded = company.found(session, calendar, network, hashes)
        shops = assortment.open_shops(session, calendar, founded, network, size)
        _past(session, calendar, founded, shops, road_travel(network))
        rep_ids = {login: rep.person_id for login, rep in founded.reps.items()}
        follow_ups.write(session, calendar, rep_ids.values())
        manager = Actor(founded.manager.id, Role.MANAGER)
    for number, name in enumerate(accounting.keep_books(folders, calendar, rep_ids, manager)):
        tell(f"Keeping the books of {name}", 15 + 6 * number)
    tell("Compiling the search, once in an installation", 34)
    wait_for_compiling()
    tell("Planning the coming weeks", 35)
    _plan(folders, calendar, rep_ids, tell)
    tell("Beginning the day", 98)
    with transaction() as session:
        _begin_day(session, calendar, rep_ids)
        people = list(session.scalars(select(Person.id)))
        state.finish(session, calendar.today, people)


def _past(
    session: Session,
    calendar: Calendar,
    founded: Company,
    shops: Mapping[str, list[Account]],
    travel: RoadTravel,
) -> None:
    misfits = wrong.choose(shops, calendar)
    never = {account.id for account in misfits.never_visited}
    rules = {rule.account_class: rule for rule in session.scalars(select(ClassRule))}
    for spec in REPS:
        seen = [account for account in shops[spec.login] if account.id not in never]
        past = history_rows.RepsPast(spec, founded.reps[spec.login], seen, rules, travel, misfits.seldom)
        history_rows.write(session, calendar, past)
    wrong.spoil(session, shops, misfits)
    diego, valentina = founded.reps["diego"], shops["valentina"]
    wrong.hand_over(valentina[1], diego.person_id, calendar.from_on)
    session.flush()


def _plan(folders: Folders, calendar: Calendar, rep_ids: Mapping[str, int], tell: Told) -> None:
    share = 60 / len(rep_ids)
    # Whenever the demo is opened, its day was planned before it began.
    morning = instant(calendar.today, 0)
    for number, (spec, rep_id) in enumerate(zip(REPS, rep_ids.values(), strict=True)):
        base, actor = 35 + number * share, Actor(rep_id, Role.REP)

        def planning(percent: int, _phase: str, base: float = base, name: str = spec.name) -> None:
            tell(f"Planning thirteen weeks for {name}", round(base + percent / 100 * share * 0.7))

        def solving(percent: int, _phase: str, base: float = base, name: str = spec.name) -> None:
            tell(f"Solving the days of {name}", round(base + share * (0.7 + percent / 100 * 0.3)))

        version_id = plan_rep(folders.networks, actor, rep_id, calendar.today, planning)
        publish_version(folders.networks, actor, rep_id, version_id, solving, lambda: morning)
    reading().rollback()


def _begin_day(session: Session, calendar: Calendar, rep_ids: Mapping[str, int]) -> None:
    """The first visits of one day are done, a little later than planned: of the first rep's whose day
    is longer than that, for that is the login people try first."""
    days = [_stops(session, Actor(rep_id, Role.REP), calendar) for rep_id in rep_ids.values()]
    actor, stops = next((day for day in days if len(day[1]) > len(FIRST_NOTES)), days[0])
    rng = random.Random("begun day")
    for (visit_id, begins, leaves), note in zip(stops, FIRST_NOTES, strict=False):
        arrived, left = instant(calendar.today, begins + 120), instant(calendar.today, leaves + 240)
        visits.arrive(session, actor, at_once(arrived, calendar.today), visit_id)
        uid = str(UUID(int=rng.getrandbits(128), version=4))
        report = Report(uid, Outcome.ORDER, note)
        visits.finish(session, actor, at_once(left, calendar.today), visit_id, report)


def _stops(session: Session, actor: Actor, calendar: Calendar) -> tuple[Actor, list[tuple[int, int, int]]]:
    """Whose day, and its stops: visit, when it begins and ends."""
    route = day_routes.of_day(session, actor, actor.user_id, calendar.today)
    stops = route.stops if route else []
    return actor, [(stop.visit_id, stop.begins_seconds, stop.leaves_seconds) for stop in stops]
