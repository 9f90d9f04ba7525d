"""Guards over the whole: who may import whom, one commit, one clock, one policy entry per endpoint.

Each finds its offenders by reading the sources, and names file and line, so that the list is the task.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from flask import Flask

from planner.domain.errors import RoundsError
from planner.web.policy import POLICY
from planner.web.sentences import SENTENCES
from routing.errors import RoutingError

ROOT = Path(__file__).resolve().parent.parent
OWN = ("planner", "routing", "app", "bench", "tests")
SOURCES = sorted(
    path
    for folder in ("planner", "routing")
    for path in (ROOT / folder).rglob("*.py")
    if "versions" not in path.parts
)

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "routing": ("planner", "app", "flask", "sqlalchemy", "bench"),
    "planner/domain": ("planner.", "routing", "app", "flask", "sqlalchemy", "bench"),
    "planner/models": (
        "planner.services",
        "planner.web",
        "planner.jobs",
        "planner.cli",
        "planner.demo",
        "routing",
    ),
    "planner/services": ("planner.web", "planner.jobs", "planner.cli", "planner.demo", "app", "flask"),
    "planner/web": ("planner.models", "planner.jobs", "planner.cli", "planner.demo", "app", "sqlalchemy"),
    "planner": ("app", "bench", "tests"),
}
"""What a room may not import. ``planner/domain`` may import itself, and every room its own modules."""

ALLOWED = {
    ("planner/domain", "planner.domain"),
    # A full disk must not turn reading a page into an error.
    ("planner/web/signin.py", "sqlalchemy.exc"),
    ("planner/web/errors.py", "sqlalchemy.exc"),
    # The session's type, to pass it on; no view has a query to write.
    ("planner/web", "sqlalchemy.orm"),
    # The doorbell: who asks for a plan wakes the dispatcher of this process.
    ("planner/web/bell.py", "planner.jobs"),
}
DATABASE_FOR_WEB = {"transaction", "reading"}
EDGES = (
    *("planner/web/", "planner/jobs/", "planner/cli/", "planner/demo/"),
    *("planner/clock.py", "planner/config.py", "app.py"),
)
CLOCK_CALLS = {"now", "utcnow", "today", "time", "localtime", "gmtime"}
CLOCK_OWNERS = {"datetime", "date", "time"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools"}
LONGEST_FUNCTION = 60
LONGEST_SHEET = 12 * 1024
ODD_NAMES = {"xstatic": "XStatic-Leaflet", "lucide": "lucide", "yaml": "PyYAML"}


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Module, imported names (none for a plain import) and line of every import."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, (), node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{shown(path)}:{node.lineno} imports relatively"
            yield node.module or "", tuple(alias.name for alias in node.names), node.lineno


def reaches(module: str, names: tuple[str, ...], target: str) -> bool:
    """Whether an import touches ``target`` ("planner." means anything below planner)."""
    whole = {module, *(f"{module}.{name}" for name in names)}
    if target.endswith("."):
        return any(name.startswith(target) for name in whole)
    return any(name == target or name.startswith(f"{target}.") for name in whole)


def is_allowed(where: str, module: str) -> bool:
    return any(where.startswith(room) and module.startswith(name) for room, name in ALLOWED)


def test_imports_go_downward_only() -> None:
    wrong = [
        f"{where}:{line} imports {module} {', '.join(names)}"
        for path in SOURCES
        for where in [shown(path)]
        for module, names, line in imports(path)
        for room, targets in FORBIDDEN.items()
        if where.startswith(f"{room}/")
        if any(reaches(module, names, target) for target in targets)
        if not is_allowed(where, module)
    ]
    assert not wrong, "\n".join(wrong)


def test_rules_need_only_the_standard_library_and_dateutil() -> None:
    wrong = [
        f"{shown(path)}:{line} imports {module}"
        for path in SOURCES
        if shown(path).startswith("planner/domain/")
        for module, _, line in imports(path)
        for top in [module.split(".")[0]]
        if top not in {*sys.stdlib_module_names, "dateutil", "planner"}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_web_takes_only_transaction_and_reading_from_the_database() -> None:
    wrong = [
        f"{shown(path)}:{line} takes {', '.join(names)} from planner.database"
        for path in SOURCES
        if shown(path).startswith("planner/web/")
        for module, names, line in imports(path)
        if module == "planner.database" and not set(names) <= DATABASE_FOR_WEB
    ]
    assert not wrong, "\n".join(wrong)


def test_nobody_imports_the_application_but_tests_and_bench() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in SOURCES
        for module, _, line in imports(path)
        if module == "app" or module.startswith("app.")
    ]
    assert not wrong, "\n".join(wrong)


def calls(path: Path, attribute: str) -> Iterator[int]:
    """Lines that call ``something.attribute(...)``."""
    for node in ast.walk(tree_of(path)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == attribute:
            yield called.lineno


def test_there_is_one_commit() -> None:
    found = [f"{shown(path)}:{line}" for path in SOURCES for line in calls(path, "commit")]
    assert [place.split(":")[0] for place in found] == ["planner/database.py"], found


def test_services_never_open_a_transaction_of_their_own() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in SOURCES
        if shown(path).startswith("planner/services/")
        for module, names, line in imports(path)
        if module == "planner.database" and {"transaction", "reading", "db"} & set(names)
    ]
    assert not wrong, "\n".join(wrong)


def clock_reads(path: Path) -> Iterator[int]:
    """Lines that read the machine's clock: ``datetime.now()``, ``date.today()``, ``time.time()``."""
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if node.func.attr in CLOCK_CALLS and name in CLOCK_OWNERS:
            yield node.lineno


