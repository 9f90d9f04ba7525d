"""A browser that asks for Spanish gets it, from signing in on; the choice in the profile wins; it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import LAPTOP, PHONE, Window
from tests.browser.test_crawl import ADMIN_PAGES, MANAGER_PAGES, REP_PAGES, sign_in
from tests.demo.small import Demo

pytestmark = pytest.mark.browser


@pytest.fixture
def spanish_window(
    demo: Demo, serve: Callable[..., str], open_window: Callable[..., Window]
) -> Callable[..., Window]:
    def open_one(size: tuple[int, int]) -> Window:
        return open_window(serve(demo.app), size, language="es-CL")

    return open_one


def language_of(page: Any) -> str:
    return str(page.locator("html").get_attribute("lang"))


def test_a_spanish_browser_gets_spanish_and_the_choice_in_the_profile_wins(
    demo: Demo, spanish_window: Callable[..., Window]
) -> None:
    window = spanish_window(PHONE)
    page = window.go("/login")
    assert page.get_by_role("heading", name="Entrar a Rounds").is_visible()
    sign_in(window, demo, "camila")
    page.get_by_role("link", name="Hoy").first.wait_for()
    assert language_of(page) == "es-CL"

    window.go("/profile")
    page.get_by_label("Idioma").select_option(label="English")
    page.get_by_role("button", name="Guardar").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert language_of(page) == "en"
    window.go("/today")
    page.get_by_role("link", name="Today").first.wait_for()

    window.go("/profile")
    page.get_by_label("Language").select_option(label="As the browser asks")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Perfil y dispositivos").wait_for()


@pytest.mark.parametrize(
    ("login", "size", "paths"),
    [("camila", PHONE, REP_PAGES), ("marcela", LAPTOP, MANAGER_PAGES), ("admin", LAPTOP, ADMIN_PAGES)],
    ids=["rep", "manager", "admin"],
)
def test_no_page_in_spanish_is_wider_than_the_window_or_cuts_a_button_s_words(
    demo: Demo,
    spanish_window: Callable[..., Window],
    login: str,
    size: tuple[int, int],
    paths: tuple[str, ...],
) -> None:
    window = spanish_window(size)
    sign_in(window, demo, login)
    troubles = {}
    for path in paths:
        page = window.go(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size[0]:
            troubles[path, "width"] = width
        cut = page.evaluate(
            """[...document.querySelectorAll("button, .button, nav a, th, .chip")]
            .filter(one => one.offsetWidth && !one.closest(".hidden-label"))
            .filter(one => one.scrollWidth > one.clientWidth + 1)
            .map(one => one.textContent.trim())"""
        )
        if cut:
            troubles[path, "cut"] = cut
    assert troubles == {}
    assert window.said == []
