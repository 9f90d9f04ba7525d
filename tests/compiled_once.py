"""What every application of the tests compiles alike, compiled once: addresses, templates, statements.

Werkzeug writes two functions for every rule of addresses and compiles them: a tenth of a second for the
rules of Rounds, at each of thousands of applications. Jinja compiles a template at its first use in an
application, SQLAlchemy a statement at its first use on an engine.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule


def remember_rules(patch: pytest.MonkeyPatch) -> None:
    """Rules of one text share the functions that build their addresses: these are bound to the rule only
    afterwards, and ask it for its converters."""
    made: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults: dict[str, Any] = dict(rule.defaults or {})
        key = (rule.rule, rule.subdomain, rule.host, repr(sorted(defaults.items())), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    patch.setattr(Rule, "_compile_builder", remembered)


def remember_templates(application: Flask, folder: Path) -> None:
    """``folder``: where the compiled templates stand, by what they say: a changed one is compiled anew."""
    folder.mkdir(parents=True, exist_ok=True)
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))


class Statements:
    """What SQLAlchemy has compiled, by the kind of database.

    It remembers statements by the engine's dialect, so engines share what is compiled by sharing that: the
    first engine's of its kind, which has asked its database by then what it can do.
    """

    def __init__(self) -> None:
        self._first: dict[str, Engine] = {}

    def share(self, engine: Engine) -> None:
        first = self._first.get(engine.dialect.name)
        if first is None:
            engine.connect().close()
            engine.dispose()  # a file still open could not be replaced by the one with tables
            self._first[engine.dialect.name] = engine
            return
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
