"""The people of the demo and the parts of town they work in: three reps, a manager, an admin."""

from __future__ import annotations

from dataclasses import dataclass

from planner.demo.places import Town
from planner.domain.access import Role

HOUR = 3600

LA_SERENA_NORTH = Town(
    "La Serena", -71.275, -29.914, -71.215, -29.868, ((-71.2489, -29.9027), (-71.238, -29.885)), "1700000"
)
LA_SERENA_SOUTH = Town(
    "La Serena", -71.283, -29.975, -71.205, -29.914, ((-71.2535, -29.9275), (-71.262, -29.945)), "1710000"
)
COQUIMBO = Town(
    "Coquimbo", -71.3556, -30.005, -71.285, -29.944, ((-71.3385, -29.9532), (-71.334, -29.982)), "1780000"
)


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """The shift of some weekdays (Monday is 0), in hours; lunch of ``lunch_minutes`` from 12:30 to 14:00."""

    weekdays: tuple[int, ...]
    starts: float
    ends: float
    lunch_minutes: int


@dataclass(frozen=True, slots=True)
class DemoRep:
    login: str
    name: str
    territory: str
    town: Town
    vehicle: str
    week: tuple[WorkingDay, ...]
    writes_spanish: bool = True


@dataclass(frozen=True, slots=True)
class DemoPerson:
    login: str
    name: str
    role: Role


MON_TO_THU, FRIDAY = (0, 1, 2, 3), (4,)

REPS = (
    DemoRep(
        "camila", "Camila Rojas", "La Serena", LA_SERENA_NORTH, "Hatchback KX-41",
        (WorkingDay((0, 1, 2, 3, 4), 8.5, 17.5, 45),),
    ),
    DemoRep(
        "diego", "Diego Araya", "La Serena", LA_SERENA_SOUTH, "Van PT-08",
        (WorkingDay((0, 1, 2, 3, 4), 9, 18, 60),), writes_spanish=False,
    ),
    DemoRep(
        "valentina", "Valentina Cortés", "Coquimbo", COQUIMBO, "Hatchback LB-77",
        (WorkingDay(MON_TO_THU, 8.5, 18, 45), WorkingDay(FRIDAY, 8.5, 15, 30)),
    ),
)  # fmt: skip
MANAGER = DemoPerson("marcela", "Marcela Fuentes", Role.MANAGER)
ADMIN = DemoPerson("admin", "Ignacio Vega", Role.ADMIN)

ROOT_TERRITORY = "Región de Coquimbo"
TERRITORIES = ("La Serena", "Coquimbo")
NETWORK = "la-serena-coquimbo"
ZONE, COUNTRY, SUBDIVISION, CURRENCY = "America/Santiago", "CL", "CO", "CLP"


def email(login: str) -> str:
    """``.example`` is reserved: no such address exists."""
    return f"{login}@rounds.example"
