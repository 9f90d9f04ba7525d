"""A server that a test kills and starts again: ``python -m tests.killed_server FOLDER PORT``.

What takes long is done once; each line on standard input starts one more life of the server in a process of
its own, whose number is the answer.
"""

from __future__ import annotations

import os
import sys

from app import create_app
from planner.cli.serve import open_server
from planner.database import db


def main(folder: str, port: int) -> None:
    app = create_app({"INSTANCE_FOLDER": folder, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        db.engine.dispose()
    former = 0
    for _ in sys.stdin:
        if former:
            os.waitpid(former, 0)  # its port is free once it is gone
        child = former = os.fork()
        if child == 0:
            open_server(app, "127.0.0.1", port).run()
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
