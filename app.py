"""The application factory: configuration, database, web, command line. The only file that sees every room.

``python app.py`` prepares the database and serves with waitress; ``make run`` installs first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from planner import cli, config, models, web
from planner.database import configure, db

ROOT = Path(__file__).resolve().parent


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Build the application. ``settings`` override the configuration (tests).

    Raises ``planner.config.BadConfiguration`` with a sentence when it cannot run as configured.
    """
    assert models.__all__
    instance = Path((settings or {}).get("INSTANCE_FOLDER") or config.instance_folder(ROOT))
    app = Flask(
        "rounds",
        root_path=str(ROOT),
        instance_path=str(instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.from_mapping(config.load(instance, settings))
    db.init_app(app)
    with app.app_context():
        configure(db.engine)
    Migrate(app, db, directory=str(ROOT / "planner" / "migrations"), render_as_batch=True)
    web.register(app)
    cli.register(app)
    return app


if __name__ == "__main__":
    cli.start.run(create_app)
