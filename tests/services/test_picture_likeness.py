"""The same photo sent in two ways is found; different receipts are not. The figures behind the threshold."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from planner.demo import receipts as demo_receipts
from planner.domain.claims import ClaimAction
from planner.domain.likeness import BITS_APART, SHADES_APART, Look, bits_apart
from planner.domain.review import Flag
from planner.models.ledger import Expense, Receipt
from planner.services.days import photos
from planner.services.days.photos import NewPhotos
from planner.services.ledger import (
    claim_check,
    expense_findings,
    expenses,
    picture_likeness,
    receipt_files,
    receipts,
)
from planner.services.ledger.expense_lines import NewExpense
from planner.services.ledger.receipts import PreparedReceipt
from planner.services.ledger.reviewing import lines, remarks
from tests.conftest import NOW, TODAY
from tests.drawn_receipts import REAL, SMALL, paper, photo, scan, sent, ticket
from tests.services.ledger_world import LedgerWorld, rep, uid

SHOPS = ("Copec Ruta", "El Muelle", "Parking Sur")
WAYS = {"form": (3000, 92), "phone": (2048, 82), "messenger": (1280, 60)}
"""The longest side in pixels and the quality; a phone's as ``static/js/phone/photos.js`` has it."""


def drawn(count: int, size: tuple[int, int]) -> list[Image.Image]:
    """Receipts of some shops, every third one scanned."""
    rng = Random(7)
    flat = [paper(rng, rng.choice(SHOPS), rng.randint(3, 9)) for _ in range(count)]
    return [photo(rng, each, size) if place % 3 else scan(each) for place, each in enumerate(flat)]


@cache
def originals() -> tuple[Image.Image, ...]:
    """As large as those of a camera."""
    return tuple(drawn(6, REAL))


def look(image: Image.Image, way: str = "form") -> Look:
    return receipts.prepare(sent(image, *WAYS[way])).look


def apart(one: Look, other: Look) -> tuple[int, int]:
    """From far, and from near by the field that differs most."""
    near = zip(b64decode(one.shades), b64decode(other.shades), strict=True)
    return bits_apart(one.bits, other.bits), max(abs(first - second) for first, second in near)


def of_shop(number: int) -> Image.Image:
    """Two of one shop: the same lay-out, other items and amounts."""
    return paper(Random(number), "Peaje Norte", 4)


def nearest(looks: Sequence[Look]) -> int:
    return min(bits_apart(one.bits, other.bits) for one, other in combinations(looks, 2))


@pytest.mark.parametrize(("way", "most"), [("phone", (4, 4)), ("messenger", (8, 6))])
def test_the_same_photo_made_smaller_and_encoded_anew_is_alike(way: str, most: tuple[int, int]) -> None:
    found = [apart(look(one), look(one, way)) for one in originals()]
    assert max(bits for bits, _ in found) <= most[0] < BITS_APART
    assert max(shades for _, shades in found) <= most[1] < SHADES_APART


def test_different_receipts_are_not_alike() -> None:
    # Of 7,140 pairs the nearest were 40 bits apart; of 1,770 others, drawn twice as large, 28.
    assert nearest([look(one) for one in drawn(24, SMALL)]) >= 2 * BITS_APART


def test_two_receipts_of_one_shop_are_not_alike() -> None:
    # Of 780 pairs each, the nearest were 24 apart when scanned, 56 when held by hand.
    assert nearest([look(scan(of_shop(number))) for number in range(12)]) >= 2 * BITS_APART
    held = [look(photo(Random(number), of_shop(number))) for number in range(12)]
    assert nearest(held) >= 4 * BITS_APART


def test_tickets_of_one_app_are_told_apart_by_their_digits() -> None:
    found = [apart(one, other) for one, other in combinations([look(ticket(day)) for day in range(1, 16)], 2)]
    assert min(bits for bits, _ in found) < BITS_APART  # from far they are the same
    assert min(shades for _, shades in found) > SHADES_APART


def test_receipts_of_one_merchant_of_the_demo_are_told_apart() -> None:
    looks = [
        receipts.prepare(demo_receipts.picture("El Muelle", TODAY, f"$ {day * 730}", day)).look
        for day in range(1, 16)
    ]
    found = [apart(one, other) for one, other in combinations(looks, 2)]
    assert min(bits for bits, _ in found) < BITS_APART
    assert min(shades for _, shades in found) > SHADES_APART


