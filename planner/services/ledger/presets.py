"""The presets of exports: one data file each in ``presets/``, its name the preset's code."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from planner.domain.errors import Invalid
from planner.domain.export_columns import Preset, read_preset

FOLDER = Path(__file__).with_name("presets")
USUAL = "payroll"


@cache
def available() -> dict[str, Preset]:
    """Every preset by its code, the usual one first. Raises Invalid for a file that is wrong."""
    codes = sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda code: (code != USUAL, code))
    return {code: _read(code) for code in codes}


def find(code: str) -> Preset:
    """Raises Invalid("preset", "preset_unknown")."""
    try:
        return available()[code]
    except KeyError:
        raise Invalid("preset", "preset_unknown") from None


def _read(code: str) -> Preset:
    return read_preset(code, tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8")))
