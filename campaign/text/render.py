"""Templates, languages and Markdown."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import nh3
from flask import current_app
from flask_babel import force_locale, get_locale
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br", "h2", "h3"}
_MARKDOWN = MarkdownIt("js-default", {"linkify": False, "typographer": True})


class _HasLanguage(Protocol):
    language: Any


Row = TypeVar("Row", bound=_HasLanguage)


class Said(str):
    """A text of ours that knows its language, so that a page can say it where it is not the page's own."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> "Said":
        said = super().__new__(cls, text)
        said.language = language
        return said


def said(text: str) -> str | Markup:
    """The text as it stands in a page: in an element with its language, where that is another one than the page's."""
    language = getattr(text, "language", None)
    if language is None or language == reading_language():
        return text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, "rtl" if right_to_left(language) else "ltr", str(text))


def right_to_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return language.partition("-")[0] in ("ar", "dv", "fa", "he", "ps", "ug", "ur")


def reading_language() -> str:
    """The language of the page that is being made: a tag such as `en`."""
    return str(get_locale()).replace("_", "-")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, everything is said in `language`."""
    with force_locale(language.replace("-", "_")):
        yield


def render(template: str, *, language: str, **values: Any) -> str:
    """Fill a template in `language`, outside of any page: mails, texts on paper."""
    with speaking(language):
        return str(current_app.jinja_env.get_template(template).render(**values))


def markdown(text: str) -> Markup:
    """Organisers' Markdown as HTML of a few safe tags: no pictures, no raw HTML, links that are not followed."""
    html = nh3.clean(_MARKDOWN.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"}, link_rel="noopener nofollow")
    return Markup(html)  # noqa: S704  cleaned by nh3 in the line above


def one_language(rows: Iterable[Row], language: str | None = None) -> Row | None:
    """Of rows in several languages the one to show: the asked one, else English, else the first."""
    by_language = {row.language: row for row in rows}
    wanted = language or reading_language()
    return by_language.get(wanted) or by_language.get(wanted.partition("-")[0]) or by_language.get("en") or next(iter(by_language.values()), None)
