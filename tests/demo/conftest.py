"""Fixtures on the small demo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.small import Demo, small_demo


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Demo]:
    with small_demo(tmp_path_factory, tmp_path / "instance") as found:
        yield found
