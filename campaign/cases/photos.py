"""Photographs of defenders: made anew from their pixels, so that nothing of the file they came in is left, and shown only while somebody agrees."""

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select

from campaign.audit import service as audit
from campaign.cases import consent
from campaign.cases.models import Case, CasePhoto, CasePhotoText
from campaign.db import db, new_id
from campaign.organisers.models import Account
from campaign.security import files

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
READ = ("JPEG", "PNG", "WEBP")
SMALL_BYTES = 32_000
"""With page and style sheet a first visit stays under 60 kB."""
WIDTHS = {"small": 480, "large": 1400}
KINDS = {"jpg": ("JPEG", "image/jpeg"), "webp": ("WEBP", "image/webp")}


class NoPhoto(Exception):
    """It is no picture that can be used. `why`: `unreadable` or `large`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class PhotoUnknown(Exception):
    """There is no such photograph, or nobody agrees to it today."""


@dataclass(frozen=True)
class Made:
    """A picture in two widths and two kinds, and the size of the small one."""

    mark: str
    width: int
    height: int
    files: Mapping[str, bytes]


def make(upload: bytes) -> Made:
    """The picture made anew. Raises NoPhoto, before anything is unpacked where it is too large."""
    if len(upload) > MOST_BYTES:
        raise NoPhoto("large")
    pixels = _pixels(upload)
    made: dict[str, bytes] = {}
    sizes = {name: _fitted(pixels, width) for name, width in WIDTHS.items()}
    for name, picture in sizes.items():
        for kind, (form, _mimetype) in KINDS.items():
            made[f"{name}.{kind}"] = _written(picture, form, most=SMALL_BYTES if name == "small" else MOST_BYTES)
    mark = hashlib.sha256(made["small.jpg"] + made["large.jpg"]).hexdigest()[:16]
    return Made(mark, *sizes["small"].size, made)


def _pixels(upload: bytes) -> Image.Image:
    """Colours alone: no metadata, no comment, no profile, turned as it is meant to be seen."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(upload), formats=READ) as opened:
                if opened.width * opened.height > MOST_PIXELS:  # said by the head of the file; nothing is unpacked yet
                    raise NoPhoto("large")
                plain = opened if opened.mode in ("RGB", "RGBA", "L") else opened.convert("RGBA")
                plain.thumbnail((2 * WIDTHS["large"], 2 * WIDTHS["large"]))  # small before anything is copied
                turned = ImageOps.exif_transpose(plain).convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise NoPhoto("large") from fault
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as fault:
        raise NoPhoto("unreadable") from fault
    bare = Image.new("RGB", turned.size, (255, 255, 255))
    bare.paste(turned, mask=turned.getchannel("A"))
    return bare


def _fitted(pixels: Image.Image, width: int) -> Image.Image:
    picture = pixels.copy()
    picture.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    return picture


def _written(picture: Image.Image, form: str, *, most: int) -> bytes:
    body = b""
    for quality in (82, 70, 58, 46, 34, 22, 12):
        kept = BytesIO()
        picture.save(kept, form, quality=quality, optimize=True)
        body = kept.getvalue()
        if len(body) <= most:
            break
    return body


def of_case(case: Case) -> CasePhoto | None:
    """Its photograph, whether it may be shown or not."""
    return db.session.scalar(select(CasePhoto).where(CasePhoto.case_id == case.id))


def shown(case: Case, *, today: date) -> CasePhoto | None:
    """Its photograph, while somebody agrees to one; otherwise the cloth stays."""
    photo = of_case(case)
    return photo if photo is not None and "photo" in consent.covered(case, today=today) else None


def keep(case: Case, made: Made, *, texts: Mapping[str, tuple[str, str]], folder: Path, by: Account, now: datetime) -> CasePhoto:
    """Give the case this photograph; `texts` are what is seen on it and who took it, by language. Raises DiskFull."""
    remove(case, folder=folder, by=by, now=now)
    photo = CasePhoto(id=new_id(), case_id=case.id, mark=made.mark, width=made.width, height=made.height, made_at=now)
    photo.texts = [CasePhotoText(language=language, alt=alt, credit=credit) for language, (alt, credit) in texts.items()]
    for name, body in made.files.items():
        files.write(folder, f"{photo.id}.{name}", body, place=_place(photo, name))
    db.session.add(photo)
    db.session.flush()
    audit.record(by=by.id, action="case.photo_kept", of=case.slug, now=now, details={"mark": made.mark})
    return photo


def remove(case: Case, *, folder: Path, by: Account, now: datetime) -> None:
    """Take it away, from the disk too. Harmless where there is none."""
    photo = of_case(case)
    if photo is None:
        return
    for name in (f"{width}.{kind}" for width in WIDTHS for kind in KINDS):
        files.delete(folder, f"{photo.id}.{name}")
    db.session.delete(photo)
    db.session.flush()
    audit.record(by=by.id, action="case.photo_removed", of=case.slug, now=now, details={"mark": photo.mark})


def read(photo: CasePhoto, name: str, *, folder: Path) -> bytes:
    """One of its files: `small.jpg`, `large.webp`. Raises FileGone and SealBroken."""
    return files.read(folder, f"{photo.id}.{name}", place=_place(photo, name))


def _place(photo: CasePhoto, name: str) -> str:
    return f"case_photo/{name}/{photo.id}"
