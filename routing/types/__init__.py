"""Values that pass through routing's doors.

Coordinates are WGS 84 degrees. Times of day are whole seconds after local midnight, durations
whole seconds, distances whole metres. A time window says when service may *begin*; both ends
count. All values are frozen; sequences are tuples.
"""

from routing.types.budgets import SearchBudget
from routing.types.days import (
    Broken,
    BrokenRule,
    DayProblem,
    DayRoute,
    LeftOut,
    LeftOutStop,
    Lunch,
    Objective,
    OrderedDay,
    PlannedStop,
    Shift,
    Stop,
    TeamProblem,
    TeamRoutes,
    TimeWindow,
)
from routing.types.roads import (
    UNREACHABLE_SECONDS,
    Leg,
    MetresTable,
    Place,
    RushTimes,
    SecondsMatrix,
    Snap,
    TravelMatrix,
)
from routing.types.rotations import (
    NightAway,
    Nights,
    Quota,
    RotationAccount,
    RotationDay,
    RotationPlan,
    RotationProblem,
    RotationVisit,
    Season,
    Unplaced,
    UnplacedAccount,
)

__all__ = [
    "UNREACHABLE_SECONDS",
    "Broken",
    "BrokenRule",
    "DayProblem",
    "DayRoute",
    "LeftOut",
    "LeftOutStop",
    "Leg",
    "Lunch",
    "MetresTable",
    "NightAway",
    "Nights",
    "Objective",
    "OrderedDay",
    "Place",
    "PlannedStop",
    "Quota",
    "RotationAccount",
    "RotationDay",
    "RotationPlan",
    "RotationProblem",
    "RotationVisit",
    "RushTimes",
    "SearchBudget",
    "Season",
    "SecondsMatrix",
    "Shift",
    "Snap",
    "Stop",
    "TeamProblem",
    "TeamRoutes",
    "TimeWindow",
    "TravelMatrix",
    "Unplaced",
    "UnplacedAccount",
]
