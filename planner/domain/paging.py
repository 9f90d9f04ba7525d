"""Which lines of a long list a page shows. Totals are of the whole list, never of the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    """Page ``number`` of a list of ``total`` lines, ``size`` to a page; the first is 1, and there is always
    one."""

    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int:
        """How many lines stand on the pages before."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.before + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.before + self.size, self.total)


def paged(total: int, asked: int, size: int) -> Paging:
    """The page asked for; one beyond the last is the last."""
    return Paging(total, min(max(asked, 1), max(1, -(-total // size))), size)
