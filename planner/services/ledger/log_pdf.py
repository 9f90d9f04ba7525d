"""A document of facts, notes and tables as PDF: landscape, headers on every page, pages numbered of all.

Drawn with reportlab in Open Sans, which has the letters of Latin, Greek and Cyrillic. The same document gives
the same bytes. Lengths are in points, of which an inch has 72.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from planner.domain.export_columns import Cell
from planner.services.ledger.exports import Table

LETTER = (792.0, 612.0)
A4 = (841.89, 595.28)
MARGIN = 34.0
PLAIN, BOLD = "OpenSans", "OpenSans-Semibold"
SIZE, LEADING = 6.5, 8.5
HEAD, HEAD_LEADING = 14.0, 20.0
TABLE_HEAD, TABLE_HEAD_LEADING = 9.5, 20.0
PADDING = 2.5
ROUND = 2 * PADDING + 0.5
"""Around a text in its column; the half is for sums that are not quite even."""
WIDEST_WISH = 190.0
WIDEST_WORD = 62.0
FACT_WIDTH = 110.0
GREY = 0.55


@dataclass(frozen=True, slots=True)
class Document:
    """``facts`` are labels with what they say. ``said`` puts a cell into words, ``page_of`` numbers pages."""

    title: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]
    tables: Sequence[Table]
    empty: str
    footer: str
    is_letter: bool
    language: str
    said: Callable[[Cell], str]
    page_of: Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of text on a page. ``x`` is its right edge when it ``is_right``."""

    x: float
    y: float
    text: str
    font: str = PLAIN
    size: float = SIZE
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    y: float
    is_strong: bool


class _Pages:
    """Pages being filled from the top; ``y`` is where the next line begins."""

    def __init__(self, size: tuple[float, float]) -> None:
        self.width, self.height = size
        self.pages: list[list[_Text | _Rule]] = []
        self.turn()

    @property
    def inner(self) -> float:
        return self.width - 2 * MARGIN

    def turn(self) -> None:
        self.pages.append([])
        self.y = self.height - MARGIN

    def has_room(self, height: float) -> bool:
        return self.y - height >= MARGIN + LEADING

    def put(self, text: str, x: float, down: float, **how: Any) -> None:
        if text:
            self.pages[-1].append(_Text(x, self.y - down, text, **how))

    def rule(self, is_strong: bool = False) -> None:
        self.pages[-1].append(_Rule(self.y, is_strong))


def pdf_bytes(document: Document) -> bytes:
    # reportlab takes a moment to load and only these files need it.
    from reportlab.pdfgen.canvas import Canvas

    _register()
    pages = _Pages(LETTER if document.is_letter else A4)
    _front(pages, document)
    for table in document.tables:
        _table(pages, document, table)
    out = io.BytesIO()
    canvas = Canvas(
        out, pagesize=(pages.width, pages.height), invariant=1, pageCompression=1, lang=document.language
    )
    canvas.setTitle(document.title)
    canvas.setSubject(document.footer)
    canvas.setCreator("Rounds")
    for number, page in enumerate(pages.pages, start=1):
        _draw(canvas, pages, page)
        foot = [
            _Text(MARGIN, MARGIN - 12, document.footer),
            _Text(
                pages.width - MARGIN,
                MARGIN - 12,
                document.page_of(number, len(pages.pages)),
                is_right=True,
            ),
        ]
        _draw(canvas, pages, foot)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def _register() -> None:
    import ttf_opensans
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = {PLAIN: ttf_opensans.OPENSANS_REGULAR, BOLD: ttf_opensans.OPENSANS_SEMIBOLD}
    # Streams as bytes: as letters they are a quarter longer, and take as long again to write.
    rl_config.useA85 = 0
    for name, font in fonts.items():
        pdfmetrics.registerFont(TTFont(name, str(font.path)))


def _draw(canvas: Any, pages: _Pages, page: Sequence[_Text | _Rule]) -> None:
    """Texts go into one object a page, in the order they are read: one for each takes five times as long."""
    for mark in page:
        if isinstance(mark, _Rule):
            canvas.setStrokeGray(0 if mark.is_strong else GREY)
            canvas.setLineWidth(0.6 if mark.is_strong else 0.25)
            canvas.line(MARGIN, mark.y, pages.width - MARGIN, mark.y)
    texts = [mark for mark in page if isinstance(mark, _Text)]
    drawn = canvas.beginText()
    for (font, size), same in groupby(texts, key=_look):
        drawn.setFont(font, size)
        for mark in same:
            x = mark.x - _width(mark.text, font, size) if mark.is_right else mark.x
            drawn.setTextOrigin(x, mark.y)
            drawn.textOut(mark.text)
    canvas.drawText(drawn)


def _look(text: _Text) -> tuple[str, float]:
    return text.font, text.size


