"""A person's data as a file: for themselves, or made by an admin for them."""

from __future__ import annotations

from tempfile import TemporaryFile

from flask import current_app, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.services.company import own_data
from planner.web.signin import actor


def archive_of(person_id: int) -> ResponseReturnValue:
    """The archive as a download. Raises NotFound."""
    who, now, folder = actor(), clock.now(), current_app.config["RECEIPTS_FOLDER"]
    name = own_data.name_of(reading(), who, person_id)
    what = gettext("What Rounds held about %(name)s on %(day)s (UTC).", name=name, day=now.date().isoformat())
    how = gettext(
        "Each file is a table, each entry a row as it is stored. Times are in UTC, times of day in seconds "
        "after midnight, money in the smallest unit of its currency, distances in metres."
    )
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it once it is sent
    own_data.write(reading(), who, person_id, folder, f"{what}\n\n{how}\n", file)
    with transaction() as session:
        own_data.note_written(session, who, now, person_id)
    file.seek(0)
    return send_file(
        file, mimetype="application/zip", as_attachment=True, download_name=f"rounds-{person_id}.zip"
    )
