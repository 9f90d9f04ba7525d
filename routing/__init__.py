"""Roads and order: networks, travel, days, rotations, maps.

Knows no Flask, no database, no planner, no clock and no environment. At its doors distances are
whole metres, durations whole seconds, and times of day seconds after local midnight.
"""
