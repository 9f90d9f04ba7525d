"""Every route × method × role × whose object, against a table written by hand.

All objects belong to Ana, a rep in ``norte``. Marta manages ``norte``; Bruno is a rep and Sergio the manager
in ``sur``; the admin sees all. What one may not do with one's role is 403, what is another's is 404.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from planner.database import Base, db
from planner.domain.access import Actor, Role
from planner.domain.expense_policy import Basis
from planner.domain.expenses import ExpenseCategory
from planner.domain.mileage_rates import VehicleKind
from planner.domain.per_diem import PerDiemKind
from planner.domain.visits import VisitState
from planner.domain.working_week import AbsenceKind
from planner.models.accounts import ImportRun
from planner.models.exports import ExportBatch, ExportClaim
from planner.models.follow_ups import FollowUp
from planner.models.ledger import MileageRate
from planner.models.logins import LoginSession
from planner.models.nights import PlannedNight
from planner.models.people import Absence, Overtime
from planner.models.periods import PeriodLock
from planner.models.photos import VisitPhoto
from planner.models.runs import PlanningRun, RunState
from planner.models.schedule import AppliedRepair, ScheduleVersion, VersionState
from planner.models.territories import Membership
from planner.models.vehicles import Vehicle
from planner.models.visits import DayChange
from planner.services.digests import sha256
from planner.services.ledger import exchange_rates, expense_policy, per_diem_rates, receipts
from planner.services.ledger.exchange_rates import NewExchange
from planner.services.ledger.expense_policy import NewRule
from planner.services.ledger.per_diem_rates import NewPerDiem
from routing.maps import FORM
from routing.network import current
from tests.conftest import NOW, TODAY
from tests.roads import install_into
from tests.services.ledger_world import LedgerWorld
from tests.world import LA_SERENA

PEOPLE = ("stranger", "ana", "bruno", "marta", "sergio", "admin")

TABLE = """
# endpoint method             stranger ana bruno marta sergio admin
static GET                     ok     ok   ok   ok   ok   ok
vendor.file GET                ok     ok   ok   ok   ok   ok
modules.module GET             ok     ok   ok   ok   ok   ok
phone.worker GET               ok     ok   ok   ok   ok   ok
phone.manifest GET             ok     ok   ok   ok   ok   ok
phone.icon GET                 ok     ok   ok   ok   ok   ok
phone.favicon GET              ok     ok   ok   ok   ok   ok
phone.outbox GET               login  ok   ok   403  403  403
health.alive GET               ok     ok   ok   ok   ok   ok
home.index GET                 login  ok   ok   ok   ok   ok
maps.streets GET               login  ok   ok   ok   ok   ok
places.find POST               login  ok   ok   ok   ok   ok
maps.cell GET                  login  ok   ok   ok   ok   ok

auth.login GET                 ok     ok   ok   ok   ok   ok
auth.login POST                ok     ok   ok   ok   ok   ok
auth.logout POST               login  login login login login login
auth.invitation GET            404    404  404  404  404  404
auth.invitation POST           404    404  404  404  404  404
auth.first_admin GET           404    404  404  404  404  404
auth.first_admin POST          404    404  404  404  404  404
profile.index GET              login  ok   ok   ok   ok   ok
profile.index POST             login  ok   ok   ok   ok   ok
profile.password GET           login  ok   ok   ok   ok   ok
profile.password POST          login  ok   ok   ok   ok   ok
profile.data GET               login  ok   ok   ok   ok   ok
profile.sign_out_device POST   login  ok   404  404  404  404

api.session GET                401    ok   ok   ok   ok   ok
api.sync POST                  401    ok   ok   403  403  403
api.photo PUT                  401    422  422  403  403  403
photos.photo GET               login  ok   404  ok   404  ok

