"""Where this installation keeps what pages need besides the database."""

from __future__ import annotations

from pathlib import Path

from flask import current_app


def networks_folder() -> Path:
    folder: Path = current_app.config["NETWORKS_FOLDER"]
    return folder
