"""A missing or weak setting stops the start, with a sentence that names it."""

import base64
import re
from pathlib import Path

import pytest

from campaign.app import WrongMode, check_mode, create_app
from campaign.db import Site, db
from config import Settings, SettingsWrong, load
from tests.conftest import make_settings

STRONG = base64.b64encode(bytes(range(32))).decode()  # the same in every process: tests are named by it
GOOD = {"SECRET_KEY": STRONG, "DATA_KEYS": f"a:{STRONG}", "INDEX_KEY": STRONG}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("DATA_KEYS", None),
        ("DATA_KEYS", "a:" + base64.b64encode(b"too short").decode()),
        ("DATA_KEYS", "a:" + base64.b64encode(bytes(32)).decode()),
        ("DATA_KEYS", f"a:{STRONG},b:not base64"),
        ("DATA_KEYS", f"a:{STRONG},a:{base64.b64encode(bytes(range(1, 33))).decode()}"),
        ("INDEX_KEY", ""),
        ("INDEX_KEY", f"{STRONG},{STRONG}"),
        ("TRUSTED_PROXIES", "-1"),
        ("SENDING_LEASE", "60"),
        ("POSTING_COUNTRY", "Norway"),
        ("MAIL_TIMEOUT", "0"),
    ],
)
def test_a_missing_or_weak_value_stops_the_start_and_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    for key, good in GOOD.items():
        monkeypatch.setenv(key, good)
    monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong, match=name) as stopped:
        load()
    assert not value or len(value) < 8 or value not in str(stopped.value), "a secret is never printed"


def test_good_values_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, good in GOOD.items():
        monkeypatch.setenv(key, good)
    assert load().sample is False


def test_the_example_file_lists_every_setting_and_nothing_else() -> None:
    listed = set(re.findall(r"^#? ?([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE))
    assert listed == {name.upper() for name in Settings.model_fields}


def test_settings_cannot_be_changed_after_the_start(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.sample = False  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(("made_in_sample", "served_in_sample"), [(True, False), (False, True)])
def test_a_database_made_in_one_mode_is_not_served_in_the_other(tmp_path: Path, made_in_sample: bool, served_in_sample: bool) -> None:
    settings = make_settings(tmp_path, sample=served_in_sample)
    with create_app(settings).app_context():
        from flask_migrate import upgrade

        upgrade()
        with pytest.raises(WrongMode):
            check_mode(settings)  # nobody said yet in which mode it was made
        db.session.add(Site(id=1, sample=made_in_sample))
        db.session.commit()
        with pytest.raises(WrongMode):
            check_mode(settings)
        check_mode(make_settings(tmp_path, sample=made_in_sample))