today.index GET                login  ok   ok   403  403  403
today.day GET                  login  ok   ok   403  403  403
today.pack GET                 login  ok   ok   403  403  403
today.map_page GET             login  ok   ok   403  403  403
today.map_script GET           login  ok   ok   403  403  403
today.gpx_file GET             login  404  404  403  403  403
today.ics_file GET             login  404  404  403  403  403
today.put_in_order POST        login  ok   ok   403  403  403
today.replan POST              login  ok   ok   403  403  403
today.choose_goal POST         login  ok   ok   403  403  403
today.take_back POST           login  ok   404  403  403  403
today.mend GET                 login  ok   ok   403  403  403
today.take_way POST            login  ok   ok   403  403  403
today.teach GET                login  ok   404  403  403  403
today.learn POST               login  ok   404  403  403  403
today.order GET                login  ok   ok   403  403  403
today.order POST               login  ok   ok   403  403  403
today.near GET                 login  ok   ok   403  403  403
today.near POST                login  ok   ok   403  403  403
today.add_near POST            login  ok   404  403  403  403
today.add GET                  login  ok   ok   403  403  403
today.add POST                 login  ok   404  403  403  403
today.close GET                login  ok   ok   403  403  403
today.close POST               login  ok   ok   403  403  403
today.choose_night POST        login  ok   404  403  403  403
today.stop GET                 login  ok   404  403  403  403
today.arrive POST              login  ok   404  403  403  403
today.add_note POST            login  ok   404  403  403  403
today.report GET               login  ok   404  403  403  403
today.report POST              login  ok   404  403  403  403
today.not_held GET             login  ok   404  403  403  403
today.not_held POST            login  ok   404  403  403  403
today.leave POST               login  ok   404  403  403  403
today.undo POST                login  ok   404  403  403  403

schedule.index GET             login  ok   404  ok   404  ok
schedule.day GET               login  ok   404  ok   404  ok
schedule.due GET               login  ok   404  ok   404  ok
schedule.plan POST             login  ok   404  ok   404  ok
schedule.put_in_order POST     login  ok   404  ok   404  ok
schedule.run GET               login  ok   404  ok   404  ok
schedule.run_state GET         login  ok   404  ok   404  ok
schedule.cancel_run POST       login  ok   404  ok   404  ok
schedule.version GET           login  ok   404  ok   404  ok
schedule.publish POST          login  ok   404  ok   404  ok
schedule.undo POST             login  ok   404  ok   404  ok
schedule.agree GET             login  ok   404  ok   404  ok
schedule.agree POST            login  ok   404  ok   404  ok
schedule.find GET              login  ok   404  ok   404  ok
schedule.why GET               login  ok   404  ok   404  ok
schedule.help GET              login  ok   404  ok   404  ok
schedule.repair POST           login  ok   404  ok   404  ok
schedule.repaired GET          login  ok   404  ok   404  ok
schedule.take_back POST        login  ok   404  ok   404  ok
schedule.choices GET           login  ok   404  ok   404  ok
schedule.drop POST             login  ok   404  ok   404  ok
schedule.put_back POST         login  ok   404  ok   404  ok
schedule.savings GET           login  ok   404  ok   404  ok
schedule.cost GET              login  ok   404  ok   404  ok
schedule.rule GET              login  ok   404  ok   404  ok
schedule.ask_rule POST         login  ok   404  ok   404  ok
schedule.settings GET          login  ok   404  ok   404  ok
schedule.keep_settings POST    login  ok   404  ok   404  ok
schedule.keep_goal POST        login  ok   404  ok   404  ok
schedule.ask_curve POST        login  ok   404  ok   404  ok
schedule.take_overtime_back POST login  ok   404  ok   404  ok
schedule.put_overtime_back POST login  ok   404  ok   404  ok
schedule.pin POST              login  ok   404  ok   404  ok
schedule.move POST             login  ok   404  ok   404  ok
schedule.call_off POST         login  ok   404  ok   404  ok