def _front(pages: _Pages, document: Document) -> None:
    pages.put(document.title, MARGIN, HEAD, font=BOLD, size=HEAD)
    pages.y -= HEAD_LEADING
    for label, said in document.facts:
        lines = _wrapped(said, PLAIN, pages.inner - FACT_WIDTH)
        pages.put(label, MARGIN, SIZE, font=BOLD)
        for line in lines:
            pages.put(line, MARGIN + FACT_WIDTH, SIZE)
            pages.y -= LEADING
    pages.y -= LEADING / 2
    for note in document.notes:
        for line in _wrapped(note, PLAIN, pages.inner):
            pages.put(line, MARGIN, SIZE)
            pages.y -= LEADING


def _table(pages: _Pages, document: Document, table: Table) -> None:
    rows = [[document.said(cell) for cell in row] for row in table.rows]
    totals = [[document.said(cell) for cell in row] for row in table.totals]
    right = _numbers(table)
    widths = _widths(table.headers, [*rows, *totals], pages.inner)
    head = _cells(table.headers, BOLD, widths)
    if not pages.has_room(TABLE_HEAD_LEADING + _height(head) + 3 * LEADING):
        pages.turn()
    pages.y -= TABLE_HEAD_LEADING - TABLE_HEAD
    pages.put(table.title, MARGIN, TABLE_HEAD, font=BOLD, size=TABLE_HEAD)
    pages.y -= TABLE_HEAD_LEADING - 6
    if not rows:
        pages.put(document.empty, MARGIN, SIZE)
        pages.y -= LEADING
        return
    _row(pages, head, widths, right, BOLD, is_strong=True)
    for font, texts in (*((PLAIN, row) for row in rows), *((BOLD, row) for row in totals)):
        cells = _cells(texts, font, widths)
        if not pages.has_room(_height(cells)):
            pages.turn()
            _row(pages, head, widths, right, BOLD, is_strong=True)
        _row(pages, cells, widths, right, font)


def _row(
    pages: _Pages,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    right: Sequence[bool],
    font: str,
    is_strong: bool = False,
) -> None:
    x = MARGIN
    for lines, width, is_right in zip(cells, widths, right, strict=True):
        for index, line in enumerate(lines):
            at = x + width - PADDING if is_right else x + PADDING
            pages.put(line, at, SIZE + 1 + index * LEADING, font=font, is_right=is_right)
        x += width
    pages.y -= _height(cells)
    pages.rule(is_strong)


def _cells(texts: Sequence[str], font: str, widths: Sequence[float]) -> list[tuple[str, ...]]:
    return [_wrapped(text, font, width - 2 * PADDING) for text, width in zip(texts, widths, strict=True)]


def _height(cells: Sequence[Sequence[str]]) -> float:
    return LEADING * max((len(lines) for lines in cells), default=1) + 2


def _numbers(table: Table) -> list[bool]:
    """Columns that hold nothing but numbers stand to the right."""
    return [
        any(cell is not None for cell in column)
        and all(cell is None or not isinstance(cell, str) for cell in column)
        and not any(hasattr(cell, "year") for cell in column)
        for column in zip(*table.rows, strict=True)
    ] or [False] * len(table.headers)


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]], inner: float) -> list[float]:
    """What the cells of each column wish where there is room; else its longest word, also of its header, and
    a share of the rest."""
    least, wish = [], []
    for header, *column in zip(headers, *rows, strict=True):
        texts = set(column)
        words = {word for text in (header, *texts) for word in text.split(" ")}
        least.append(ROUND + min(WIDEST_WORD, max(map(_bold_width, words), default=0.0)))
        wish.append(ROUND + min(WIDEST_WISH, max(map(_bold_width, texts), default=0.0)))
    wish = [max(pair) for pair in zip(least, wish, strict=True)]
    if sum(wish) <= inner:
        return wish
    room, more = inner - sum(least), sum(wish) - sum(least)
    if room <= 0:
        return [each * inner / sum(least) for each in least]
    return [low + (high - low) * room / more for low, high in zip(least, wish, strict=True)]


def _bold_width(text: str) -> float:
    return _width(text, BOLD)


@lru_cache(maxsize=32_768)
def _width(text: str, font: str, size: float = SIZE) -> float:
    from reportlab.pdfbase import pdfmetrics

    return float(pdfmetrics.stringWidth(text, font, size))


@lru_cache(maxsize=32_768)
def _wrapped(text: str, font: str, width: float) -> tuple[str, ...]:
    """Lines that fit; a word too long for one is broken. Names and places come again and again."""
    if _width(text, font) <= width:
        return (text,)
    lines, line = [], ""
    for word in _pieces(text, font, width):
        longer = f"{line} {word}" if line else word
        if line and _width(longer, font) > width:
            lines.append(line)
            longer = word
        line = longer
    return (*lines, line)


def _pieces(text: str, font: str, width: float) -> Iterator[str]:
    for word in text.split(" "):
        rest = word
        while len(rest) > 1 and _width(rest, font) > width:
            fits = max((n for n in range(1, len(rest)) if _width(rest[:n], font) <= width), default=1)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest
