"""Personal data opens only with its key, and only in its own place."""

import uuid

import pytest

from campaign.app import CampaignApp
from campaign.commands.keys import rotate
from campaign.db import db, now_utc
from campaign.security import keys
from campaign.security.keys import KeyRing, SealBroken
from campaign.supporters.models import Supporter
from campaign.supporters.service import find_or_make

OLD, NEW, INDEX = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))


def test_a_value_opens_in_its_place_and_nowhere_else() -> None:
    ring = KeyRing({"a": OLD}, "a", INDEX)
    sealed = ring.seal(b"Test Supporter", place="signature/name_sealed/1")
    assert ring.open(sealed, place="signature/name_sealed/1") == b"Test Supporter"
    for place in ("signature/name_sealed/2", "signature/comment_sealed/1", "letter/name_sealed/1"):
        with pytest.raises(SealBroken):
            ring.open(sealed, place=place)


def test_a_changed_value_does_not_open() -> None:
    ring = KeyRing({"a": OLD}, "a", INDEX)
    sealed = bytearray(ring.seal(b"words", place="p"))
    for spot in range(len(sealed)):
        changed = bytearray(sealed)
        changed[spot] ^= 1
        with pytest.raises(SealBroken):
            ring.open(bytes(changed), place="p")


def test_a_value_sealed_with_an_old_key_opens_while_the_key_is_kept_and_not_after() -> None:
    sealed = KeyRing({"a": OLD}, "a", INDEX).seal(b"words", place="p")
    assert KeyRing({"b": NEW, "a": OLD}, "b", INDEX).open(sealed, place="p") == b"words"
    with pytest.raises(SealBroken):
        KeyRing({"b": NEW}, "b", INDEX).open(sealed, place="p")


def test_the_same_words_never_look_the_same() -> None:
    ring = KeyRing({"a": OLD}, "a", INDEX)
    assert ring.seal(b"words", place="p") != ring.seal(b"words", place="p")


def test_a_row_copied_over_another_does_not_open(app: CampaignApp) -> None:
    one = find_or_make(email="one@example.org", now=now_utc())
    two = find_or_make(email="two@example.org", now=now_utc())
    two.email_sealed = one.email_sealed
    with pytest.raises(SealBroken):
        assert two.email


def test_rotation_seals_everything_with_the_new_key_and_loses_nothing(any_app: CampaignApp) -> None:
    ids = [find_or_make(email=f"supporter{number}@example.org", now=now_utc()).id for number in range(3)]
    db.session.commit()
    before = keys.ring()
    rotated = KeyRing({"new": NEW, **before.keys}, "new", before.index_key)
    keys.hold(rotated)
    db.session.expunge_all()
    assert rotate(Supporter, ["email"]) == 3
    keys.hold(KeyRing({"new": NEW}, "new", before.index_key))  # the old key is gone
    assert [db.session.get_one(Supporter, id).email for id in ids] == [f"supporter{number}@example.org" for number in range(3)]
    assert rotate(Supporter, ["email"]) == 0


def test_without_keys_nothing_personal_is_written() -> None:
    held = list(keys._held)
    keys._held.clear()
    try:
        with pytest.raises(keys.NoKeys):
            Supporter(id=uuid.uuid4(), email="test.supporter@example.org")
    finally:
        keys._held[:] = held