accounts.index GET             login  ok   ok   ok   ok   ok
accounts.map GET               login  ok   ok   ok   ok   ok
accounts.map_script GET        login  ok   ok   ok   ok   ok
accounts.pin_script GET        login  ok   ok   ok   ok   ok
accounts.check GET             login  ok   ok   ok   ok   ok
accounts.new GET               login  ok   ok   ok   ok   ok
accounts.new POST              login  ok   ok   ok   ok   ok
accounts.detail GET            login  ok   404  ok   404  ok
follow_ups.index GET           login  ok   ok   ok   ok   ok
follow_ups.of_account GET      login  ok   404  ok   404  ok
follow_ups.of_account POST     login  ok   404  ok   404  ok
follow_ups.move POST           login  ok   404  ok   404  ok
follow_ups.file GET            login  ok   ok   ok   ok   ok
follow_ups.give POST           login  ok   ok   ok   ok   ok
follow_ups.put_off POST        login  ok   404  ok   404  ok
follow_ups.put_back POST       login  ok   404  ok   404  ok
accounts.edit GET              login  ok   404  ok   404  ok
accounts.edit POST             login  ok   404  ok   404  ok
accounts.archive POST          login  ok   404  ok   404  ok
accounts.unarchive POST        login  ok   404  ok   404  ok
accounts.assign POST           login  403  403  ok   404  ok

imports.index GET              login  403  403  ok   ok   ok
imports.template GET           login  403  403  ok   ok   ok
imports.upload POST            login  403  403  ok   ok   ok
imports.columns GET            login  403  403  404  404  404
imports.columns POST           login  403  403  404  404  404
imports.preview GET            login  403  403  404  404  404
imports.confirm POST           login  403  403  404  404  404
imports.discard POST           login  403  403  404  404  404
imports.run GET                login  403  403  ok   404  ok
imports.undo POST              login  403  403  ok   404  ok
rules.index GET                login  403  403  ok   ok   ok
rules.save POST                login  403  403  403  403  ok
rates.index GET                login  403  403  403  403  ok
rates.index POST               login  403  403  403  403  ok
rates.remove POST              login  403  403  403  403  ok
terms.policy GET               login  403  403  403  403  ok
terms.policy POST              login  403  403  403  403  ok
terms.remove_policy POST       login  403  403  403  403  ok
terms.exchange GET             login  403  403  403  403  ok
terms.exchange POST            login  403  403  403  403  ok
terms.remove_exchange POST     login  403  403  403  403  ok
terms.per_diem GET             login  403  403  403  403  ok
terms.per_diem POST            login  403  403  403  403  ok
terms.confirm_per_diem POST    login  403  403  403  403  ok
terms.remove_per_diem POST     login  403  403  403  403  ok
terms.take_per_diems POST      login  403  403  403  403  ok
approval_limits.index GET      login  403  403  403  403  ok
approval_limits.index POST     login  403  403  403  403  ok
rates.confirm POST             login  403  403  403  403  ok
rates.take POST                login  403  403  403  403  ok

ledger.index GET               login  ok   ok   403  403  403
ledger.new_trip GET            login  ok   ok   403  403  403
ledger.new_trip POST           login  ok   ok   403  403  403
ledger.official GET            login  ok   ok   403  403  403
ledger.official_file GET       login  ok   ok   403  403  403
ledger.odometer GET            login  ok   ok   403  403  403
ledger.odometer POST           login  ok   ok   403  403  403
ledger.change_vehicle POST     login  ok   ok   403  403  403
ledger.take_back_vehicle POST  login  ok   404  403  403  403
ledger.adjustments GET         login  ok   ok   403  403  403
ledger.book_adjustments POST   login  ok   ok   403  403  403
ledger.new_expense GET         login  ok   ok   403  403  403
ledger.new_expense POST        login  ok   ok   403  403  403
ledger.trip GET                login  ok   404  403  403  403
ledger.correct_trip POST       login  ok   404  403  403  403
ledger.reverse_trip POST       login  ok   404  403  403  403
ledger.expense GET             login  ok   404  403  403  403
ledger.correct_expense GET     login  ok   404  403  403  403
ledger.correct_expense POST    login  ok   404  403  403  403
ledger.reverse_expense POST    login  ok   404  403  403  403
ledger.receipt GET             login  ok   404  403  403  403
ledger.claim_per_diem POST     login  ok   ok   403  403  403
ledger.claim GET               login  ok   404  403  403  403
ledger.submit POST             login  ok   404  403  403  403
ledger.answer POST             login  ok   404  403  403  403
ledger.withdraw POST           login  ok   404  403  403  403

