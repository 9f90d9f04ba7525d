from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("heavy", ["folium", "osmnx", "osmium", "networkx", "pandas"])
def test_what_a_request_needs_of_the_roads_does_not_import_what_only_building_or_drawing_needs(heavy):
    code = f"import sys, routing.network, routing.travel, routing.maps; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
