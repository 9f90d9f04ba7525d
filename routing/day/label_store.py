"""Where the labels of a day are kept and found: by state (stops served, the last, lunch behind), compiled.

Of labels of one state only those stay that no other beats in both time and cost.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.compiled import compiled
from routing.day.label_day import HOME_EARLY, Day, Numbers, Reals, SmallNumbers, later_saves

NONE, AT_HOME = -1, -2
"""No label, and the one before the first: the rep at the start."""

BEATEN = -3
"""``following`` of a label that another has beaten."""


class Labels(NamedTuple):
    """``served`` are the stops as bits, ``place`` the last * 2 + lunch behind, ``least`` what a day that goes
    on from here costs at least. ``head`` finds the first label of a state by its hash, ``following`` the
    next."""

    leaves: Numbers
    cost: Numbers
    served: Numbers
    least: Reals
    place: SmallNumbers
    parent: SmallNumbers
    following: SmallNumbers
    head: SmallNumbers


class New(NamedTuple):
    """A label to be kept, as ``Labels`` says."""

    parent: int
    served: int
    place: int
    leaves: int
    cost: int
    least: float


def labels_for(room: int) -> Labels:
    return Labels(
        leaves=np.empty(room, dtype=np.int64),
        cost=np.empty(room, dtype=np.int64),
        served=np.empty(room, dtype=np.int64),
        least=np.empty(room, dtype=np.float64),
        place=np.empty(room, dtype=np.int32),
        parent=np.empty(room, dtype=np.int32),
        following=np.empty(room, dtype=np.int32),
        head=np.full(1 << (2 * room).bit_length(), NONE, dtype=np.int32),
    )


def traced(labels: Labels, last: int) -> list[int]:
    """The stops of a label in driving order."""
    order = []
    while last >= 0:
        order.append(int(labels.place[last]) // 2)
        last = int(labels.parent[last])
    return order[::-1]


@compiled
def slot_of(labels: Labels, served: int, place: int) -> int:
    """Where ``head`` holds the labels of this state, or would."""
    room = len(labels.head) - 1
    mixed = ((served ^ served >> 31) & 0x7FFFFFFF) * 0x9E3779B1 ^ place * 0x85EBCA6B
    slot = (mixed ^ mixed >> 15 ^ mixed >> 33) & room
    while labels.head[slot] >= 0:
        label = labels.head[slot]
        if labels.served[label] == served and labels.place[label] == place:
            return slot
        slot = (slot + 1) & room
    return slot


@compiled
def is_beaten(day: Day, labels: Labels, slot: int, leaves: int, cost: int) -> bool:
    """Whether one of the labels there is as good as a new one."""
    label = labels.head[slot]
    while label >= 0:
        if _beats(day, labels.leaves[label], labels.cost[label], leaves, cost):
            return True
        label = labels.following[label]
    return False


@compiled
def add(day: Day, labels: Labels, made: int, slot: int, new: New) -> int:
    """Keeps a label that none beats; those of its state it beats go. Returns how many are made then, NONE
    where there is no room for it."""
    if made >= len(labels.leaves):
        return NONE
    before, label = NONE, labels.head[slot]
    first = label
    while label >= 0:
        following = labels.following[label]
        if _beats(day, new.leaves, new.cost, labels.leaves[label], labels.cost[label]):
            labels.following[label] = BEATEN
            if before < 0:
                first = following
            else:
                labels.following[before] = following
        else:
            before = label
        label = following
    labels.leaves[made], labels.cost[made], labels.served[made] = new.leaves, new.cost, new.served
    labels.place[made], labels.parent[made], labels.least[made] = new.place, new.parent, new.least
    labels.following[made], labels.head[slot] = first, made
    return made + 1


@compiled
def _beats(day: Day, leaves: int, cost: int, other_leaves: int, other_cost: int) -> bool:
    """Whether no day that goes on from the other can be better; as ``moments.beats``."""
    if leaves > other_leaves or cost > other_cost:
        return False
    if len(day.rush_span) == 0 or leaves == other_leaves or day.rules[HOME_EARLY]:
        return True
    saves = later_saves(day, leaves)
    return saves == 0.0 or cost + saves + len(day.service) + 1 <= other_cost
