"""One form for all spellings of a name, so that a person or an office is found by any of them, in Cyrillic or Latin letters."""

import re
import unicodedata

# Letters to the commonest Latin rendering; the ways in which renderings differ are levelled by VARIANTS below.
RENDERINGS = """
а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=c ч=ch ш=sh щ=shch ъ= ы=i ь= э=e ю=yu я=ya
ә=a ғ=gh қ=q ң=n ө=o ұ=u ү=u һ=h і=i ӣ=i ӯ=u ҳ=h ҷ=j ў=u ї=i є=e
ç=ch ş=sh ž=zh ñ=n ğ=gh ı=i ə=a ø=o ł=l đ=d æ=ae
'= ’= ʼ= ʻ= ‘= `= ʹ= ʺ=
"""
LETTERS = str.maketrans(dict(pair.split("=") for pair in RENDERINGS.split()))
VARIANTS = (
    (re.compile("shch|sch"), "sh"),
    (re.compile("tsh|tch"), "ch"),
    (re.compile("dzh|zh|dj"), "j"),
    (re.compile("kh|x"), "h"),
    (re.compile("gh"), "g"),
    (re.compile("ck|q"), "k"),
    (re.compile("ts|tz"), "c"),
    (re.compile("w"), "v"),
    (re.compile("ou"), "u"),
    (re.compile("yo|ye"), "e"),  # ё is written ё, е, yo, io, e; and Bayev is Baev
    (re.compile("y"), "i"),
    (re.compile(r"(.)\1+"), r"\1"),
)

HELD_DOWN = re.compile(r"(\w)\1\1", re.IGNORECASE)
"""A letter three times in a row: nearly always a key that was held down, which folding would make one letter."""


def fold(text: str) -> str:
    """The form in which names are kept for searching, and a query is looked for: plain Latin letters and single spaces."""
    # Composed first: й and ӣ are letters of their own, not an и with something above it.
    latin = unicodedata.normalize("NFKC", text).casefold().translate(LETTERS)
    bare = "".join(one for one in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(one))
    words = re.sub(r"[^\w]+", " ", bare).strip()
    for variant, level in VARIANTS:
        words = variant.sub(level, words)
    return words
