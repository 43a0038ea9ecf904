"""The typesetter: data in, PDF out, the same bytes for the same data. What people wrote goes in as JSON and stays text."""

import json
import re
import threading
import unicodedata
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "paper" / "print"

# PDF/UA-1: tagged, so that a screen reader can read the sheet; it also makes a missing glyph an error instead of a box.
STANDARD = ["ua-1"]

# A word longer than this may be broken, every few letters; in a narrow column a shorter one may.
LONGEST_WORD = 40
LONGEST_IN_COLUMN = 16
PIECE = 8
# The engine keeps what it set until it has set ten documents more: of ten files that is a quarter of a gigabyte, and hardly
# anything of it is used again. Empty documents in between let two files do for ten; what each file uses stays.
FORGETTING = 4
# No script stacks more marks on one letter; more would print over the lines above and below.
MOST_MARKS = 6

_GLYPH = re.compile(
    r'PDF/UA-1 error: the text (?:contains the disallowed codepoint )?`"(.+?)"`',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls of writing direction that would turn the text around them, byte order marks, tags: all without ink.
_INKLESS = re.compile("[\u202a-\u202e\u2066-\u2069\u061c\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
# Latin and Cyrillic letters and their punctuation, of which nothing has to be left out: nearly every text.
_ORDINARY = re.compile("[\n -~\u00a0-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2116]*")
_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([A-Za-z]{2}))?(?:[-_].*)?")
_threads = threading.local()


class MissingGlyph(Exception):
    """No font here has this character; `character` is it, `code` the sheet it stands on where that is known."""

    def __init__(self, character: str, code: str = "") -> None:
        self.character = character
        self.code = code
        names = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'without a name')}" for c in character[:4])
        super().__init__(f"No font can print {names}" + (f" on sheet {code}" if code else ""))


class TooLong(Exception):
    """The text does not fit where it must; `code` names the sheet."""

    def __init__(self, code: str = "") -> None:
        self.code = code
        super().__init__(f"Sheet {code or 'without a code'} does not fit on one page")


class TypesettingStopped(Exception):
    """The typesetter refused for another reason than a glyph or the length: a fault of ours, with its words."""


def plain(text: str) -> str:
    """The text as it can stand on paper: line ends made one kind, controls that have no ink left out.

    Raises MissingGlyph for what no font can show: private and unpaired code points, and towers of marks.
    """
    if _ORDINARY.fullmatch(text):
        return text
    text = _INKLESS.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    kept = []
    marks = 0
    for character in text:
        category = "" if character == "\n" else unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cn", "Co", "Cs") or marks > MOST_MARKS:
            raise MissingGlyph(character)
        if category != "Cc":
            kept.append(character)
    return "".join(kept)


def one_line(text: str) -> str:
    """A text that is one line, whatever was typed."""
    return plain(text).replace("\n", " ").strip()


def runs(text: str, longest: int = LONGEST_WORD) -> list[str]:
    """The text in runs at whose seams a line may break: one run, unless a word is longer than its line."""
    found = []
    start = 0
    for word in re.finditer(rf"[^ \n]{{{longest + 1},}}", text):
        for seam in range(word.start() + PIECE, word.end(), PIECE):
            found.append(text[start:seam])
            start = seam
    return [*found, text[start:]]


def paragraphs(text: str) -> list[list[str]]:
    """The paragraphs of a text as typed: an empty line parts them, a single line end stays a line end."""
    parts = re.split(r"\n[ \u00a0]*\n\s*", plain(text).strip("\n"))
    return [runs(part.strip("\n")) for part in parts if part.strip()]


def language(tag: str) -> tuple[str, str | None]:
    """Language and region of a tag such as "pt-BR", as the typesetter takes them; English for what is none."""
    match = _LANGUAGE.fullmatch(tag)
    if match is None:
        return "en", None
    return match[1], match[2].upper() if match[2] else None


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Typesets the template with the data. Raises MissingGlyph, or TypesettingStopped with the engine's words."""
    try:
        made = _compiler().compile(
            TEMPLATES / template,
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=STANDARD,  # type: ignore[arg-type]  # a plain list of str to the checker
            timestamp=0,
        )
    except typst.TypstError as error:
        raise _told(error) from None
    finally:
        for _time in range(FORGETTING):
            _compiler().compile(b"")
    assert isinstance(made, bytes)
    return made


def pages(made: bytes) -> int:
    """How many pages a PDF of this typesetter has, as it says at its beginning."""
    found = _PAGES.search(made, 0, 200)
    return int(found[1]) if found else 0


def measured(template: str, data: dict[str, Any], label: str) -> Any:
    """What the template measured and left under the label, without making a PDF."""
    # A query takes its data from the compiler itself, so each has its own; the fonts, which cost, are shared.
    compiler = typst.Compiler(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data)},
    )
    try:
        return json.loads(compiler.query(f"<{label}>", field="value", one=True))
    except typst.TypstError as error:
        raise _told(error) from None


def _fonts() -> typst.Fonts:
    """The fonts the engine brings along and no others: a system's fonts would make each machine's sheets differ."""
    if not hasattr(_threads, "fonts"):
        _threads.fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    fonts: typst.Fonts = _threads.fonts
    return fonts


def _compiler() -> typst.Compiler:
    """This thread's compiler. Made at first use, never at import: its own threads do not survive a fork."""
    if not hasattr(_threads, "compiler"):
        _threads.compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts())
    compiler: typst.Compiler = _threads.compiler
    return compiler


def _told(error: typst.TypstError) -> Exception:
    missing = _GLYPH.search(error.message)
    if missing is None:
        return TypesettingStopped(f"{error.message} {error.diagnostic}")
    return MissingGlyph(_ESCAPE.sub(lambda m: chr(int(m[1], 16)), missing[1]))
