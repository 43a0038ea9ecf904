"""The files of a bundle: what is in them, that they are made in spite of everything, and that they go."""

import errno
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import step
from campaign.db import db, now_utc
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter
from campaign.printing import files, render, service
from campaign.printing.models import Bundle, PrintFile
from campaign.printing.prepare import delete_old
from campaign.printing.render import CLAIM_LASTS, claim_next, gather, keep
from tests import made
from tests.printing.rows import MARK, files_of, items, letter, pool, rendered, taken


def _file(bundle: Bundle) -> PrintFile:
    db.session.expire_all()
    return bundle.files[0]


def _text(pdf: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "sheets.pdf").write_bytes(pdf)
    return [page.extract_text() for page in pypdf.PdfReader(tmp_path / "sheets.pdf").pages]


def test_a_file_is_a_cover_and_then_a_sheet_for_each_letter(any_app: CampaignApp, tmp_path: Path) -> None:
    letters = pool(3)
    bundle = taken(made.account(country="DE"))
    assert rendered(any_app) == 1
    pages = _text(files.read(files_of(any_app), _file(bundle).id), tmp_path)
    assert len(pages) == 4
    cover = " ".join(pages[0].split())
    assert all(row.code in cover for row in letters)
    assert "Office office-0" in cover
    assert "Germany" in cover
    assert "Facts last checked" in cover
    assert MARK in cover
    assert "Canary" not in cover, "a cover names nobody"
    for page, row in zip(pages[1:], letters, strict=True):
        assert row.code in page
        assert MARK in page
        assert "TADSCHIKISTAN" in page, "the country in the language of the country of posting"
        assert "A supporter in Sweden" in page
        assert "Canary" not in page, "the writer chose to be seen by country alone"


