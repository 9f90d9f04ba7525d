"""Forms as their pages send them, so that a new field is added to the tests in one place."""

from __future__ import annotations


def settings_form(**values: str) -> dict[str, str]:
    """The settings of the installation."""
    return {
        "company_name": "Elqui",
        "speed_factor": "0.8",
        "signal_seconds": "2",
        "travel_engine": "own",
        "osrm_table_size": "100",
        "snap_warn_metres": "250",
        "snap_refuse_metres": "2000",
        "prospects_per_week": "2",
        "frozen_days": "0",
        "navigation_app": "google",
        "osrm_url": "",
        "tile_url": "",
        "tile_attribution": "",
        **values,
    }
