"""A page of a browser, and what it was heard saying."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map((one) => one.href)"


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

    def links(self, path: str) -> list[str]:
        """Goes there; the links of the page, as whole addresses. A file has none, and what the browser's own
        viewer of pictures says about it is not ours."""
        from playwright.sync_api import Error  # not at the top: without playwright these tests are skipped

        try:
            page = self.go(path)
        except Error as trouble:
            if "Download is starting" not in str(trouble):
                raise
            return []
        if page.evaluate("document.contentType") != "text/html":
            self.said.clear()
            return []
        return list(page.evaluate(LINKS))

    @property
    def strangers(self) -> list[str]:
        """Requests to other hosts."""
        own = (self.address, "data:", "blob:")
        return [url for url in self.asked if not url.startswith(own)]
