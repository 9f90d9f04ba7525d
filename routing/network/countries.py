"""What the law says where no sign stands, by country: the side one drives on, and speed limits for cars.

Limits are km/h for motorways, other roads outside towns, and towns: the general limits for cars as they
are commonly published, in whole figures; where states or regions differ, the commonest. They stand in
for missing signs only and have not been checked against each law: a stale figure moves an estimate.
"""

from __future__ import annotations

from typing import NamedTuple

LEFT = frozenset(
    code
    for row in (
        "AG AI AU BB BD BM BN BS BT BW CC CK CX CY DM FJ FK GB GD GG GY HK ID IE IM IN JE JM JP KE KI KN KY",
        "LC LK LS MO MS MT MU MV MW MY MZ NA NF NP NR NU NZ PG PK PN SB SC SG SH SR SZ TC TH TK TL TO TT TV",
        "TZ UG VC VG VI WS ZA ZM ZW",
    )
    for code in row.split()
)
"""ISO 3166 codes of the countries and territories where one drives on the left."""


class Limits(NamedTuple):
    motorway: int
    rural: int
    urban: int


ANYWHERE = Limits(110, 80, 50)

LIMITS = {
    "AR": Limits(120, 110, 40),
    "AT": Limits(130, 100, 50),
    "AU": Limits(110, 100, 50),
    "BE": Limits(120, 90, 50),
    "BR": Limits(110, 80, 60),
    "CA": Limits(100, 80, 50),
    "CH": Limits(120, 80, 50),
    "CL": Limits(120, 100, 50),
    "CN": Limits(120, 70, 50),
    "CO": Limits(100, 80, 50),
    "CY": Limits(100, 80, 50),
    "CZ": Limits(130, 90, 50),
    "DE": Limits(130, 100, 50),
    "DK": Limits(130, 80, 50),
    "EE": Limits(110, 90, 50),
    "ES": Limits(120, 90, 50),
    "FI": Limits(120, 80, 50),
    "FR": Limits(130, 80, 50),
    "GB": Limits(113, 97, 48),
    "GR": Limits(130, 90, 50),
    "HR": Limits(130, 90, 50),
    "HU": Limits(130, 90, 50),
    "IE": Limits(120, 80, 50),
    "IN": Limits(100, 70, 50),
    "IT": Limits(130, 90, 50),
    "JP": Limits(100, 60, 40),
    "KE": Limits(110, 80, 50),
    "LI": Limits(80, 80, 50),
    "LT": Limits(130, 90, 50),
    "LU": Limits(130, 90, 50),
    "LV": Limits(110, 90, 50),
    "MT": Limits(80, 80, 50),
    "MX": Limits(110, 80, 50),
    "NL": Limits(100, 80, 50),
    "NO": Limits(110, 80, 50),
    "NZ": Limits(100, 100, 50),
    "PE": Limits(100, 90, 50),
    "PL": Limits(140, 90, 50),
    "PT": Limits(120, 90, 50),
    "RO": Limits(130, 90, 50),
    "SE": Limits(110, 70, 50),
    "SI": Limits(130, 90, 50),
    "SK": Limits(130, 90, 50),
    "TR": Limits(120, 90, 50),
    "US": Limits(105, 89, 40),
    "UY": Limits(110, 90, 45),
    "ZA": Limits(120, 100, 60),
}


def drives_on(country: str) -> str:
    """``left`` or ``right``; an unknown or empty code is ``right``, as for two thirds of mankind."""
    return "left" if country.upper() in LEFT else "right"


def limits(country: str) -> Limits:
    return LIMITS.get(country.upper(), ANYWHERE)


def class_kmh(road_class: str, country: str) -> float:
    """The speed taken for a road of this class where neither a sign nor its likes nearby say one.

    Class stands in for what the law asks: whether one is in town. Main roads run through both.
    """
    law = limits(country)
    between = (law.rural + law.urban) / 2
    by_class: dict[str, float] = {
        "motorway": law.motorway,
        "motorway_link": 60,
        "trunk": law.rural,
        "trunk_link": 50,
        "primary": between,
        "primary_link": law.urban,
        "secondary": between,
        "secondary_link": law.urban,
        "living_street": 15,
        "service": 20,
        "ferry": 15,
    }
    return by_class.get(road_class, law.urban)