def test_the_address_stands_in_the_window_office_first(app: CampaignApp, tmp_path: Path) -> None:
    pool(1)
    bundle = taken(made.account())
    rendered(app)
    (tmp_path / "a.pdf").write_bytes(files.read(files_of(app), _file(bundle).id))
    # The address field of DIN 5008 form B: 20 to 105 mm, 45 to 90 mm; at 72 dpi.
    box = [round(mm / 25.4 * 72) for mm in (20, 45, 85, 45)]
    read = subprocess.run(
        ["pdftotext", "-f", "2", "-l", "2", "-x", str(box[0]), "-y", str(box[1]), "-W", str(box[2]), "-H", str(box[3]), "-layout", str(tmp_path / "a.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.strip() for line in read.splitlines() if line.strip()]
    assert lines[-4:] == ["Office office-0", "1 Example Street", "000000 Exampletown", "TADSJIKISTAN"]


def test_words_of_letters_are_nowhere_on_disk_in_the_clear(app: CampaignApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    office = made.authority()
    letter(made.appeal("letter", targets=[office]), office, body="Canarywordofatest stands here.", name="Canaryname Person", to_authority="full_name")
    db.session.commit()
    taken(made.account())
    assert rendered(app) == 1
    kept = [path for folder in (app.settings.instance, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        content = path.read_bytes()
        assert b"Canarywordofatest" not in content, path
        assert b"Canaryname" not in content, path


def test_a_file_of_a_worker_that_was_killed_is_made_by_the_next_one(any_app: CampaignApp) -> None:
    pool(2)
    bundle = taken(made.account())
    assert claim_next(now=now_utc()) is not None
    db.session.commit()  # and here the worker dies
    assert rendered(any_app) == 0, "it may still be at work"
    assert claim_next(now=now_utc() + CLAIM_LASTS + timedelta(seconds=1)) is not None
    db.session.rollback()
    file = _file(bundle)
    file.claimed_at = now_utc() - CLAIM_LASTS - timedelta(seconds=1)
    db.session.commit()
    assert rendered(any_app) == 1
    assert _file(bundle).state == "rendered"


def test_a_slow_worker_does_not_write_over_what_a_faster_one_made(app: CampaignApp) -> None:
    pool(2)
    bundle = taken(made.account())
    then = now_utc() - CLAIM_LASTS - timedelta(seconds=5)
    file_id = claim_next(now=then)
    assert file_id is not None
    slow = gather(file_id, mark=MARK, now=then)
    assert slow is not None
    db.session.commit()
    assert rendered(app) == 1
    assert not keep(slow, b"older letters", folder=files_of(app), now=now_utc())
    db.session.commit()
    assert files.read(files_of(app), _file(bundle).id).startswith(b"%PDF")


def test_a_letter_returned_while_its_file_is_being_made_is_not_in_it(app: CampaignApp, tmp_path: Path) -> None:
    pool(3)
    bundle = taken(made.account())
    file_id = claim_next(now=now_utc())
    assert file_id is not None
    job = gather(file_id, mark=MARK, now=now_utc())
    assert job is not None
    db.session.commit()
    service.return_letter(items(bundle)[0].id, bundle=bundle, now=now_utc())
    db.session.commit()
    assert not keep(job, b"with three letters", folder=files_of(app), now=now_utc())
    db.session.commit()
    assert rendered(app) == 1
    assert len(_text(files.read(files_of(app), file_id), tmp_path)) == 3  # cover and two


def test_a_letter_paused_before_it_is_set_goes_back_and_the_others_are_made(app: CampaignApp, tmp_path: Path) -> None:
    office = made.authority()
    one, other = (made.appeal("letter", of=made.case(slug), targets=[office], slug=slug) for slug in ("test-one", "test-other"))
    stopped, leaves = letter(one, office, 1), letter(other, office, 2)
    db.session.commit()
    bundle = taken(made.account())
    step(one, "paused", now=now_utc())
    db.session.commit()
    assert rendered(app) == 1
    text = "".join(_text(files.read(files_of(app), _file(bundle).id), tmp_path))
    assert leaves.code in text
    assert stopped.code not in text
    assert (stopped.state, leaves.state) == ("queued", "sealed")


def test_a_bundle_whose_letters_are_all_paused_before_they_are_set_ends(app: CampaignApp) -> None:
    step(pool(2)[0].appeal, "paused", now=now_utc())
    db.session.commit()
    appeal = db.session.scalars(select(Letter)).first().appeal  # type: ignore[union-attr]  # made above
    step(appeal, "live", now=now_utc())
    db.session.commit()
    bundle = taken(made.account())
    step(appeal, "paused", now=now_utc())
    db.session.commit()
    assert rendered(app) == 0
    assert _file(bundle).state == "deleted"
    assert bundle.state == "returned"


def test_a_letter_that_no_font_can_print_is_stopped_and_holds_up_nobody(app: CampaignApp, tmp_path: Path) -> None:
    office = made.authority()
    appeal = made.appeal("letter", targets=[office])
    letter(appeal, office, 1)
    odd = letter(appeal, office, 2, body="A sign that no font has: \U0001f9ff\U00013000")
    db.session.commit()
    bundle = taken(made.account())
    assert rendered(app) == 1
    assert odd.state == "stopped"
    assert [item.state for item in items(bundle)] == ["ready", "returned"]
    assert odd.code not in "".join(_text(files.read(files_of(app), _file(bundle).id), tmp_path))
    assert taken(made.account(email="next@example.org")).state == "empty", "what cannot be printed does not come round again"


def test_a_full_disk_leaves_the_file_waiting_and_it_is_made_later(app: CampaignApp, monkeypatch: pytest.MonkeyPatch) -> None:
    pool(2)
    bundle = taken(made.account())

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert rendered(app) == 0
    file = _file(bundle)
    assert (file.state, file.attempts) == ("waiting", 1)
    assert not list(files_of(app).glob(f"{file.id}*"))
    file.claimed_at = now_utc() - CLAIM_LASTS - timedelta(seconds=1)
    db.session.commit()
    assert rendered(app) == 1


def test_files_are_deleted_two_weeks_after_posting_and_never_served_after(app: CampaignApp) -> None:
    pool(2)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(app)
    file = _file(bundle)
    path = files_of(app) / str(file.id)
    assert service.download(file.id, by=volunteer, folder=files_of(app), now=now_utc())
    service.posted(bundle=bundle, now=now_utc())
    db.session.commit()
    with pytest.raises(service.BundleUnknown):  # what is in the post is not printed again
        service.download(file.id, by=volunteer, folder=files_of(app), now=now_utc())
    fortnight = now_utc() + timedelta(days=14, seconds=1)
    assert delete_old(folder=files_of(app), now=fortnight - timedelta(days=1)) == 0
    with pytest.raises(service.BundleUnknown):  # even where the sweeper is late
        service.download(file.id, by=volunteer, folder=files_of(app), now=fortnight)
    assert path.exists()
    assert delete_old(folder=files_of(app), now=fortnight) == 1
    db.session.commit()
    assert not path.exists()
    assert delete_old(folder=files_of(app), now=fortnight) == 0
    with pytest.raises(service.BundleUnknown):
        service.download(file.id, by=volunteer, folder=files_of(app), now=now_utc())


def test_files_of_a_returned_bundle_are_deleted_at_once(app: CampaignApp) -> None:
    pool(2)
    bundle = taken(made.account())
    rendered(app)
    file = _file(bundle)
    service.return_letters(bundle=bundle, batch_id=None, now=now_utc())
    db.session.commit()
    assert delete_old(folder=files_of(app), now=now_utc()) == 1
    assert not (files_of(app) / str(file.id)).exists()


def test_a_file_lost_from_the_disk_is_made_again(app: CampaignApp) -> None:
    pool(1)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(app)
    files.delete(files_of(app), _file(bundle).id)
    assert service.download(_file(bundle).id, by=volunteer, folder=files_of(app), now=now_utc()) is None
    db.session.commit()
    assert rendered(app) == 1
    assert service.download(_file(bundle).id, by=volunteer, folder=files_of(app), now=now_utc())


def test_a_file_of_a_hundred_letters_names_all_of_them_on_one_cover(app: CampaignApp, tmp_path: Path) -> None:
    letters = pool(100)
    bundle = taken(made.account(), 100)
    assert rendered(app) == 1
    pages = _text(files.read(files_of(app), _file(bundle).id), tmp_path)
    assert len(pages) == 101
    cover = "".join(pages[0].split())
    assert all(row.code in cover for row in letters)


def test_a_damaged_file_is_made_again(app: CampaignApp) -> None:
    pool(1)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(app)
    (files_of(app) / str(_file(bundle).id)).write_bytes(b"\x01\x01adamaged and much too short")
    assert service.download(_file(bundle).id, by=volunteer, folder=files_of(app), now=now_utc()) is None
    db.session.commit()
    assert rendered(app) == 1
    assert service.download(_file(bundle).id, by=volunteer, folder=files_of(app), now=now_utc())


def test_a_cover_whose_words_leave_no_room_for_the_codes_goes_without_them(app: CampaignApp, tmp_path: Path) -> None:
    office = made.authority()
    office.texts[0].office = "Office of a very long name indeed, " * 45
    appeal = made.appeal("letter", targets=[])
    appeal.collect_lines = ["Test Collection", "1 Example Street"]
    rows = [letter(appeal, None, number) for number in range(60)]
    db.session.commit()
    bundle = taken(made.account(), 100)
    bundle.batches[0].batch.authority = office  # on the cover alone: the sheets have their own address
    job_file = claim_next(now=now_utc())
    assert job_file is not None
    job = gather(job_file, mark=MARK, now=now_utc())
    assert job is not None
    pages = _text(render._set(job), tmp_path)
    assert len(pages) == 61
    assert rows[0].code not in pages[0]


def test_every_letter_of_a_file_has_its_place_in_the_batch(app: CampaignApp) -> None:
    pool(4)
    bundle = taken(made.account())
    file = _file(bundle)
    assert (file.first, file.last) == (1, 4)
    assert len(db.session.scalars(select(BatchItem)).all()) == 4
