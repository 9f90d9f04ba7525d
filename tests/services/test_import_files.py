"""Reading an uploaded list: encodings, separators, spreadsheets, and files that are none."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.domain.errors import Invalid
from planner.services.importing import import_files
from planner.services.importing.import_files import Line, Table, read_table

EXPECTED = Table(("id", "name"), (Line(2, ("1", "Almacén Ñuñoa")), Line(3, ("2", "Café, bar"))))


def text(mark: str = ",") -> str:
    return f'id{mark}name\r\n1{mark}Almacén Ñuñoa\r\n2{mark}"Café, bar"\r\n'


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_usual_encodings_are_told_apart(encoding: str) -> None:
    assert read_table(text().encode(encoding)) == EXPECTED


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_usual_separators_are_told_apart(mark: str) -> None:
    assert read_table(text(mark).encode()) == EXPECTED


def test_a_spreadsheet_gives_the_same_table_as_a_text_file() -> None:
    assert read_table(workbook(("id", "name"), (1, "Almacén Ñuñoa"), (2.0, "Café, bar"))) == EXPECTED


def test_empty_lines_are_left_out_but_counted() -> None:
    table = read_table(b"\n\nid,name\n\n1,A\n,\n2,B\n")

    assert table.headings == ("id", "name")
    assert [line.number for line in table.lines] == [5, 7]


def test_a_first_line_that_names_the_separator_is_obeyed() -> None:
    assert read_table(b"sep=;\nid;name\n1;A, B\n").lines == (Line(3, ("1", "A, B")),)


def test_a_formula_keeps_its_sign_so_that_it_can_be_refused() -> None:
    assert read_table(workbook(("name",), ("=A1&A2",))).lines[0].cells == ("=A1&A2",)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"  \n \n", "import_empty"),
        (b"id,name\n", "import_empty"),
        (b"PK\x03\x04 not a zip", "import_not_table"),
        (b"name\n\x81\x8d\xff\n", "import_not_text"),
        (b",".join([b"x"] * 101) + b"\nA\n", "import_too_many_columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(content)

    assert (refused.value.field, refused.value.code) == ("file", code)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_files, "MOST_UNPACKED_BYTES", 1024 * 1024)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)

    with pytest.raises(Invalid) as refused:
        read_table(stream.getvalue())

    assert refused.value.code == "import_too_large"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_files, "MOST_ROWS", 3)

    assert len(read_table(b"name\nA\nB\nC\n").lines) == 3
    with pytest.raises(Invalid) as refused:
        read_table(b"name\nA\nB\nC\nD\n")
    assert refused.value.code == "import_too_many_rows"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with suppress(Invalid):
        read_table(content)
