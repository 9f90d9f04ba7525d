"""Pictures that look alike: they are the same seen from far, and nowhere another seen from near.

From far: 256 ``bits`` as hexadecimal digits, quickly compared. From near: the ``shades`` of 48 × 48 fields, 0
to 255 each, in Base64, which tell tickets of one lay-out by their digits.

Measured as in ``tests/services/test_picture_likeness.py``: the same photo, made smaller and encoded anew as a
phone does it, differs in 4 bits and 4 shades at most, by a messenger at 1,280 pixels in 8 bits and 6 shades.
Two photographed receipts differ in 28 bits at least (of 8,900 pairs), two of one shop in 56 held by hand and
24 scanned (of 780 each). Tickets of one app that differ only in date and hour differ in 0 bits and up, and in
9 shades at least; those of one merchant in the demo in 19.
"""

from __future__ import annotations

from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import sub

BITS_APART = 10
"""By how many bits the same picture may differ from itself."""

SHADES_APART = 7
"""By how much any of its fields may be darker or lighter."""

WHITE = 255

MOST_BESIDE = 20
"""With how many others that are the same from far a picture is compared from near: those just before it.
Someone who sends the ticket of one app each day has hundreds."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture looks like. ``bits`` empty: like nothing, as one that is of one colour."""

    bits: str = ""
    shades: str = ""


def bits_apart(one: str, other: str) -> int:
    """In how many bits two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def shades_apart(one: str, other: str) -> int:
    """The shades between the two fields that differ most; as far as can be where they are not as many."""
    first, second = b64decode(one), b64decode(other)
    if not first or len(first) != len(second):
        return WHITE
    return int(max(map(abs, map(sub, first, second))))


def same_from_far(pictures: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """The keys of pictures whose bits are nearly the same, the smaller key first.

    Bits that differ in so many places are the same in at least one part of one more: only those that share a
    part are compared, not each with each. 6,000 take 0.15 s.
    """
    sharing: dict[tuple[int, str], list[int]] = defaultdict(list)
    for key, bits in sorted(pictures.items()):
        beside: set[int] = set()
        for place, part in enumerate(_parts(bits, BITS_APART + 1)):
            beside.update(sharing[place, part][-MOST_BESIDE:])
            sharing[place, part].append(key)
        near = (each for each in sorted(beside) if bits_apart(bits, pictures[each]) <= BITS_APART)
        yield from ((other, key) for other in list(near)[-MOST_BESIDE:])


def _parts(bits: str, count: int) -> Iterator[str]:
    """As binary digits, so that the parts are as long as can be."""
    binary = f"{int(bits, 16):0{4 * len(bits)}b}"
    for place in range(count):
        yield binary[place * len(binary) // count : (place + 1) * len(binary) // count]
