"""A photograph is made anew from its pixels, shown only while somebody agrees to one, and the cloth stays without it."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.cases import photos
from campaign.cases.models import Case, CaseConsent, CasePhoto
from campaign.db import db
from tests import made
from tests.organisers.people import csrf, log_in_as, make

HERE = "/desk/cases/test-defender"
SECRET = b"taken at the house of a test relative"


def picture(size: tuple[int, int] = (1600, 1200), form: str = "JPEG", **values: Any) -> bytes:
    """A picture that says more than its colours: a comment, a place, a profile."""
    image = Image.effect_noise(size, 60).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()  # ImageDescription
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    kept = BytesIO()
    image.save(kept, form, exif=exif, **({"comment": SECRET} if form == "JPEG" else {}), **values)
    return kept.getvalue()


@pytest.fixture
def case(app: CampaignApp) -> Case:
    row = made.case()
    db.session.commit()
    return row


@pytest.fixture
def desk(client: FlaskClient, case: Case) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


def upload(desk: FlaskClient, body: bytes, **values: str) -> Any:
    words = {"texts-0-language": "en", "texts-0-alt": "A test person at a table", "texts-0-credit": "Test Photographer", **values}
    data = {"csrf_token": csrf(desk, HERE), **words, "picture": (BytesIO(body), "picture.jpg")}
    answer = desk.post(f"{HERE}/photographs", data=data, content_type="multipart/form-data")
    db.session.expire_all()
    return answer


def the_photo() -> CasePhoto:
    return db.session.scalars(select(CasePhoto)).one()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_the_file_is_left_but_its_pixels(form: str) -> None:
    source = picture(form=form)
    assert SECRET in source
    result = photos.make(source)
    assert sorted(result.files) == ["large.jpg", "large.webp", "small.jpg", "small.webp"]
    for name, body in result.files.items():
        with Image.open(BytesIO(body)) as image:
            assert (not image.getexif(), "comment" in image.info, "icc_profile" in image.info) == (True, False, False), name
        assert SECRET not in body, name
        assert len(body) <= photos.SMALL_BYTES or name.startswith("large"), name


def test_a_picture_is_turned_as_it_is_meant_to_be_seen() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = BytesIO()
    Image.new("RGB", (400, 200), (200, 0, 0)).save(kept, "JPEG", exif=exif)
    result = photos.make(kept.getvalue())
    assert (result.width, result.height) == (200, 400)


def test_what_is_too_large_or_no_picture_is_refused_before_it_is_unpacked() -> None:
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")  # a few kilobytes that unpack to 400 megapixels
    assert len(bomb.getvalue()) < 200_000
    just_over = BytesIO()
    Image.new("1", (8_001, 5_000)).save(just_over, "PNG")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for body, why in (
        (bomb.getvalue(), "large"),
        (just_over.getvalue(), "large"),
        (b"x" * (photos.MOST_BYTES + 1), "large"),
        (svg, "unreadable"),
        (b"", "unreadable"),
        (picture()[:900], "unreadable"),
    ):
        with pytest.raises(photos.NoPhoto) as fault:
            photos.make(body)
        assert fault.value.why == why


def test_it_is_shown_only_while_somebody_agrees_to_a_photograph(desk: FlaskClient, client: FlaskClient, case: Case) -> None:
    assert upload(desk, picture()).status_code == 303
    file = f"/cases/test-defender/photo-{the_photo().mark}.jpg"
    assert "not shown" in desk.get(HERE).text
    assert (client.get(file).status_code, "<img" in client.get("/cases/test-defender").text) == (404, False)
    agreed = {"giver": "person", "who": "Test Person", "covers": "photo", "given_on": "2026-01-01", "valid_until": "2099-01-01"}
    assert desk.post(f"{HERE}/consents", data={"csrf_token": csrf(desk, HERE), **agreed}, content_type="multipart/form-data").status_code == 303
    db.session.expire_all()
    page = client.get("/cases/test-defender").text
    assert all(words in page for words in (file, "A test person at a table", "Test Photographer"))
    assert 'class="cloth"' not in page.partition("</section>")[0]
    answer = client.get(file)
    assert (answer.mimetype, Image.open(BytesIO(answer.data)).format) == ("image/jpeg", "JPEG")
    assert [client.get(file.replace(".jpg", end)).status_code for end in (".webp", "-large.jpg", "-large.webp")] == [200] * 3
    taken_back = db.session.scalars(select(CaseConsent.id)).one()
    desk.post(f"{HERE}/consents/{taken_back}/withdraw", data={"csrf_token": csrf(desk, HERE)})
    assert (client.get(file).status_code, file in client.get("/cases/test-defender").text) == (404, False)


def test_files_are_sealed_on_disk_and_go_when_it_is_taken_away(desk: FlaskClient, app: CampaignApp) -> None:
    upload(desk, picture())
    kept = [path for path in (app.settings.instance / "photos").iterdir() if path.name.startswith(str(the_photo().id))]
    assert len(kept) == 4
    assert not any(path.read_bytes().startswith((b"\xff\xd8", b"RIFF")) for path in kept)
    assert desk.get(f"{HERE}/photo").mimetype == "image/jpeg"
    desk.post(f"{HERE}/photographs/remove", data={"csrf_token": csrf(desk, HERE)})
    assert not any(path.exists() for path in kept)
    assert [entry.action for entry in audit.trail()] == ["case.photo_removed", "case.photo_kept"]


@pytest.mark.parametrize("values", [{"texts-0-alt": ""}, {"texts-0-credit": ""}, {"texts-0-language": "ru"}])
def test_words_and_credit_are_needed_in_each_language_of_the_case(desk: FlaskClient, values: dict[str, str]) -> None:
    assert upload(desk, picture((60, 40)), **values).status_code == 400
    assert db.session.scalar(select(CasePhoto)) is None


def test_what_is_no_picture_is_refused_and_the_words_stay(desk: FlaskClient) -> None:
    answer = upload(desk, b"no picture")
    assert (answer.status_code, "no picture that can be read" in answer.text, "A test person at a table" in answer.text) == (400, True, True)
