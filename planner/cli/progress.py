"""Steps of long work told as they begin: a moving line on a terminal, a line each elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    console = Console(stderr=True)
    with console.status("Starting") as status:

        def step(sentence: str) -> None:
            status.update(sentence)
            if not console.is_terminal:
                console.print(sentence)

        yield step
