"""A page of a browser, and what it was heard saying."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Window:
    """A page of a browser: what its console said and which addresses it asked for."""

    page: Any
    address: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        self.page.goto(self.address + path)
        return self.page

    @property
    def strangers(self) -> list[str]:
        """Requests to other hosts."""
        own = (self.address, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]
