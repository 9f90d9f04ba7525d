"""From a file to a preview: nothing is written to the accounts before the confirmation."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Conflict, Invalid
from planner.domain.import_columns import Column, check_mapping, recognised
from planner.services.accounts import account_choices
from planner.services.importing import import_plan, import_store
from planner.services.importing import imports as imports_service
from planner.services.importing.import_files import Table, read_table
from planner.services.importing.import_lines import FIELDS
from planner.services.importing.import_pins import PinBook, read_book
from planner.services.importing.import_plan import ImportPlan
from planner.services.importing.import_store import Kept
from planner.web.errors import sentence
from planner.web.imports import pins
from planner.web.imports.blueprint import folder, imports, today
from planner.web.installed import networks_folder
from planner.web.signin import actor, signed_in
from planner.web.words import word

SHOWN = 50
SAMPLE_LINES = 3
EXAMPLE = {
    Column.EXTERNAL_ID: "1001",
    Column.NAME: "Almacén Sol",
    Column.KIND: "account",
    Column.ACCOUNT_CLASS: "B",
    Column.LAT: "-29.9045",
    Column.LON: "-71.2489",
    Column.CADENCE: "4 weeks",
    Column.VISIT_MINUTES: "30",
    Column.HOURS: "Mo-Fr 09:00-13:00,15:00-18:00; Sa 10:00-13:00",
    Column.TAGS: "wine|keys",
}


@imports.get("")
def index() -> ResponseReturnValue:
    history = imports_service.history(reading(), actor())
    return render_template("imports/index.html", history=history)


@imports.get("/template.csv")
def template() -> ResponseReturnValue:
    """The headings we know best, and one line to show what goes where."""
    lines = (
        ",".join(column.value for column in Column),
        ",".join(f'"{text}"' if "," in text else text for text in (EXAMPLE.get(c, "") for c in Column)),
    )
    headers = {"Content-Disposition": "attachment; filename=accounts.csv"}
    return Response("\ufeff" + "\r\n".join(lines) + "\r\n", mimetype="text/csv", headers=headers)


@imports.post("")
def upload() -> ResponseReturnValue:
    """Keep the file. Where its headings tell everything needed the preview follows, else the columns."""
    sent = request.files.get("file")
    try:
        content = sent.read() if sent else b""
        table = read_table(content)
    except Invalid as error:
        flash(sentence(error), "bad")
        return redirect(url_for("imports.index"))
    mapping = recognised(table.headings)
    name = (sent.filename if sent else "") or "accounts"
    kept = import_store.keep(folder(), signed_in().person_id, clock.now(), name, content, mapping)
    is_plain = Column.NAME in mapping and not _mapping_problem(kept, table)
    return redirect(url_for("imports.preview" if is_plain else "imports.columns", token=kept.token))


@imports.route("/<token>/columns", methods=["GET", "POST"])
def columns(token: str) -> ResponseReturnValue:
    kept, content = import_store.find(folder(), signed_in().person_id, token)
    problem = None
    if request.method == "POST":
        chosen = {column: request.form.get(column.value, type=int) for column in Column}
        mapping = {column: index for column, index in chosen.items() if index is not None}
        territory_id = request.form.get("territory_id", type=int)
        kept = import_store.remap(folder(), signed_in().person_id, clock.now(), token, mapping, territory_id)
        problem = _mapping_problem(kept, read_table(content))
        if problem is None:
            return redirect(url_for("imports.preview", token=token))
    return render_template(
        "imports/columns.html",
        kept=kept,
        columns=list(Column),
        choices=_file_columns(read_table(content)),
        problem=problem,
        says=sentence(problem) if problem else "",
        territories=account_choices.territories(reading(), actor(), today()),
    )


@imports.get("/<token>")
def preview(token: str) -> ResponseReturnValue:
    kept, content = import_store.find(folder(), signed_in().person_id, token)
    table = read_table(content)
    if _mapping_problem(kept, table):
        return redirect(url_for("imports.columns", token=token))
    plan, pin_book = _plan(kept, table)
    errors = [
        (error.row, _heading(table, kept, error.column), sentence(error.error))
        for error in plan.errors[:SHOWN]
    ]
    ignored = [heading for index, heading in enumerate(table.headings) if index not in kept.mapping.values()]
    return render_template(
        "imports/preview.html",
        kept=kept,
        plan=plan,
        errors=errors,
        ignored=ignored,
        shown=SHOWN,
        field_words=_field_words(),
        pins=pins.told(plan.pins, pin_book),
    )


@imports.post("/<token>/confirm")
def confirm(token: str) -> ResponseReturnValue:
    kept, content = import_store.find(folder(), signed_in().person_id, token)
    plan, _pin_book = _plan(kept, read_table(content), looks_up=False)
    try:
        with transaction() as session:
            run_id = imports_service.apply(session, actor(), clock.now(), today(), kept, plan)
    except Conflict as error:
        flash(sentence(error), "bad")
        return redirect(url_for("imports.preview", token=token))
    import_store.discard(folder(), signed_in().person_id, token)
    return redirect(url_for("imports.run", run_id=run_id))


@imports.post("/<token>/discard")
def discard(token: str) -> ResponseReturnValue:
    import_store.discard(folder(), signed_in().person_id, token)
    flash(gettext("The file is gone. Nothing was imported."), "good")
    return redirect(url_for("imports.index"))


def _heading(table: Table, kept: Kept, column: str) -> str:
    """A column as the file calls it, else in our words."""
    index = kept.mapping.get(Column(column), len(table.headings))
    own = table.headings[index] if index < len(table.headings) else ""
    return own or word(Column(column))


def _field_words() -> dict[str, str]:
    """What the parts of an account are called, as a change names them."""
    apart = {"hours": Column.HOURS, "contacts": Column.CONTACT_NAME, "owner": Column.OWNER}
    parts = {field: column for column, field in FIELDS.items()} | apart
    return {field: word(column) for field, column in parts.items()}


def _plan(kept: Kept, table: Table, looks_up: bool = True) -> tuple[ImportPlan, PinBook]:
    """What the file would do, with the pins looked up so far. The preview looks up more; what is confirmed
    is what it showed."""
    person_id = signed_in().person_id
    book = read_book(networks_folder(), import_store.notes(folder(), person_id, kept.token))
    book.left = book.left if looks_up else 0
    plan = import_plan.plan(reading(), actor(), today(), table, kept.mapping, kept.territory_id, book)
    import_store.note(folder(), person_id, kept.token, book.text())
    return plan, book


def _mapping_problem(kept: Kept, table: Table) -> Invalid | None:
    """What is wrong with the choice of columns. Lines may be longer than the headings."""
    width = max(len(table.headings), *(len(line.cells) for line in table.lines))
    try:
        check_mapping(kept.mapping, width)
    except Invalid as error:
        return error
    return None


def _file_columns(table: Table) -> list[tuple[int, str]]:
    """The file's columns by number, each with its heading and what stands in its first lines."""
    found = []
    for index, heading in enumerate(table.headings):
        cells = (line.cells[index] for line in table.lines[:SAMPLE_LINES] if index < len(line.cells))
        sample = ", ".join(cell[:20] for cell in cells if cell)
        found.append((index, f"{heading or index + 1}: {sample}" if sample else heading or str(index + 1)))
    return found
