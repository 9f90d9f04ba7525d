"""Every page of the demo, as everybody who may sign in."""

from __future__ import annotations

import pytest

from tests.demo.crawl import assets, crawl

LOGINS = ("camila", "diego", "valentina", "marcela", "admin")
OF_A_REP = ("/today", "/accounts", "/schedule", "/log")
OF_A_MANAGER = ("/team", "/review", "/schedule", "/accounts")
STARTS = {
    **dict.fromkeys(LOGINS[:3], OF_A_REP),
    "marcela": OF_A_MANAGER,
    "admin": (*OF_A_MANAGER, "/admin", "/rules"),
}


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_is_found_by_links_answers_and_loads_nothing_from_elsewhere(demo, login):
    visited = list(crawl(demo.app, demo.client(login)))
    missing = [start for start in STARTS[login] if not any(page.path.startswith(start) for page in visited)]
    assert missing == []
    troubles = [
        (page.path, page.response.status_code) for page in visited if page.response.status_code >= 400
    ]
    assert troubles == []
    foreign = [
        (page.path, asset)
        for page in visited
        if page.response.mimetype == "text/html"
        for asset in assets(page.response)
        if not asset.startswith(("/", "data:", "blob:", "#"))
    ]
    assert foreign == []
