"""A plugin of pytest: with xdist, all tests of the browser go to one process, so that the platform is started once for them.

All other files go where there is room, one file at a time, as `--dist loadfile` says.
"""

from typing import Any

import pytest

FOLDER = "tests/browser/"


def scope_of(nodeid: str) -> str:
    """What must stay together: a file, or the whole folder of the browser."""
    return FOLDER if nodeid.startswith(FOLDER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """xdist's own scheduler by file, with one more rule."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # here, since this is loaded without xdist too

    class Together(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

    return Together(config, log)
