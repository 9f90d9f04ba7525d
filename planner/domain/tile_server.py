"""A tile server that an installation has set: where its pictures are, and from which origin they come.

The origin goes into the content policy as it is, so nothing but a plain host may pass.
"""

from __future__ import annotations

import re

from planner.domain.errors import Invalid

LONGEST_URL, LONGEST_ATTRIBUTION = 300, 200

TEMPLATE = re.compile(
    r"(?P<origin>https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)?(?P<path>/(?!/)[^\s\"'<>\\`]*)"
)
PLACES = ("{z}", "{x}", "{y}")


def is_template(text: object) -> bool:
    """Whether it is an https address, or a path of this site, that holds {z}, {x} and {y} once each."""
    if not isinstance(text, str) or len(text) > LONGEST_URL or not TEMPLATE.fullmatch(text):
        return False
    rest = text
    for place in PLACES:
        if text.count(place) != 1:
            return False
        rest = rest.replace(place, "")
    return not set("{}$") & set(rest)


def origin(url: str) -> str:
    """The origin that a page must be allowed to load pictures from; empty for this site's own."""
    match = TEMPLATE.fullmatch(url)
    return (match["origin"] or "") if match else ""


def check(url: str, attribution: str) -> None:
    """Raises Invalid at the field that is wrong. Without an address there is no tile server; that is fine."""
    if url and not is_template(url):
        raise Invalid("tile_url", "tile_url_bad", longest=LONGEST_URL)
    if url and not attribution.strip():
        raise Invalid("tile_attribution", "tile_attribution_missing")
