"""Tables as the files they are sent as, CSV and XLSX.

Written to the disk first: what goes wrong on the way is told, and nobody gets half a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

from flask import Response

from planner.services.ledger import exports
from planner.services.ledger.exports import Streamed

FORMATS: dict[str, tuple[Callable[[Streamed, IO[bytes]], None], str]] = {
    "csv": (exports.write_csv, "text/csv; charset=utf-8"),
    "xlsx": (exports.write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def sent(table: Streamed, form: str, dates: str) -> Response:
    """Under the table's title and the dates it is of; a name beyond ASCII is left to the browser."""
    write, media_type = FORMATS[form]
    out = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    write(table, out)
    size = out.tell()
    out.seek(0)
    name = f"{table.title.lower()}-{dates}.{form}"
    disposition = f'attachment; filename="{name}"' if name.isascii() else "attachment"
    said = {"Content-Disposition": disposition, "Content-Length": str(size)}
    answer = Response(_pieces(out), content_type=media_type, headers=said)
    answer.call_on_close(out.close)  # also where nobody reads it
    return answer


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(exports.PIECE_BYTES):
            yield piece