def test_a_picture_of_one_colour_is_like_nothing() -> None:
    assert look(Image.new("RGB", (400, 300), "teal")) == picture_likeness.NOTHING


@pytest.fixture
def world(session: Session) -> LedgerWorld:
    return LedgerWorld(session)


@cache
def prepared(way: str, number: int = 1) -> PreparedReceipt:
    return receipts.prepare(sent(originals()[number], *WAYS[way]))


def kept(world: LedgerWorld, folder: Path, way: str, number: int = 1) -> int:
    return receipts.keep(world.session, rep(world.ana), NOW, folder, prepared(way, number)).id


def arrived(world: LedgerWorld, folder: Path, way: str) -> int:
    """As a phone sends it, after its expense."""
    receipt_id = receipts.expected(world.session, rep(world.ana), NOW, "a" * 64)
    receipts.write(folder, "a" * 64, prepared(way))
    receipts.arrived(world.session, rep(world.ana), NOW, "a" * 64, prepared(way))
    return receipt_id


def asked(world: LedgerWorld, row: Expense) -> dict[Flag, object]:
    return {each.flag: each.values["other_on"] for each in expense_findings.of_one(world.session, row)}


@pytest.mark.both_databases
def test_the_same_receipt_by_form_and_by_phone_is_asked_about_on_both(
    world: LedgerWorld, tmp_path: Path
) -> None:
    before = TODAY - timedelta(days=40)
    form = world.expense(1500, on=before, receipt_id=kept(world, tmp_path, "form"))
    phone = world.expense(2500, receipt_id=arrived(world, tmp_path, "phone"))
    other = world.expense(3500, receipt_id=kept(world, tmp_path, "form", 4))
    assert asked(world, form) == {Flag.ALIKE_RECEIPT: TODAY}
    assert asked(world, phone) == {Flag.ALIKE_RECEIPT: before}
    assert asked(world, other) == {}


@pytest.mark.parametrize(("days", "found"), [(62, True), (63, False)])
def test_only_pictures_of_the_months_beside_are_compared(
    world: LedgerWorld, tmp_path: Path, days: int, found: bool
) -> None:
    world.expense(1500, on=TODAY - timedelta(days=days), receipt_id=kept(world, tmp_path, "form"))
    phone = world.expense(2500, receipt_id=kept(world, tmp_path, "phone"))
    assert (Flag.ALIKE_RECEIPT in asked(world, phone)) is found


def test_of_somebody_else_and_of_what_was_reversed_nothing_is_asked(
    world: LedgerWorld, tmp_path: Path
) -> None:
    form, phone = kept(world, tmp_path, "form"), kept(world, tmp_path, "phone")
    gone = world.expense(1500, receipt_id=form)
    mine = world.expense(2500, receipt_id=phone)
    assert Flag.ALIKE_RECEIPT in asked(world, mine)
    expenses.void(world.session, rep(world.ana), NOW, TODAY, gone.id, uid(), "Entered twice")
    bruno = rep(world.company.bruno)
    theirs = NewExpense(uid(), TODAY, mine.category, 700, "CLP", receipt_id=form)
    expenses.add(world.session, bruno, NOW, TODAY, theirs)
    assert asked(world, mine) == {}


def test_the_very_same_picture_is_asked_about_once(world: LedgerWorld, tmp_path: Path) -> None:
    form = kept(world, tmp_path, "form")
    first, _second = world.expense(1500, receipt_id=form), world.expense(2500, receipt_id=form)
    assert set(asked(world, first)) == {Flag.SAME_RECEIPT}


def test_the_rep_is_asked_first(world: LedgerWorld, tmp_path: Path) -> None:
    for way in ("form", "phone"):
        world.expense(1500 if way == "form" else 2500, receipt_id=kept(world, tmp_path, way))
    row = world.step(world.ana, ClaimAction.SUBMIT)

    def seen(days: int) -> lines.Reviewed:
        (checked,) = claim_check.check(world.session, [row])
        talk = remarks.talks(world.session, [row.id]).get(row.id)
        return lines.reviewed(checked, talk, NOW + timedelta(days=days))

    assert (len(seen(0).asked_of_rep), len(seen(0).with_rep), seen(0).flags) == (2, 2, {})
    assert seen(4).flags == {Flag.ALIKE_RECEIPT: 2}


