"""A link proves one thing, for one object, and cannot be made or changed by anybody else."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.security import tokens
from campaign.security.tokens import TokenWrong

tokens.hold_secret("a secret of the tests that is long enough")


def test_a_link_says_what_it_was_made_for() -> None:
    id = uuid.uuid4()
    assert tokens.read("letter", tokens.make("letter", id, 3)) == tokens.Token(id, 3)


def test_a_link_for_one_purpose_is_void_for_another() -> None:
    with pytest.raises(TokenWrong):
        tokens.read("track", tokens.make("letter", uuid.uuid4()))


@given(spot=st.integers(0, 43), char=st.characters(codec="utf-8"))
def test_a_changed_link_is_void(spot: int, char: str) -> None:
    token = tokens.make("letter", uuid.UUID(int=7))
    changed = token[:spot] + char + token[spot + 1 :]
    if changed != token:
        with pytest.raises(TokenWrong):
            tokens.read("letter", changed)


@given(st.text())
def test_anything_else_is_void(text: str) -> None:
    with pytest.raises(TokenWrong):
        tokens.read("letter", text)
