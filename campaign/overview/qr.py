"""The square on a poster by which a phone finds the page."""

import io
from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=256)
def qr_code(address: str) -> Markup:
    """A QR code of an address as SVG, to stand in a page."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None)
    return Markup(out.getvalue().decode())  # noqa: S704  drawn from the modules of the code: no letter of the address is in it
