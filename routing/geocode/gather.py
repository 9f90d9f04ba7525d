"""From items to things that can be found: streets with their houses, and places, each once.

Houses and ways of one name are one street; where they lie in distant parts, each part is a street of
its own, told from the others by its town, or by a street beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from routing.distance import metres_apart
from routing.geocode.parts import Grid, Square, dense, middle, neighbours
from routing.geocode.tags import SETTLEMENTS
from routing.geocode.values import FoundKind, House, Item, Point, Spot, Way
from routing.geocode.words import words

REACH_METRES = dict(zip(SETTLEMENTS, (9000, 5000, 3000, 2000, 1500), strict=True))
"""How far from its middle a settlement gives its name to streets that state none."""

SAME_PLACE_METRES = 3000


@dataclass(slots=True)
class Thing:
    """A street or a place. ``hint`` tells it from another of the same name in the same town."""

    kind: FoundKind
    names: tuple[str, ...]
    point: Point
    town: str = ""
    hint: str = ""
    rank: str = ""
    houses: list[House] = field(default_factory=list)
    squares: frozenset[Square] = frozenset()


@dataclass(slots=True)
class _Named:
    """Everything of one name, wherever it lies."""

    names: dict[str, None] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)

    def all_points(self) -> Iterator[Point]:
        yield from self.points
        yield from (house.point for house in self.houses)


def gather(items: Iterable[Item]) -> list[Thing]:
    """Streets first, then places; in an order that depends on the items only."""
    streets: dict[str, _Named] = defaultdict(_Named)
    outposts: dict[str, _Named] = defaultdict(_Named)
    spots: list[Spot] = []
    for item in items:
        if isinstance(item, Way):
            named = streets[key(item.names[0])]
            named.names |= dict.fromkeys(item.names)
            named.points += dense(item.points)
        elif isinstance(item, House):
            named = (outposts if item.is_place else streets)[key(item.street)]
            named.names.setdefault(item.street)
            named.houses.append(item)
        else:
            spots.append(item)
    grid = Grid(next((point[1] for named in streets.values() for point in named.all_points()), 0.0))
    places = _places(grid, spots, outposts)
    found = [thing for name, named in streets.items() if name for thing in _streets(grid, named)]
    _give_towns(found, places)
    _tell_apart(grid, found)
    return [*found, *places]


def key(name: str) -> str:
    """Under which a name is the same street: ``Main St.`` and ``Main Street``."""
    return " ".join(words(name))


def _streets(grid: Grid, named: _Named) -> Iterator[Thing]:
    """One for each distant part, the largest first."""
    numbers = grid.parts(named.all_points())
    points: dict[int, list[Point]] = defaultdict(list)
    houses: dict[int, list[House]] = defaultdict(list)
    squares: dict[int, set[Square]] = defaultdict(set)
    for square, number in numbers.items():
        squares[number].add(square)
    for point in named.points:
        points[numbers[grid.square(point)]].append(point)
    for house in named.houses:
        houses[numbers[grid.square(house.point)]].append(house)
    for number in sorted(squares, key=lambda part: -len(squares[part])):
        own = points[number] or [house.point for house in houses[number]]
        street = Thing(FoundKind.STREET, tuple(named.names), middle(own), houses=houses[number])
        street.squares = frozenset(squares[number])
        yield street


def _places(grid: Grid, spots: Iterable[Spot], outposts: dict[str, _Named]) -> list[Thing]:
    """Places, the larger ones first; houses that name a place instead of a street go to it."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for spot in sorted(spots, key=_size):
        same = found[key(spot.names[0])]
        if all(metres_apart(spot.point, other.point) > SAME_PLACE_METRES for other in same):
            same.append(Thing(FoundKind.PLACE, spot.names, spot.point, rank=spot.rank))
    for name, named in outposts.items():
        for group in _streets(grid, named):
            near = [p for p in found[name] if metres_apart(p.point, group.point) < SAME_PLACE_METRES]
            if near:
                near[0].houses += group.houses
            else:
                group.kind, group.squares = FoundKind.PLACE, frozenset()
                found[name].append(group)
    return [place for name, same in found.items() if name for place in same]


def _size(spot: Spot) -> int:
    return SETTLEMENTS.index(spot.rank) if spot.rank in SETTLEMENTS else len(SETTLEMENTS)


def _give_towns(streets: Iterable[Thing], places: Iterable[Thing]) -> None:
    """The town most of its houses state; else the settlement nearest by its reach."""
    settlements = [place for place in places if place.rank in REACH_METRES]
    for street in streets:
        stated = Counter(house.town for house in street.houses if house.town)
        street.town = stated.most_common(1)[0][0] if stated else _nearest(street.point, settlements)


def _nearest(point: Point, settlements: Iterable[Thing]) -> str:
    shares = (
        (metres_apart(point, place.point) / REACH_METRES[place.rank], place.names[0]) for place in settlements
    )
    share, name = min(shares, default=(2.0, ""))
    return name if share <= 1 else ""


def _tell_apart(grid: Grid, streets: list[Thing]) -> None:
    """Streets of the same name in the same town get a hint: a street beside each."""
    same: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    in_square: dict[Square, list[Thing]] = defaultdict(list)
    for street in streets:
        same[key(street.names[0]), key(street.town)].append(street)
        for square in street.squares:
            in_square[square].append(street)
    for group in same.values():
        if len(group) > 1:
            for street in group:
                street.hint = _beside(grid, street, in_square)


def _beside(grid: Grid, street: Thing, in_square: dict[Square, list[Thing]]) -> str:
    """The longest other street around the middle of one, as the one most people know."""
    around = [
        other for square in neighbours(grid.square(street.point)) for other in in_square.get(square, ())
    ]
    others = [other for other in around if other.names[0] != street.names[0]]
    return max(others, key=lambda other: (len(other.squares), other.names[0])).names[0] if others else ""
