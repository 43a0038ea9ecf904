"""What an appeal offers somebody who writes: offices, languages, ways to travel, and the outline to start from."""

from campaign.appeals.models import Appeal, AppealVersion
from campaign.appeals.service import current, target_of, words
from campaign.authorities.models import Authority
from campaign.authorities.service import is_verified
from campaign.letters.sheet import Draft
from campaign.letters.words import clean_words

WRITTEN_KINDS = ("letter", "solidarity")
"""The kinds of appeal that are answered with a letter."""


class NotOffered(Exception):
    """The appeal does not offer this office, language or way. `what` is one of `to`, `language`, `way`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def offices(appeal: Appeal) -> list[Authority]:
    """The offices a letter can go to; none for solidarity messages, which are collected at one address."""
    return [target.authority for target in appeal.targets] if appeal.kind == "letter" else []


def languages(version: AppealVersion, authority: Authority | None) -> list[str]:
    """The languages the office reads and the appeal has words in, in the office's order."""
    worded = [text.language for text in version.texts]
    if authority is None:
        return sorted(worded)
    return [language for language in authority.languages if language in worded] or sorted(worded)


def best_language(version: AppealVersion, authority: Authority | None, *, wished: str) -> str:
    """Of the languages offered the wished one, else English, else the first."""
    offered = languages(version, authority)
    return next((tag for tag in (wished, wished.partition("-")[0], "en") if tag in offered), offered[0])


def ways(appeal: Appeal, authority: Authority | None) -> list[str]:
    """The channels a letter to this office can take: e-mail only where it has a mailbox, and an address is handed out once it is verified."""
    possible = {"print": True, "email": authority is not None and bool(authority.mailboxes), "self": authority is None or is_verified(authority)}
    return [channel for channel, can_be in possible.items() if can_be and channel in appeal.channels]


def outline(version: AppealVersion, language: str) -> str:
    """What a letter in this language may start from."""
    return clean_words(words(version, language).outline)


def outlines(version: AppealVersion) -> set[str]:
    """All texts a letter may start from: words that equal one of them are nobody's own."""
    return {clean_words(text.outline) for text in version.texts}


def version_shown(appeal: Appeal, id_text: str) -> AppealVersion:
    """The version that was on the page, by its id; the newest where the page did not say."""
    return next((version for version in appeal.versions if version.id.hex == id_text), current(appeal))


def check_offered(draft: Draft, *, channel: str) -> None:
    """Raises NotOffered unless the appeal offers the draft's office, its language and this channel."""
    if (draft.authority is None) != (draft.appeal.kind == "solidarity") or (draft.authority is not None and target_of(draft.appeal, draft.authority.id) is None):
        raise NotOffered("to")
    if draft.language not in languages(draft.version, draft.authority):
        raise NotOffered("language")
    if channel not in ways(draft.appeal, draft.authority):
        raise NotOffered("way")
