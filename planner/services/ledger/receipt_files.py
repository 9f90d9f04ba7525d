"""Where a picture and its thumbnail lie in the receipts folder, and writing them whole; what reading one may
raise."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from PIL import Image

UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, MemoryError)
"""What Pillow raises for pictures that are truncated or forged."""

BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
"""For those that say they are larger than any camera's."""


def picture(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.jpg"


def thumb(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}.thumb.jpg"


def write(path: Path, data: bytes) -> None:
    """All or nothing: a file under its name is always whole."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        # As good as written anew: whoever clears away old files that nothing names leaves it.
        path.touch()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
