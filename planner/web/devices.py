"""A device in words, from the browser's own description: "Firefox on Android". A label, not a proof."""

from __future__ import annotations

from flask_babel import gettext

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""First match wins: most browsers also claim to be Chrome and Safari."""

SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)

BESIDE = " on "
"""Stands between the two where a label is stored."""


def label(user_agent: str) -> str:
    """Browser and system, or what little is known of them; empty when nothing is."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return BESIDE.join(part for part in (browser, system) if part)


def in_words(stored: str) -> str:
    """A label as it was stored, in the language of the page."""
    browser, _, system = stored.partition(BESIDE)
    return gettext("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
