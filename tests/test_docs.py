"""The documents say what is there: their links lead somewhere, their commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("planner/demo/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"^(?:make|`make) ([a-z ]+?)(?:`| *#|$)", re.MULTILINE)
FLASK = re.compile(r"flask (?:--app app )?([a-z][a-z-]+)(?: ([a-z-]+))?")
COMES_WITH_FLASK = {"db", "shell", "run", "routes"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = [link.split("#")[0] for link in LINK.findall(document.read_text("utf-8"))]
    local = [link for link in links if link and "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_task_of_make_that_is_named_exists(document: Path) -> None:
    tasks = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {task for line in MAKE.findall(document.read_text("utf-8")) for task in line.split()}
    assert named - tasks == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_flask_command_that_is_named_exists(app: Flask, document: Path) -> None:
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", document.read_text("utf-8"), re.DOTALL))
    named = {command for command, _ in FLASK.findall(code)}
    assert named - set(app.cli.commands) - COMES_WITH_FLASK == set()