def test_pictures_from_before_are_looked_at_once(world: LedgerWorld, tmp_path: Path) -> None:
    session = world.session
    whole, broken, lost = (kept(world, tmp_path, "form", number) for number in (1, 2, 4))
    still = receipts.expected(session, rep(world.ana), NOW, "b" * 64)
    of_visit = kept(world, tmp_path, "form", 3)
    for receipt_id in (whole, broken, lost, still):
        world.expense(receipt_id=receipt_id)
    told = prepared("form", 1).look
    names = {row.id: row.sha256 for row in session.scalars(select(Receipt))}
    session.execute(update(Receipt).values(likeness=None, shades=None))
    receipt_files.picture(tmp_path, names[broken]).write_bytes(b"no picture")
    receipt_files.picture(tmp_path, names[lost]).unlink()
    pictures = picture_likeness.unseen(session, 0, 10)
    assert [picture_id for picture_id, _ in pictures] == [whole, broken, lost]
    found = picture_likeness.look_at(tmp_path, pictures)
    assert picture_likeness.keep(session, found) == 2
    session.expire_all()
    left = session.scalars(select(Receipt.id).where(Receipt.likeness.is_(None))).all()
    assert left == [lost, still, of_visit]
    assert session.get_one(Receipt, broken).likeness == ""
    row = session.get_one(Receipt, whole)
    assert "shades" in inspect(row).unloaded  # large, and not needed where a receipt is shown
    bits, shades = apart(Look(row.likeness or "", row.shades or ""), told)
    assert (bits <= 4, shades <= 4) == (True, True)


def has_look(world: LedgerWorld, picture_id: int) -> bool:
    world.session.expire_all()
    row = world.session.get_one(Receipt, picture_id)
    return row.likeness is not None and row.shades is not None


def named_by_a_visit(world: LedgerWorld, picture_id: int) -> None:
    visit = world.visit(9)
    photos.add(world.session, rep(world.ana), NOW, NewPhotos(visit.account_id, visit.id, [picture_id], NOW))


def test_of_a_photo_of_a_visit_it_is_not_kept_what_it_looks_like(world: LedgerWorld, tmp_path: Path) -> None:
    sent_now = sent(originals()[2], *WAYS["form"])
    of_form = receipts.prepare(sent_now, is_receipt=False)
    ana = rep(world.ana)
    assert not has_look(world, receipts.keep(world.session, ana, NOW, tmp_path, of_form).id)
    # The phone's comes after its visit's.
    later = receipts.expected(world.session, ana, NOW, "c" * 64)
    named_by_a_visit(world, later)
    receipts.arrived(world.session, ana, NOW, "c" * 64, prepared("phone"))
    assert not has_look(world, later)
    # The same picture of a receipt is compared, and keeps that when it is sent for a visit too.
    assert has_look(world, receipts.keep(world.session, ana, NOW, tmp_path, receipts.prepare(sent_now)).id)
    assert has_look(world, receipts.keep(world.session, ana, NOW, tmp_path, of_form).id)


def test_what_photos_of_visits_look_like_is_forgotten_and_that_of_receipts_is_not(
    world: LedgerWorld, tmp_path: Path
) -> None:
    early, both, unnamed = (kept(world, tmp_path, "form", number) for number in (1, 2, 3))
    for picture_id in (early, both):
        named_by_a_visit(world, picture_id)
    world.expense(receipt_id=both)
    assert picture_likeness.forget(world.session, 10) == 1
    assert picture_likeness.forget(world.session, 10) == 0
    assert [has_look(world, each) for each in (early, both, unnamed)] == [False, True, True]


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_picture_with_a_damaged_size_looks_like_nothing(tmp_path: Path, side: int) -> None:
    data, file = bytearray(prepared("form").picture), tmp_path / "a.jpg"
    height = next(data.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in data) + 5
    data[height : height + 4] = side.to_bytes(2) * 2
    file.write_bytes(data)
    assert picture_likeness.of_file(file) == picture_likeness.NOTHING