review.index GET               login  403  403  ok   ok   ok
review.all_claims GET          login  403  403  ok   ok   ok
review.claims_file GET         login  403  403  ok   ok   ok
review.adjustments GET         login  403  403  ok   ok   ok
review.book_adjustments POST   login  403  403  ok   404  ok
review.official GET            login  403  403  ok   404  ok
review.official_file GET       login  403  403  ok   404  ok
review.trips GET               login  403  403  ok   ok   ok
review.trips_file GET          login  403  403  ok   ok   ok
review.expenses GET            login  403  403  ok   ok   ok
review.expenses_file GET       login  403  403  ok   ok   ok
review.approve_clean POST      login  403  403  ok   ok   ok
review.take_back POST          login  403  403  ok   ok   ok
review.claim GET               login  403  403  ok   404  ok
review.decide POST             login  403  403  ok   404  ok
review.line GET                login  403  403  ok   404  ok
review.line_map GET            login  403  403  ok   404  ok
review.say POST                login  403  403  ok   404  ok
review.reverse POST            login  403  403  ok   404  ok
review.receipt GET             login  403  403  ok   404  ok
review.exports GET             login  403  403  ok   ok   ok
review.make_export POST        login  403  403  ok   ok   ok
review.batch GET               login  403  403  ok   404  ok
review.batch_file GET          login  403  403  ok   404  ok
review.batch_sheet GET         login  403  403  ok   404  ok
review.pay_batch POST          login  403  403  ok   404  ok
review.months GET              login  403  403  ok   ok   ok
review.months POST             login  403  403  ok   ok   ok
review.open_month POST         login  403  403  ok   404  ok

team.today GET                 login  403  403  ok   ok   ok
team.day GET                   login  403  403  ok   ok   ok
team.cover GET                 login  403  403  ok   404  ok
team.ask_cover POST            login  403  403  ok   404  ok
team.apply_cover POST          login  403  403  ok   404  ok
team.undo_cover POST           login  403  403  ok   404  ok
team.coverage GET              login  403  403  ok   ok   ok
team.notes GET                 login  403  403  ok   ok   ok

