"""Pictures like those of receipts: drawn, then photographed by hand or scanned, then sent in several ways."""

from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

INK, PAPER = (30, 30, 30), (250, 248, 242)
TABLES = ((90, 70, 50), (40, 40, 45), (160, 150, 140), (200, 200, 205))
SMALL, REAL = (750, 1000), (2250, 3000)


def paper(rng: Random, shop: str, rows: int) -> Image.Image:
    """A receipt lying flat; what differs between two of one shop is what ``rng`` gives: items, amounts."""
    image = Image.new("RGB", (350, 550), PAPER)
    draw = ImageDraw.Draw(image)
    draw.text((175, 30), shop, INK, ImageFont.load_default(28), anchor="mm")
    draw.text((175, 65), "76.123.456-7 Receipt", INK, ImageFont.load_default(16), anchor="mm")
    draw.line((15, 90, 335, 90), INK, 2)
    font = ImageFont.load_default(18)
    for row in range(rows):
        thing = rng.choice(("Coffee", "Menu", "Water", "Bread", "Toll", "Diesel"))
        draw.text((20, 105 + row * 27), f"{thing} {rng.randint(1, 99)}", INK, font)
        draw.text((330, 105 + row * 27), str(rng.randint(100, 99_999)), INK, font, anchor="ra")
    bottom = 115 + rows * 27
    draw.line((15, bottom, 335, bottom), INK, 2)
    for bar in range(60):
        draw.rectangle((30 + bar * 5, bottom + 20, 30 + bar * 5 + rng.randint(0, 4), bottom + 65), INK)
    return image


def ticket(number: int) -> Image.Image:
    """The screen of an app: of two, only the date and the hour differ."""
    image = Image.new("RGB", (1080, 1920), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(48)
    draw.text((60, 200), "Peaje Norte", "black", ImageFont.load_default(80))
    draw.text((60, 400), f"2026-03-{number:02d}  08:{number * 7 % 60:02d}", INK, font)
    draw.text((60, 500), "Total  $ 1.200", "black", font)
    draw.text((60, 700), "Gracias", "black", font)
    return image


def photo(hand: Random, flat: Image.Image, size: tuple[int, int] = SMALL) -> Image.Image:
    """Held by hand: on a table, turned a little, nearer or farther, in uneven light, with noise."""
    scale, angle, far = (
        hand.uniform(0.9, 1.7) * size[0] / SMALL[0],
        hand.uniform(-8, 8),
        60 * size[0] // SMALL[0],
    )
    large = flat.resize((int(flat.width * scale), int(flat.height * scale)))
    shape = Image.new("L", large.size, 255).rotate(angle, expand=True)
    turned, image = large.rotate(angle, expand=True), Image.new("RGB", size, hand.choice(TABLES))
    left = (size[0] - turned.width) // 2 + hand.randint(-far, far)
    image.paste(turned, (left, (size[1] - turned.height) // 2 + hand.randint(-far, far)), shape)
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    light = 1 + hand.uniform(-0.25, 0.25) * across + hand.uniform(-0.25, 0.25) * down
    noise = np.random.default_rng(hand.randint(0, 1 << 30)).normal(0, 6, (size[1], size[0], 3))
    return Image.fromarray((np.asarray(image) * light[..., None] + noise).clip(0, 255).astype("uint8"))


def scan(flat: Image.Image) -> Image.Image:
    return flat.resize((flat.width * 2, flat.height * 2))


def sent(image: Image.Image, longest: int, quality: int, by: int = Image.Resampling.BILINEAR) -> bytes:
    """As JPEG bytes, made smaller so that no side is longer."""
    small, out = image.copy(), io.BytesIO()
    small.thumbnail((longest, longest), by)
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()