def test_the_machine_s_clock_is_read_in_one_place() -> None:
    wrong = [f"{shown(path)}:{line}" for path in SOURCES for line in clock_reads(path)]
    assert [place for place in wrong if not place.startswith("planner/clock.py:")] == []


def test_only_edges_ask_our_clock() -> None:
    wrong = [
        f"{shown(path)}:{line}"
        for path in SOURCES
        if not shown(path).startswith(EDGES)
        for module, names, line in imports(path)
        if reaches(module, names, "planner.clock")
    ]
    assert not wrong, "\n".join(wrong)


def test_no_environment_in_the_rooms_below() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in SOURCES
        if shown(path).startswith(("routing/", "planner/domain/", "planner/services/", "planner/models/"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert not wrong, "\n".join(wrong)


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [shown(path) for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_every_module_says_what_it_is() -> None:
    assert [shown(path) for path in SOURCES if not ast.get_docstring(tree_of(path))] == []


def test_no_function_is_longer_than_a_screen() -> None:
    wrong = [
        f"{shown(path)}:{node.lineno} {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not wrong, "\n".join(wrong)


def test_every_endpoint_has_a_policy_entry_and_every_entry_an_endpoint(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - POLICY.keys() == set(), "endpoints that nobody may open yet"
    assert POLICY.keys() - endpoints == set(), "entries of endpoints that are gone"


def error_classes() -> dict[str, int]:
    """Names of the error classes of ours, and which argument of theirs is the code."""
    found = {"RoundsError": 0, "NotAllowed": 0, "Invalid": 1, "Conflict": 0, "Locked": 0}
    assert set(found) | {"NotFound"} == {kind.__name__ for kind in [RoundsError, *below(RoundsError)]}
    return found


def below(kind: type) -> list[type]:
    return [deeper for sub in kind.__subclasses__() for deeper in (sub, *below(sub))]


def codes() -> Iterator[tuple[str, str]]:
    """Every error code written in the sources, with where."""
    positions = error_classes()
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            position = positions.get(node.func.id)
            if position is None or len(node.args) <= position:
                continue
            argument = node.args[position]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value, f"{shown(path)}:{node.lineno}"


def test_every_error_code_has_its_sentence() -> None:
    missing = {code: where for code, where in codes() if code not in SENTENCES}
    missing |= {kind.code: kind.__name__ for kind in below(RoutingError) if kind.code not in SENTENCES}
    assert missing == {}


def test_every_sentence_is_needed() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in SOURCES if "sentences" not in path.parts)
    raised = {kind.code for kind in below(RoutingError)} | {"not_found"}
    assert [code for code in SENTENCES if code not in raised and f'"{code}"' not in used] == []


def required() -> set[str]:
    """The distributions of requirements.txt, in lower case with hyphens."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[<>=!\[;]", line)[0].strip() for line in lines if line and line[0] not in "#-"]
    return {name.lower().replace("_", "-") for name in names}


def test_every_package_that_is_imported_stands_in_the_requirements() -> None:
    tops = {
        (module.split(".")[0], shown(path))
        for path in [*SOURCES, ROOT / "app.py"]
        for module, _, _ in imports(path)
    }
    owners = packages_distributions()
    wrong = {
        f"{top} ({where})"
        for top, where in tops
        if top not in {*sys.stdlib_module_names, *OWN}
        if not {name.lower().replace("_", "-") for name in owners.get(top, [ODD_NAMES.get(top, top)])}
        & required()
    }
    assert wrong == set()


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FOREIGN = re.compile(r"""(?:src|href|action)\s*=\s*["']\s*(?:https?:)?//""")
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|\sstyle\s*=|javascript:""", re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_loads_nothing_from_elsewhere_and_runs_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assets = [tag for tag in re.findall(r"<(?:script|link|img)[^>]*>", text) if FOREIGN.search(tag)]
    assert assets == []
    assert INLINE.findall(text) == []


POST_FORM = re.compile(r"<form[^>]*method=[\"']post[\"'][^>]*>.*?</form>", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"csrf\(\)|csrf_token|hidden_tag\(\)|include |\{\{ *\w*form")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_form_that_changes_something_carries_the_token(template: Path) -> None:
    forms = POST_FORM.findall(template.read_text(encoding="utf-8"))
    assert [form for form in forms if not TOKEN.search(form)] == []


def test_the_style_sheet_stays_small() -> None:
    assert (ROOT / "static" / "css" / "app.css").stat().st_size <= LONGEST_SHEET


def test_no_style_or_script_of_ours_reaches_elsewhere() -> None:
    sheets = [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]
    wrong = [
        shown(path)
        for path in sheets
        if re.search(
            r"url\(\s*[\"']?https?:|@import|fetch\(\s*[\"']https?:", path.read_text(encoding="utf-8")
        )
    ]
    assert wrong == []
