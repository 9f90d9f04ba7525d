"""Pictures of receipts for the demo's expenses: paper, a head line, an amount. Made, not found."""

from __future__ import annotations

import io
from datetime import date

from PIL import Image, ImageDraw, ImageFont

PAPER, INK = (250, 248, 242), (40, 40, 44)
SIZE = (420, 560)


def picture(merchant: str, on: date, amount: str, number: int) -> bytes:
    """A receipt as JPEG bytes; the same values give the same picture."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    head, body = ImageFont.load_default(26), ImageFont.load_default(20)
    draw.text((210, 48), merchant, INK, head, anchor="mm")
    draw.text((210, 88), "Boleta electronica (demo)", INK, body, anchor="mm")
    draw.line((40, 120, 380, 120), INK, 2)
    lines = (("No.", f"{number:06d}"), ("Fecha", on.isoformat()), ("Total", amount))
    for row, (label, value) in enumerate(lines):
        draw.text((48, 150 + row * 44), label, INK, body)
        draw.text((372, 150 + row * 44), value, INK, body, anchor="ra")
    draw.line((40, 300, 380, 300), INK, 2)
    draw.text((210, 340), "Gracias por su compra", INK, body, anchor="mm")
    for bar in range(40):
        width = 2 + (number * (bar + 3)) % 5
        draw.rectangle((60 + bar * 7, 400, 60 + bar * 7 + width, 470), INK)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
