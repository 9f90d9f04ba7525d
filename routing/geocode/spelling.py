"""How far two words lie apart, in letters.

Left out, added, changed, or two neighbours exchanged: one each (optimal string alignment).
"""

from __future__ import annotations


def allowed(word: str) -> int:
    """How many letters may be wrong in a word of this length."""
    if len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2


def letters_apart(one: str, other: str, most: int) -> int:
    """The number of slips between two words, or ``most + 1`` for anything beyond ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row = row, [i]
        for j, its in enumerate(other, start=1):
            slips = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                slips = min(slips, before[j - 2] + 1)
            row.append(slips)
        if min(row) > most:
            return most + 1
        before = above
    return row[-1]


def likeness(asked: str, known: str) -> float:
    """1 for the same word, less for each slip, 0 where it is another word; a beginning counts a little."""
    if asked == known:
        return 1.0
    most = allowed(known)
    slips = letters_apart(asked, known, most)
    if slips <= most:
        return 1.0 - slips / (len(known) + 1)
    if len(asked) >= 3 and known.startswith(asked):
        return 0.75
    return 0.0
