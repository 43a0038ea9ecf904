"""Settings: one frozen object, read from the environment. A missing or weak value stops the start.

Each field is an environment variable of the same name in capitals; `.env.example` lists them all.
"""

import base64
import binascii
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SMTP_ANSWERS = 9
"""What a server owes for one mail over a new connection: greeting, EHLO twice, STARTTLS, login, MAIL, RCPT, DATA and its end."""


class SettingsWrong(SystemExit):
    """The settings do not allow a start. The message says which value, and what it should be."""


def _is_weak(value: str) -> bool:
    return len(value) < 32 or len(set(value)) < 10


class Settings(BaseSettings):
    """Everything that differs from one installation to the next."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sample: bool = Field(default=False, description="Sample mode: fictional mailboxes count as verified, pages and sheets are marked.")
    site_name: str = Field(default="Write them free", min_length=1, max_length=60, description="The name of the site, on every page.")
    site_url: str = Field(default="http://127.0.0.1:8000", description="The address supporters reach, without a slash at the end.")
    instance: Path = Field(default=Path("instance"), description="The folder for database, files and caught mail.")

    secret_key: str = Field(description="Signs sessions and links: at least 32 random characters.")
    data_keys: str = Field(description="Encrypts personal data: `id:base64 of 32 bytes`, comma separated, the first one is current.")
    index_key: str = Field(description="Keys the hash by which addresses are matched: base64 of 32 bytes. It cannot be changed later.")

    database_url: str = Field(default="", description="Empty: SQLite in INSTANCE. Or postgresql://user:password@host/name.")
    redis_url: str = Field(default="redis://127.0.0.1:6379/0", description="The broker of the worker.")
    redis_prefix: str = Field(default="campaign:", description="In front of every key in Redis.")

    mail_server: str = Field(default="127.0.0.1", description="The SMTP server (Flask-Mail's names from here on).")
    mail_port: int = Field(default=25, ge=1, le=65535, description="Its port.")
    mail_use_tls: bool = Field(default=False, description="STARTTLS, with a checked certificate.")
    mail_use_ssl: bool = Field(default=False, description="TLS from the first byte, with a checked certificate.")
    mail_username: str | None = Field(default=None, description="Login at the SMTP server.")
    mail_password: str | None = Field(default=None, description="Its password.")
    mail_default_sender: str = Field(default="post@writethemfree.example", description="The sender's address: the platform's own domain.")
    mail_timeout: float = Field(default=30, gt=0, le=300, description="Seconds to wait for the SMTP server, at each step.")
    reply_domain: str = Field(default="reply.writethemfree.example", description="The domain of Reply-To aliases and Message-IDs.")

    trusted_proxies: int = Field(default=0, ge=0, le=5, description="How many proxies of your own stand in front: only then their X-Forwarded headers are believed.")
    languages: str = Field(default="en", description="Languages of the pages, comma separated, the first one is the default.")
    posting_country: str = Field(default="NO", pattern="^[A-Z]{2}$", description="The country that letters are posted from when nobody says otherwise.")
    sending_lease: int = Field(default=300, ge=60, description="Seconds after which a mail that was being sent counts as unknown.")

    @field_validator("secret_key")
    @classmethod
    def _secret_is_strong(cls, value: str) -> str:
        if _is_weak(value):
            raise ValueError("needs at least 32 random characters")
        return value

    @field_validator("data_keys", "index_key")
    @classmethod
    def _keys_are_strong(cls, value: str) -> str:
        for part in value.split(","):
            name, _, encoded = part.strip().rpartition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error as fault:
                raise ValueError("is not base64") from fault
            if len(key) != 32 or len(set(key)) < 10 or len(name) > 16:
                raise ValueError("needs 32 random bytes as base64")
        return value

    @field_validator("data_keys")
    @classmethod
    def _each_key_has_its_own_id(cls, value: str) -> str:
        # A second key of the same id would hide the first one, and all that was sealed with it.
        ids = [part.strip().rpartition(":")[0] or "1" for part in value.split(",")]
        if len(set(ids)) < len(ids):
            raise ValueError("needs another id for each key")
        return value

    @field_validator("index_key")
    @classmethod
    def _one_index_key(cls, value: str) -> str:
        if "," in value:
            raise ValueError("is one key: it cannot be rotated")
        return value

    @model_validator(mode="after")
    def _lease_outlasts_the_server(self) -> Self:
        # A sender that is merely slow must not be taken for a dead one: a person might have its mail sent a second time.
        if self.sending_lease < SMTP_ANSWERS * self.mail_timeout:
            raise ValueError(f"SENDING_LEASE needs at least {SMTP_ANSWERS} times MAIL_TIMEOUT")
        return self

    @field_validator("site_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @cached_property
    def ring(self) -> dict[str, bytes]:
        """The data keys by their ids; the first one is current."""
        keys: dict[str, bytes] = {}
        for part in self.data_keys.split(","):
            name, _, encoded = part.strip().rpartition(":")
            keys[name or "1"] = base64.b64decode(encoded)
        return keys

    @property
    def index_bytes(self) -> bytes:
        """The key of the blind index, 32 bytes."""
        return base64.b64decode(self.index_key.rpartition(":")[2])

    @property
    def database(self) -> str:
        """The database's address, SQLite in the instance folder when none is set."""
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'campaign.sqlite'}"

    @property
    def language_list(self) -> list[str]:
        """The languages of the pages, the default first."""
        return [tag.strip() for tag in self.languages.split(",") if tag.strip()]


def load() -> Settings:
    """Read the environment. Raises SettingsWrong, with a sentence for each faulty value."""
    try:
        return Settings()
    except ValidationError as fault:
        named = [(".".join(str(part) for part in error["loc"]).upper(), error["msg"].removeprefix("Value error, ")) for error in fault.errors()]
        lines = [f"{name}: {words}" if name else words for name, words in named]
        raise SettingsWrong("The settings do not allow a start.\n" + "\n".join(lines)) from None