admin.index GET                login  403  403  403  403  ok
admin.people GET               login  403  403  403  403  ok
admin.new_person GET           login  403  403  403  403  ok
admin.new_person POST          login  403  403  403  403  ok
admin.person GET               login  403  403  403  403  ok
admin.person POST              login  403  403  403  403  ok
admin.data GET                 login  403  403  403  403  ok
admin.invite POST              login  403  403  403  403  ok
admin.deactivate POST          login  403  403  403  403  ok
admin.activate POST            login  403  403  403  403  ok
admin.erasure GET              login  403  403  403  403  ok
admin.erasure POST             login  403  403  403  403  ok
admin.take_erasure_back POST   login  403  403  403  403  ok
admin.retention GET            login  403  403  403  403  ok
admin.retention POST           login  403  403  403  403  ok
admin.add_membership POST      login  403  403  403  403  ok
admin.end_membership POST      login  403  403  403  403  ok
admin.road_side GET            login  403  403  403  403  ok
admin.road_side POST           login  403  403  403  403  ok
admin.home_map_script GET      login  403  403  403  403  ok
admin.add_absence POST         login  403  403  403  403  ok
admin.remove_absence POST      login  403  403  403  403  ok
admin.driven_before_rounds GET   login  403  403  403  403  ok
admin.driven_before_rounds POST  login  403  403  403  403  ok
admin.remove_driven_before POST  login  403  403  403  403  404
admin.territories GET          login  403  403  403  403  ok
admin.new_territory GET        login  403  403  403  403  ok
admin.new_territory POST       login  403  403  403  403  ok
admin.territory GET            login  403  403  403  403  ok
admin.territory POST           login  403  403  403  403  ok
admin.roads GET                login  403  403  403  403  ok
admin.settings GET             login  403  403  403  403  ok
admin.settings POST            login  403  403  403  403  ok
admin.calibration GET          login  403  403  403  403  ok
admin.calibrate POST           login  403  403  403  403  ok
admin.uncalibrate POST         login  403  403  403  403  ok
admin.audit_log GET            login  403  403  403  403  ok
"""
"""``ok``: the door is open; the answer may still be that the form is empty (400) or too late (409)."""

OPEN = frozenset({200, 302, 303, 400, 409})
READING, SENDING = frozenset({"GET"}), frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Case:
    endpoint: str
    method: str
    expected: dict[str, str]


def cases() -> list[Case]:
    lines = [line.split() for line in TABLE.splitlines() if line and line[0] != "#"]
    return [Case(line[0], line[1], dict(zip(PEOPLE, line[2:], strict=True))) for line in lines]


@dataclass
class Place:
    """The application on a world that is put back before each case."""

    app: Flask
    folder: Path
    people: dict[str, int]
    values: dict[str, object]

    def restore(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for leftover in self.folder.glob("test.sqlite*"):
            leftover.unlink()
        shutil.copyfile(self.folder / "pristine", self.folder / "test.sqlite")

    def client(self, who: str) -> FlaskClient:
        client = self.app.test_client()
        if who != "stranger":
            with client.session_transaction() as cookie:
                cookie["_user_id"] = f"token of {who}"
        return client


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("matrix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_TODAY", TODAY.isoformat())
        app = create_app(
            {
                "TESTING": True,
                "INSTANCE_FOLDER": str(folder),
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'test.sqlite'}",
                "WTF_CSRF_ENABLED": False,
                "PROPAGATE_EXCEPTIONS": False,
            }
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            install_into(Path(app.config["NETWORKS_FOLDER"]))
            people, values = furnish(db.session, Path(app.config["NETWORKS_FOLDER"]), folder / "receipts")  # type: ignore[arg-type]
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        shutil.copyfile(folder / "test.sqlite", folder / "pristine")
        yield Place(app, folder, people, values)
        with app.app_context():
            db.engine.dispose()


def dated_terms(session: Session) -> dict[str, int]:
    """What expenses are judged and reckoned by, one row each."""
    since = date(2025, 1, 1)
    meals = NewRule((ExpenseCategory.MEAL,), "EUR", since, None, Basis.ITEM, None)
    (rule,) = expense_policy.add(session, None, NOW, meals)
    dollars = NewExchange("USD", "EUR", since, Decimal("0.9"), "Bank")
    exchange = exchange_rates.add(session, None, NOW, dollars)
    days = NewPerDiem("FR", PerDiemKind.HOURS, 600, since, 1000, "EUR", "Firm")
    per_diem = per_diem_rates.add(session, None, NOW, days)
    return {"rule_id": rule.id, "exchange_id": exchange.id, "per_diem_id": per_diem.id}


def furnish(session: Session, networks: Path, pictures: Path) -> tuple[dict[str, int], dict[str, object]]:
    """Ana's objects of every kind, and a signed-in device for everybody."""
    world = LedgerWorld(session, networks)
    company = world.company
    ana = company.ana
    account = company.account(ana)
    done = world.visit(14, account=account)
    world.close()
    ahead = world.visit(None, TODAY + timedelta(days=1), VisitState.PLANNED, account)
    png = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(png, "PNG")
    actor = Actor(ana.id, Role.REP)
    receipt = receipts.keep(session, actor, NOW, pictures, receipts.prepare(png.getvalue()))
    expense = world.expense(receipt_id=receipt.id)
    run = PlanningRun(
        rep_id=ana.id, dedupe_key="x", state=RunState.DONE, from_on=TODAY, seed=1, requested_at=NOW
    )
    version = version_of(ana.id)
    absence = Absence(rep_id=ana.id, kind=AbsenceKind.LEAVE, from_on=TODAY + timedelta(days=30))
    absence.until_on = absence.from_on + timedelta(days=2)
    imported = ImportRun(file_name="a.csv", file_sha256="0" * 64, mapping={}, imported_by=company.marta.id)
    imported.imported_at = NOW
    repair = AppliedRepair(rep_id=ana.id, account_id=account.id, kind="room", on=ahead.on, applied_at=NOW)
    repair.offer = {"seconds": 0, "amount": 0, "to_on": None}
    repair.before = {"visit": {"visit_id": ahead.id, "rev": ahead.rev}}
    overtime = Overtime(rep_id=ana.id, on=TODAY, seconds=1800)
    night = PlannedNight(rep_id=ana.id, on=TODAY, account_id=account.id, name=account.name)
    night.lat, night.lon = LA_SERENA
    change = DayChange(rep_id=ana.id, on=TODAY, kind="replanned", route_rev=None, made_at=NOW)
    change.told, change.before = {"home": 0, "from_position": False}, {"route": None}
    share = DayChange(rep_id=ana.id, on=TODAY, kind="shared_out", route_rev=None, made_at=NOW)
    share.told, share.before = {"taken": [], "left": []}, {"shared": []}
    session.add(
        Vehicle(rep_id=ana.id, from_on=TODAY + timedelta(days=1), kind=VehicleKind.CAR, label="KX-42")
    )
    photo = VisitPhoto(account_id=account.id, visit_id=done.id, receipt_id=receipt.id, author_id=ana.id)
    photo.captured_at = photo.received_at = NOW
    follow_up = FollowUp(uid="f", account_id=account.id, author_id=ana.id, text="Call", made_at=NOW)
    session.add(follow_up)
    session.flush()
    lock = PeriodLock(territory_id=company.norte.id, from_on=date(2026, 1, 1), until_on=date(2026, 2, 1))
    lock.locked_at, lock.locked_by, lock.lock_reason = NOW, company.marta.id, "Paid"
    session.add_all([lock, run, version, absence, imported, repair, overtime, night, change, share, photo])
    session.flush()
    batch = ExportBatch(made_by=company.marta.id, made_at=NOW, preset="payroll", wanted={}, sha256="0" * 64)
    batch.claim_count = batch.line_count = 1
    batch.piece_count = batch.byte_count = 0
    session.add(batch)
    session.flush()
    session.add(ExportClaim(batch_id=batch.id, position=1, claim_id=world.claim().id))
    session.flush()
    people = {name: getattr(company, name).id for name in PEOPLE[1:]}
    devices = {name: sign_in(session, name, person_id) for name, person_id in people.items()}
    values: dict[str, object] = {
        "account_id": account.id,
        "visit_id": ahead.id,
        "done_id": done.id,
        "trip_id": world.trips()[0].id,
        "expense_id": expense.id,
        "claim_id": world.claim().id,
        "key": TODAY.isoformat(),
        "act": "look",
        "run_id": run.id,
        "import_id": imported.id,
        "version_id": version.id,
        "repair_id": repair.id,
        "change_id": change.id,
        "follow_up_id": follow_up.id,
        "quick": "tomorrow",
        "state": "done",
        "share_id": share.id,
        "rep_id": ana.id,
        "rule": "length",
        "absence_id": absence.id,
        "batch_id": batch.id,
        "lock_id": lock.id,
        "rate_id": session.scalar(select(MileageRate.id)),
        **dated_terms(session),
        "membership_id": session.scalar(select(Membership.id).where(Membership.person_id == ana.id)),
        "person_id": ana.id,
        "territory_id": company.norte.id,
        "session_id": devices["ana"],
        "network": "la-serena-coquimbo",
        "version": current(networks, "la-serena-coquimbo").version,
        "drawing": FORM,
        "z": 12,
        "x": 1237,
        "y": 2404,
        "on": TODAY,
        "how": "skipped",
        "where": "home",
        "form": "csv",
        "file_kind": "pdf",
        "action": "approve",
        "token": "guess",
        "number": "A",
        "letter": "A",
        "country": "GB",
        "since": TODAY + timedelta(days=1),
        "account_class": "A",
        "filename": "css/app.css",
        "sha256": "0" * 64,
        "photo_id": photo.id,
        "name": "leaflet.js",
        "script": "today.js",
        "which": "192",
    }
    return people, values


