"""A language that marks every translated text: what stands outside of the marks was never given to the translators."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from lxml import html
from lxml.etree import _Element

from campaign.commands.messages import collect

TAG = "eo"  # a real language, so that days and countries have names in it; its texts are ours
OPEN, CLOSE = "⟦", "⟧"
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label")


def write_catalogue(folder: Path) -> str:
    """Compile a catalogue in which each text is itself, in marks. Returns the folder for Flask-Babel."""
    catalogue = Catalog(locale=TAG)
    for message in collect():
        if message.id:
            forms = message.id if isinstance(message.id, list | tuple) else (message.id,)
            marked = [f"{OPEN}{form}{CLOSE}" for form in forms]
            catalogue.add(message.id, marked if len(forms) > 1 else marked[0], context=message.context)
    target = folder / TAG / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return str(folder)


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    """Words of days, months and countries, which come with the language and not from our catalogue."""
    locale = Locale.parse(TAG)
    names = [*locale.territories.values(), *locale.languages.values(), *locale.days["format"]["wide"].values()]
    names += [name for width in ("wide", "abbreviated") for form in ("format", "stand-alone") for name in locale.months[form][width].values()]
    return frozenset(word for name in names for word in _words(str(name)))


def untranslated_in_text(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Words of a plain text that stand outside of all marks."""
    return _outside([text], allowed)


def untranslated(page: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """Words of a page, its title and its spoken attributes that stand outside of all marks.

    Content has a language of its own and says so (`lang` on the element); names of products say `translate="no"`.
    """
    root = html.document_fromstring(page)
    return [*_outside(_texts(root), allowed), *(word for spoken in _attributes(root) for word in _outside([spoken], allowed))]


def _outside(texts: list[str] | Iterator[str], allowed: frozenset[str]) -> list[str]:
    depth, left = 0, []
    for text in texts:
        for piece in re.split(f"([{OPEN}{CLOSE}])", text):
            if piece in (OPEN, CLOSE):
                depth += 1 if piece == OPEN else -1
            elif depth <= 0:
                left.append(piece)
    words = [word for piece in left for word in _words(re.sub(r"https?://\S+|\S+@\S+", " ", piece))]
    return [word for word in words if word not in known_words() and word not in allowed]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{2,}", text)


def _texts(element: _Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in ("style", "script", "svg", "textarea") or _is_content(element):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _attributes(root: _Element) -> Iterator[str]:
    for element in root.iter():
        if isinstance(element.tag, str) and not any(_is_content(one) for one in (element, *element.iterancestors())):
            yield from (str(element.get(name)) for name in SPOKEN if element.get(name))
            if element.tag == "meta" and element.get("name") == "description":
                yield str(element.get("content"))


def _is_content(element: _Element) -> bool:
    return element.get("translate") == "no" or (element.tag != "html" and element.get("lang") not in (None, TAG))
