"""Eyes to look at what was printed: a page as pixels, measured in mm."""

import shutil
import subprocess
from dataclasses import dataclass

from tests.services import Missing, leave_out

DPI = 200


@dataclass(frozen=True)
class Picture:
    """A page in grey, with lengths in mm."""

    width: int
    height: int
    grey: bytes

    def ink(self, left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
        """Where in this part of the page something is printed."""
        scale = DPI / 25.4
        found = []
        for y in range(int(top * scale), min(self.height, int(bottom * scale))):
            row = self.grey[y * self.width : (y + 1) * self.width]
            found += [(x / scale, y / scale) for x in range(int(left * scale), int(right * scale)) if row[x] < 200]
        return found


def picture(made: bytes, page: int = 1) -> Picture:
    """One page of the PDF as a printer's driver would see it."""
    if shutil.which("pdftoppm") is None:
        leave_out(Missing("pdftoppm (poppler-utils) is not installed"))
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(DPI), "-f", str(page), "-l", str(page), "-"],
        input=made,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout
    kind, width, height, _depth = drawn.split(maxsplit=4)[:4]
    assert kind == b"P5"
    return Picture(int(width), int(height), drawn[-int(width) * int(height) :])
