"""Where a demo's files go: the folders of the installation it is loaded into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    networks: Path
    receipts: Path
