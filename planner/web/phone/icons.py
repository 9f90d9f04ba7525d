"""The icon as phones want it: the drawing of ``static/icons/rounds.svg``, in pixels.

Coordinates are those of the drawing, 32 units a side.
"""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

SIDES = {"192": 192, "512": 512, "maskable": 512}
UNITS = 32
FINER = 4
"""Drawn so many times larger, then scaled down: smooth edges."""

LEAD, WHITE, YELLOW = "#0f6b5c", "#ffffff", "#ffd166"
WAY = ((9.0, 22.0), (9.0, 14.0), (23.0, 18.0), (23.0, 10.0))
WAY_WIDTH, STEPS = 2.6, 240
BEGIN, END, PLACE_RADIUS = (9.0, 22.5), (23.0, 9.5), 3.4
CORNER = 8.0
SAFE = 0.72
"""A maskable icon may be cut to a circle: its drawing is that much smaller, its ground reaches the edge."""


@cache
def drawn(which: str) -> bytes:
    """A PNG: ``192``, ``512`` or ``maskable``."""
    side = SIDES[which]
    image = Image.new("RGBA", (side * FINER, side * FINER))
    if which == "maskable":
        image.paste(LEAD, (0, 0, *image.size))
        _drawing(image, SAFE)
    else:
        ImageDraw.Draw(image).rounded_rectangle(
            (0, 0, image.width - 1, image.height - 1), CORNER / UNITS * image.width, LEAD
        )
        _drawing(image, 1)
    out = io.BytesIO()
    image.resize((side, side), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawing(image: Image.Image, scale: float) -> None:
    """The way with its two ends, ``scale`` times its size about the middle."""
    pen, unit = ImageDraw.Draw(image), image.width / UNITS * scale
    shift = image.width * (1 - scale) / 2

    def dot(at: tuple[float, float], radius: float, colour: str) -> None:
        pen.circle((shift + at[0] * unit, shift + at[1] * unit), radius * unit, colour)

    for step in range(STEPS + 1):
        dot(_on_the_way(step / STEPS), WAY_WIDTH / 2, WHITE)
    dot(BEGIN, PLACE_RADIUS, YELLOW)
    dot(END, PLACE_RADIUS, WHITE)


def _on_the_way(t: float) -> tuple[float, float]:
    """A point of the cubic Bézier curve."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x = sum(weight * point[0] for weight, point in zip(weights, WAY, strict=True))
    y = sum(weight * point[1] for weight, point in zip(weights, WAY, strict=True))
    return x, y
