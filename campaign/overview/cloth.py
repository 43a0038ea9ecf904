"""A cloth of its own for each case: an ikat drawn from the slug, as SVG.

Ikat is woven from threads that are tied in bundles and dyed before weaving, so edges step from bundle to bundle and
bleed from thread to thread. Here: a column of tall almonds, mirrored side columns, five natural dyes. The same slug gives
the same cloth, for ever and at every size: what the cloth is comes from the slug alone, only the bleed from the threads.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup

DYES = {  # ground, and four dyes that stand well on it
    "madder": ("#8f2d2b", "#f3e3c3", "#1f3a7a", "#d79a2b", "#2b1d1a"),
    "lapis": ("#1f3a7a", "#f5ead2", "#b23a34", "#e0a93b", "#0f1b33"),
    "walnut": ("#4a3324", "#f0dfc0", "#b9453a", "#2f6b62", "#d8a445"),
    "saffron": ("#d9a03a", "#fbf3e0", "#8f2d2b", "#23407f", "#3a2418"),
    "pistachio": ("#3f6f55", "#f4ead0", "#9c3430", "#e2b24a", "#1d2f28"),
    "night": ("#20222e", "#efe0bf", "#a83a36", "#3d63a8", "#d7a03c"),
}
WIDTH, HEIGHT = 240, 320


class Chance:
    """A stream of numbers that depends on the seed alone, whatever the Python version."""

    def __init__(self, seed: str) -> None:
        self._bytes = self._stream(seed)

    @staticmethod
    def _stream(seed: str) -> Iterator[int]:
        block = 0
        while True:
            yield from hashlib.sha256(f"{seed}:{block}".encode()).digest()
            block += 1

    def below(self, n: int) -> int:
        return next(self._bytes) % n


def ogee(t: float, belly: float, waist: float) -> float:
    """Half width of an almond at height t in 0..1: pointed at both ends, full at `belly`."""
    rise = t / belly if t < belly else (1 - t) / (1 - belly)
    return float(rise**waist)


def almond(half: float, height: float, y: float, belly: float, waist: float, bleed: Chance, thread: int) -> str:
    """One half of an almond as warp threads: a rectangle per thread, its ends shifted up or down by the bleed of the dye."""
    path = []
    columns = max(1, int(half) // thread)
    bundle = max(1, 6 // thread)
    for column in range(columns):
        reach = min(1, (column // bundle + 0.5) * bundle / columns)
        top = next(t / 200 for t in range(201) if ogee(t / 200, belly, waist) >= reach or t == 200)
        bottom = next(t / 200 for t in range(200, -1, -1) if ogee(t / 200, belly, waist) >= reach or t == 0)
        if bottom <= top:
            continue
        y0 = round(y + top * height) + bleed.below(9) - 4
        y1 = round(y + bottom * height) + bleed.below(9) - 4
        path.append(f"M{column * thread} {y0}h{thread}V{y1}h-{thread}z")
    return "".join(path)


def motif(name: str, half: int, height: float, y: float, inks: list[str], chance: Chance, bleed: Chance, thread: int) -> str:
    """Nested almonds on the vertical axis, drawn once, mirrored, and kept under a name for reuse."""
    belly, waist = 0.38 + chance.below(25) / 100, 0.55 + chance.below(60) / 100
    layers = []
    for n, ink in enumerate(inks):
        share = 1 - n / len(inks)
        tall = height * (0.25 + 0.75 * share)
        d = almond(half * share, tall, y + (height - tall) / 2, belly, waist, bleed, thread)
        layers.append(f'<path fill="{ink}" d="{d}"/>')
    return f'<g id="{name}"><g id="{name}h">{"".join(layers)}</g><use href="#{name}h" transform="scale(-1 1)"/></g>'


def ikat(slug: str, thread: int = 2) -> str:
    """The cloth of a case as an SVG document, 3:4, that fills its box.

    `thread` is the width of one warp thread in SVG units: 2 for a large picture (6 kB, 2 kB compressed), 8 for a card (3 kB, 1 kB).
    """
    chance, bleed = Chance(slug), Chance(f"{slug}:{thread}")
    mark = "c" + hashlib.sha256(f"{slug}:{thread}".encode()).hexdigest()[:6]  # ids stay unique where several cloths share a page
    ground, *inks = list(DYES.values())[chance.below(len(DYES))]
    turn = chance.below(4)
    inks = inks[turn:] + inks[:turn]
    layers = [inks[0], inks[1], ground, inks[2], inks[3]][: 4 + chance.below(2)]
    tall = 250 + 10 * chance.below(8)
    centre = motif(mark + "a", 64 + 4 * chance.below(5), tall, 0, layers, chance, bleed, thread)
    rows, side = 3 + chance.below(3), []
    for row in range(rows + 1):
        dyes = [inks[(row + 1) % 4], inks[(row + 2) % 4], inks[row % 4]]
        side.append(motif(f"{mark}{row}", 24 + 4 * chance.below(4), HEIGHT / rows * 0.92, (row - 0.5) * HEIGHT / rows, dyes, chance, bleed, thread))
    stripe = inks[chance.below(4)]
    lift = chance.below(60) - 60
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" shape-rendering="crispEdges" aria-hidden="true">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>'
        f'<path fill="{stripe}" opacity=".85" d="M38 0h4v{HEIGHT}h-4zM198 0h4v{HEIGHT}h-4z"/>'
        f'<g transform="translate(120 {lift})">{centre}<use href="#{mark}a" y="{tall}"/></g>'
        f'<g id="{mark}s" transform="translate(8 0)">{"".join(side)}</g><use href="#{mark}s" x="224"/></svg>'
    )


@lru_cache(maxsize=512)
def svg(slug: str, thread: int = 2) -> Markup:
    """The cloth, ready to stand in a page."""
    return Markup(ikat(slug, thread))  # noqa: S704  drawn from numbers alone: no letter of the slug is in it


BAND, KNOT = 24, 6
"""Height of a woven band and width of its threads, in SVG units."""


@lru_cache(maxsize=512)
def woven(slug: str, woven_threads: int) -> Markup:
    """Progress as weaving: of the 40 threads of a band that many are woven in the case's colours, the others wait bare."""
    chance, bleed = Chance(slug), Chance(f"{slug}:band")
    ground, *inks = list(DYES.values())[chance.below(len(DYES))]
    turn = chance.below(4)
    first, second, *_ = inks[turn:] + inks[:turn]
    paths = []
    for ink, share in ((first, 1.0), (second, 0.62), (ground, 0.3)):
        columns = []
        for column in range(woven_threads):
            half = round(ogee((column % 10 + 0.5) / 10, 0.5, 0.8) * share * BAND / 2) - bleed.below(2)
            if half > 0:
                columns.append(f"M{column * KNOT} {BAND // 2 - half}h{KNOT}v{2 * half}h-{KNOT}z")
        paths.append(f'<path fill="{ink}" d="{"".join(columns)}"/>' if columns else "")
    bare = "".join(f"M{x} 0v{BAND}" for x in range(woven_threads * KNOT + 1, WIDTH, KNOT // 2))
    cloth = f'<path fill="{ground}" d="M0 0h{woven_threads * KNOT}v{BAND}H0z"/>' if woven_threads else ""
    warp = f'<path stroke="currentColor" opacity=".4" vector-effect="non-scaling-stroke" d="{bare}"/>' if bare else ""
    return Markup(  # noqa: S704  drawn from numbers alone
        f'<svg class="woven" viewBox="0 0 {WIDTH} {BAND}" preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true">{cloth}{"".join(paths)}{warp}</svg>'
    )


def threads_woven(now: int, goal: int) -> int:
    """How many threads of a band stand for this progress: one at the first action, all at the goal only."""
    whole = WIDTH // KNOT
    return 0 if now <= 0 else whole if now >= goal else max(1, now * whole // goal)