def version_of(rep_id: int) -> ScheduleVersion:
    version = ScheduleVersion(
        rep_id=rep_id, state=VersionState.PROPOSED, from_on=TODAY, seed=1, created_at=NOW
    )
    version.until_on = TODAY + timedelta(days=91)
    version.published_until_on = TODAY + timedelta(days=28)
    version.network_version = "0" * 64
    version.driving_seconds = version.driving_metres = version.cost_seconds = 0
    return version


def sign_in(session: Session, name: str, person_id: int) -> int:
    """A session row whose token is known to the test; returns its id."""
    row = LoginSession(token_sha256=sha256(f"token of {name}"), person_id=person_id, device="test")
    row.created_at = row.last_seen_at = NOW
    row.expires_at = NOW + timedelta(days=30)
    session.add(row)
    session.flush()
    return row.id


def address(place: Place, endpoint: str) -> str:
    rule = next(rule for rule in place.app.url_map.iter_rules() if rule.endpoint == endpoint)
    values = {name: place.values[name] for name in rule.arguments if name in place.values}
    missing = rule.arguments - values.keys()
    if endpoint.startswith("imports.") and "run_id" in values:
        values["run_id"] = place.values["import_id"]
    assert not missing, f"{endpoint}: say in furnish() what {missing} of Ana's is"
    if endpoint.startswith("schedule.") and not rule.arguments - {"on"}:
        values["rep"] = place.people["ana"]
    if endpoint.startswith("review.official"):
        values["rep"] = place.people["ana"]
    with place.app.test_request_context():
        return place.app.url_for(endpoint, **values)


def seen(status: int, location: str | None) -> str:
    if status == 302 and (location or "").startswith("/login"):
        return "login"
    return "ok" if status in OPEN else str(status)


def test_the_table_names_every_route_and_method_and_no_other(place: Place) -> None:
    there = {
        f"{rule.endpoint} {method}"
        for rule in place.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in READING | SENDING
    }
    table = {f"{case.endpoint} {case.method}" for case in cases()}
    assert sorted(there - table) == [], "write a line for each of these"
    assert sorted(table - there) == [], "these are gone"


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.endpoint}-{case.method}")
def test_who_may(place: Place, case: Case) -> None:
    place.restore()
    path = address(place, case.endpoint)
    found = {}
    for who in sorted(PEOPLE, key=lambda name: case.expected[name] == "ok"):
        # An open door may change things: who is refused asks first, who is let in finds all as it was.
        if case.expected[who] == "ok" and case.method in SENDING:
            place.restore()
        answer = place.client(who).open(path, method=case.method)
        found[who] = seen(answer.status_code, answer.location)
        answer.close()
    assert found == case.expected
