"""Every page of the demo, as everybody who may sign in."""

from __future__ import annotations

import pytest

from tests.demo.crawl import assets, crawl

LOGINS = ("camila", "diego", "valentina", "marcela", "admin")
REP_PAGES = {"/today", "/accounts", "/schedule", "/log"}


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_that_is_linked_answers_and_loads_nothing_from_elsewhere(demo, login):
    visited = list(crawl(demo.app, demo.client(login)))
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


@pytest.mark.parametrize("login", LOGINS[:3])
def test_a_rep_finds_the_day_the_accounts_the_schedule_and_the_ledger(demo, login):
    paths = {page.path for page in crawl(demo.app, demo.client(login))}
    missing = {start for start in REP_PAGES if not any(path.startswith(start) for path in paths)}
    assert missing == set()
