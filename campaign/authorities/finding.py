"""Finding an office: by any word of it in any language, and by being nearly another one."""

from difflib import SequenceMatcher

from sqlalchemy import ColumnElement, and_, or_, select, true

from campaign.authorities.facts import Facts
from campaign.authorities.models import Authority, AuthorityText, Mailbox
from campaign.db import db
from campaign.text.places import countries, known_language
from campaign.text.spelling import fold

NEARLY = 0.85
"""From this likeness on a person is asked: “Prosecutor General” and “Prosecutor General's Office” are 0.88 alike, the ministers of justice and of health 0.65."""
LITTLE = frozenset(fold("of the and for in a an at to respubliki республика республики republic republics").split())
"""Words that say nothing about which office of a country it is."""
LONGEST_SEARCH = 120


def found_by(text: str) -> ColumnElement[bool]:
    """A condition on Authority: each word stands somewhere in it, or begins a word of its country's name in a language that the directory has."""
    languages = {"en", *db.session.scalars(select(AuthorityText.language).distinct())}
    names = [(code, fold(name).split()) for language in languages if known_language(language) for code, name in countries(language)]
    conditions = []
    for word in fold(text[:LONGEST_SEARCH]).split():
        there = {code for code, name in names if any(part.startswith(word) for part in name)}
        conditions.append(or_(Authority.search.contains(word, autoescape=True), Authority.country.in_(sorted(there))))
    return and_(true(), *conditions)


def alike(facts: Facts, *, but: str = "") -> list[Authority]:
    """Offices that may be this one already: nearly the same title in the same country, the same lines there, or one of its mailboxes."""
    query = select(Authority).where(Authority.key != but).order_by(Authority.key)
    near = [office for office in db.session.scalars(query.where(Authority.country == facts.country)) if _nearly(office, facts)]
    shared = query.where(Authority.id.in_(select(Mailbox.authority_id).where(Mailbox.address.in_(list(facts.mailboxes)))))
    return [*near, *(office for office in db.session.scalars(shared) if office not in near)]


def _nearly(office: Authority, facts: Facts) -> bool:
    theirs, ours = [text.office for text in office.texts if text.office], list(facts.titles.values())
    numbered = {tuple(filter(str.isdigit, fold(title).split())) for title in (*theirs, *ours)}
    if len(numbered) > 1:  # colony no. 1 is not colony no. 2
        return False
    if [fold(line) for line in office.lines] == [fold(line) for line in facts.lines]:
        return True
    country = _country_words(facts)
    return any(SequenceMatcher(None, _bare(one, country), _bare(other, country)).ratio() >= NEARLY for one in ours for other in theirs)


def _country_words(facts: Facts) -> set[str]:
    languages = {language for language in ("en", *facts.titles) if known_language(language)}
    return {word for language in languages for code, name in countries(language) if code == facts.country for word in fold(name).split()}


def _bare(title: str, country: set[str]) -> str:
    words = fold(title).split()
    return " ".join(word for word in words if word not in LITTLE and word not in country) or " ".join(words)
