"""Exports: what waits for payroll, making a batch of it, the batches there are, and their files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from planner import clock
from planner.database import reading, transaction
from planner.services.company import reps
from planner.services.ledger import export_batches, export_files, export_sheets, presets
from planner.services.ledger.export_batches import WaitingFilter
from planner.web.asked import asked_month
from planner.web.ledger.blueprint import purpose, why_changed
from planner.web.review.batch_words import chosen_months, preset_names
from planner.web.review.blueprint import MOST_QUEUED, claims_seen, review, today_on
from planner.web.review.lists import rep_asked
from planner.web.signin import actor

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@review.get("/exports")
def exports() -> ResponseReturnValue:
    wanted = _wanted()
    waiting = export_batches.waiting(reading(), actor(), today_on(), wanted)
    return render_template(
        "review/exports.html",
        wanted=wanted,
        waiting=waiting,
        most=MOST_QUEUED,
        totals=export_batches.totals(waiting),
        presets=preset_names(),
        reps=reps.choices(reading(), actor(), today_on()),
        batches=export_batches.listed(reading(), actor(), today_on()),
        asked={name: request.args[name] for name in ("from", "to", "rep") if request.args.get(name)},
    )


@review.post("/exports")
def make_export() -> ResponseReturnValue:
    batch_id = export(claims_seen(), request.form.get("preset", ""), _wanted())
    return redirect(url_for("review.batch", batch_id=batch_id))


@review.get("/exports/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    page = export_batches.page(reading(), actor(), today_on(), batch_id)
    return render_template(
        "review/batch.html",
        page=page,
        presets=preset_names(),
        chosen_months=chosen_months(page.batch.wanted),
        totals=export_batches.totals(page.claims),
    )


@review.get("/exports/<int:batch_id>/file")
def batch_file(batch_id: int) -> ResponseReturnValue:
    row, pieces = export_batches.content(reading(), actor(), today_on(), batch_id)
    # Aside, because sending takes as long as the other side likes; the file goes when the answer has gone.
    file = tempfile.SpooledTemporaryFile(max_size=export_files.HELD_BYTES)  # noqa: SIM115
    for piece in pieces:
        file.write(piece)
    file.seek(0)
    name = f"rounds-batch-{row.id}-{row.preset}.csv"
    answer = send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)
    answer.content_length = row.byte_count
    answer.call_on_close(file.close)
    return answer


@review.get("/exports/<int:batch_id>/sheet")
def batch_sheet(batch_id: int) -> ResponseReturnValue:
    row, pieces = export_batches.content(reading(), actor(), today_on(), batch_id)
    file = tempfile.SpooledTemporaryFile(max_size=export_files.HELD_BYTES)  # noqa: SIM115
    export_sheets.write(pieces, file)  # type: ignore[arg-type]
    size = file.tell()
    file.seek(0)
    name = f"rounds-batch-{row.id}-{row.preset}.xlsx"
    answer = send_file(file, mimetype=SHEET, as_attachment=True, download_name=name)
    answer.content_length = size
    answer.call_on_close(file.close)
    return answer


@review.post("/exports/<int:batch_id>/pay")
def pay_batch(batch_id: int) -> ResponseReturnValue:
    with transaction() as session:
        paid = export_batches.pay(session, actor(), clock.now(), today_on(), batch_id)
    flash(ngettext("%(num)s claim marked as paid.", "%(num)s claims marked as paid.", paid), "good")
    return redirect(url_for("review.batch", batch_id=batch_id))


def export(seen: Iterable[tuple[int, int]], preset: str, wanted: WaitingFilter) -> int:
    """Make a batch of the claims seen, as (id, rev); returns its id. The file is written before anything is
    stored, so that others wait only for the storing."""
    columns, who, today = presets.find(preset), actor(), today_on()
    with (
        export_files.prepared(reading(), who, today, seen, columns, purpose, why_changed) as made,
        transaction() as session,
    ):
        batch = export_batches.make(session, who, clock.now(), today, made, wanted.as_kept())
        claims = batch.claim_count
        batch_id = batch.id
    flash(ngettext("%(num)s claim exported.", "%(num)s claims exported.", claims), "good")
    return batch_id


def _wanted() -> WaitingFilter:
    return WaitingFilter(_month("from"), _month("to"), rep_asked())


def _month(name: str) -> date | None:
    found = asked_month(name, date.min)
    return None if found == date.min else found
