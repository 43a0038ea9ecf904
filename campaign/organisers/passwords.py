"""What may be a password of somebody at the desk: judged on this machine, against lists that come with a package. Nothing is asked of anybody."""

import re
import unicodedata

from campaign.organisers.service import LONGEST_ADDRESS, SHORTEST_PASSWORD

MOST_GUESSED = 10.0
"""Passwords that are found in fewer than ten thousand million guesses (as a power of ten) are known, or made of what is known."""
JUDGED = 72
"""Characters that are looked at: the work grows with the square of them."""
SHORTEST_WORD = 4


class PasswordWrong(ValueError):
    """It would not hold. Which of the three says why."""


class PasswordShort(PasswordWrong):
    """It needs at least twelve characters."""


class PasswordIsTheirs(PasswordWrong):
    """Their own name or address is in it."""


class PasswordKnown(PasswordWrong):
    """It stands in lists of stolen passwords, or is made of what stands there."""


def check(password: str, *, email: str, name: str) -> None:
    """Raise PasswordShort, PasswordIsTheirs or PasswordKnown where it would not hold."""
    from zxcvbn import zxcvbn  # here: its lists are ten megabytes, and only who chooses a password needs them

    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST_PASSWORD:
        raise PasswordShort
    words = own_words(email=email, name=name)
    folded = plain.casefold()
    if any(word in folded for word in words):
        raise PasswordIsTheirs
    if float(zxcvbn(plain[:JUDGED], user_inputs=words)["guesses_log10"]) < MOST_GUESSED:
        raise PasswordKnown


def own_words(*, email: str, name: str) -> list[str]:
    """The words by which somebody is known: of the name, and of the address before the @."""
    local = email[:LONGEST_ADDRESS].partition("@")[0]
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", f"{name} {local}").casefold())
    return [word for word in {local.casefold(), *words} if len(word) >= SHORTEST_WORD]
