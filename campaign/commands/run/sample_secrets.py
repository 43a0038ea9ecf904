"""The sample's secrets: keys and passwords, made once and kept in INSTANCE/secrets.env, readable by its owner only."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from campaign.commands.run.refusal import Refused

FILE = "secrets.env"
DATABASE = "campaign.sqlite"


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    """Four groups that can be read aloud, 80 bits."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def _one_time_secret() -> str:
    """What an app of one-time codes would hold: 160 bits in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


KEYS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "DATA_KEYS": lambda: f"1:{_key()}",
    "INDEX_KEY": _key,
}
OTHERS: dict[str, Callable[[], str]] = {
    "BROKER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "SAMPLE_ORGANISER_PASSWORD": _password,
    "SAMPLE_REVIEWER_PASSWORD": _password,
    "SAMPLE_VOLUNTEER_PASSWORD": _password,
    "SAMPLE_ORGANISER_TOTP": _one_time_secret,
    "SAMPLE_REVIEWER_TOTP": _one_time_secret,
    "SAMPLE_VOLUNTEER_TOTP": _one_time_secret,
}


def load_or_make(instance: Path) -> dict[str, str]:
    """The secrets of this instance, made at the first start.

    Raises Refused when there is a database whose keys are gone: new keys would make it unreadable for good.
    """
    path = instance / FILE
    known = _read(path)
    lost = [name for name in KEYS if name not in known]
    if lost and (instance / DATABASE).exists():
        raise Refused(f"{path} lacks {', '.join(lost)} but {instance / DATABASE} was made with it: put the file back, or choose another INSTANCE.")
    missing = {name: make() for name, make in {**KEYS, **OTHERS}.items() if name not in known}
    if missing:
        known |= missing
        _write(path, known)
    return known


def environment_of_sample(given: Mapping[str, str]) -> dict[str, str]:
    """What a command needs to work on the sample that `make run` made: where nobody has set keys, those of its instance folder. Nothing where there is none."""
    instance = Path(given.get("INSTANCE") or "instance")
    if any(given.get(name) for name in KEYS) or not (instance / FILE).is_file():
        return {}
    known = _read(instance / FILE)
    return {**{name: known[name] for name in KEYS if name in known}, "SAMPLE": "true", "INSTANCE": str(instance)}


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (UnicodeDecodeError, PermissionError) as fault:
        raise Refused(f"{path} cannot be read: put back the file that was made at the first start, or choose another INSTANCE.") from fault
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def _write(path: Path, values: dict[str, str]) -> None:
    """Writes beside and then renames, so that a full disk or a crash never leaves half of the keys."""
    beside = path.with_suffix(".new")
    text = "# Made at the first start of the sample. Without it the database in this folder cannot be read.\n"
    text += "".join(f"{name}={value}\n" for name, value in values.items())
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
