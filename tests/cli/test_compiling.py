"""Compiling beside something else: once, in processes that end with what they were beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.cli import compiling


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_what_is_waited_for_is_done_then(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = cache / "done"
    monkeypatch.setattr(compiling, "PARTS", (f"open({str(done)!r}, 'w')", "raise SystemExit(1)"))
    with compiling.beside() as wait:
        wait()
        assert done.exists()


def test_where_something_was_compiled_nothing_is_begun(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (cache / "day").mkdir()
    (cache / "day" / "label.nbi").touch()
    monkeypatch.setattr(compiling, "_child", lambda part: pytest.fail(part))
    with compiling.beside() as wait:
        wait()


def test_processes_end_when_what_they_were_beside_fails(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    child = compiling._child
    monkeypatch.setattr(compiling, "PARTS", ("import time; time.sleep(600)",))
    monkeypatch.setattr(compiling, "_child", lambda part: begun.append(child(part)) or begun[-1])
    with pytest.raises(KeyboardInterrupt), compiling.beside():
        raise KeyboardInterrupt
    assert begun[0].returncode is not None


@pytest.mark.parametrize("part", compiling.PARTS)
def test_the_parts_are_programs(part: str) -> None:
    imported, called = part.split("; ")
    scope: dict[str, object] = {}
    exec(imported, scope)  # what is called is asked for by its name alone: running it takes a minute
    assert callable(scope[called.removesuffix("()")])
