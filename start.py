"""Makes a bare machine ready and starts the platform: what `make run` calls.

Only the standard library is used, since nothing is installed yet. The version is checked before
anything else is defined, and the file keeps to syntax that every Python 3 can parse (no f-strings,
no annotated variables): otherwise an old Python would answer with a syntax error, not a sentence.
"""

import sys


def python_too_old(version: "tuple[int | str, ...]") -> str:
    """Says why this Python cannot be used, or nothing."""
    if tuple(version[:2]) >= (3, 11):
        return ""
    return "Python {}.{} is too old: Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11).".format(*version)


if python_too_old(sys.version_info):
    sys.exit(python_too_old(sys.version_info))

import argparse  # noqa: E402  (after the check above, here and below)
import ctypes  # noqa: E402
import errno  # noqa: E402
import fcntl  # noqa: E402
import hashlib  # noqa: E402
import os  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
ROOM_FOR_INSTANCE_MB = 100
ROOM_FOR_PACKAGES_MB = 500
PR_SET_PDEATHSIG = 1
DISK_FULL_WORDS = ("No space left on device", "Errno 28", "disk is full", "Disk quota exceeded")


class Refused(Exception):
    """The start cannot go on; the message is one sentence for the person who typed the command."""


def check_venv_module() -> None:
    """Refuses when Python came without ensurepip, as Debian's does until python3-venv is installed."""
    try:
        import ensurepip
        import venv
    except ImportError as missing:
        raise Refused("The python3-venv package is missing: install it with `apt-get install python3-venv`.") from missing
    del ensurepip, venv


def check_port(text: str) -> int:
    """The port as a number; refuses what is no port, is reserved, or is in use on 127.0.0.1."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Refused("PORT={} is not a port: give a number from 1 to 65535.".format(text))
    port = int(text)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without this a port that a stopped server has just left would count as in use for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                text = "Port {} is in use by another program: stop it, or choose another with `make run PORT=8123`."
            else:
                text = "Port {} may not be opened by this user: choose one above 1023 with `make run PORT=8123`."
            raise Refused(text.format(port)) from error
    return port


def check_instance(folder: str) -> None:
    """Makes the instance folder if need be; refuses one that cannot be written or has no room."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        trial = os.path.join(folder, ".can-be-written")
        with open(trial, "wb") as file:
            file.write(b"x" * 65536)
            file.flush()
            os.fsync(file.fileno())
        os.remove(trial)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(disk_full_sentence(folder)) from error
        text = "The instance folder {} cannot be written ({}): choose another with `make run INSTANCE=/some/folder`."
        raise Refused(text.format(folder, (error.strerror or str(error)).lower())) from error
    check_room(folder, ROOM_FOR_INSTANCE_MB)


def check_room(folder: str, needed_mb: int) -> None:
    """Refuses when the disk that holds the folder has less than so many megabytes free."""
    free_mb = shutil.disk_usage(folder).free // 1000000
    if free_mb < needed_mb:
        text = "The disk is full: {} has {} MB free and {} MB are needed; make room, then start again."
        raise Refused(text.format(folder, free_mb, needed_mb))


def disk_full_sentence(folder: str) -> str:
    """What to say when writing failed for want of room; the supervisor says the same."""
    return "The disk is full: nothing more can be written to {}; make room, then start again.".format(folder)


def install(locks: list[str]) -> str:
    """Makes .venv hold exactly the locked packages, and answers with its Python.

    Each lock leaves a stamp of its content, so that the next start has nothing to do. An install that was
    interrupted leaves its mark instead, and is then redone from an empty folder.
    """
    with open(os.path.join(HERE, RUN_LOCK), "rb") as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)  # a second start waits here for the first one's install
        return install_alone(locks)


def install_alone(locks: list[str]) -> str:
    """What `install` does, while nobody else does."""
    folder = os.path.join(HERE, ".venv")
    python = os.path.join(folder, "bin", "python")
    mark = os.path.join(folder, ".installing")
    clean = os.path.exists(mark) or not works(python)
    due = [lock for lock in locks if clean or not stamped(folder, lock)]
    if not due:
        return python
    check_room(HERE, ROOM_FOR_PACKAGES_MB)
    if clean:
        say("Making .venv …")
        run_quietly([sys.executable, "-m", "venv", "--clear", folder])
    write(mark, "")
    for lock in due:
        say("Installing the packages of {} (a minute the first time) …".format(lock))
        run_quietly([python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *pip_lock(lock)])
        write(stamp_path(folder, lock), stamp_text(lock))
    os.remove(mark)
    return python


def pip_lock(lock: str) -> list[str]:
    """pip's arguments to take these packages and no others, each with the hash that was locked."""
    return ["--require-hashes", "--no-deps", "-r", os.path.join(HERE, lock)]


def works(python: str) -> bool:
    """Whether .venv's Python starts and has pip: it does not once the system's Python was replaced."""
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def stamp_path(folder: str, lock: str) -> str:
    """The file that says which content of the lock .venv holds."""
    return os.path.join(folder, ".{}.stamp".format(lock))


def stamp_text(lock: str) -> str:
    """What the stamp says: the lock's hash."""
    with open(os.path.join(HERE, lock), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def stamped(folder: str, lock: str) -> bool:
    """Whether .venv holds this very lock."""
    try:
        with open(stamp_path(folder, lock), encoding="ascii") as file:
            return file.read() == stamp_text(lock)
    except FileNotFoundError:
        return False


def write(path: str, text: str) -> None:
    """Writes a small text file."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def run_quietly(command: list[str]) -> None:
    """Runs a command without its output; refuses with one sentence when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return
    if any(words in done.stdout for words in DISK_FULL_WORDS):
        raise Refused(disk_full_sentence(HERE))
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()] or ["no reason was given"]
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    raise Refused("The packages could not be installed (is this machine online?): {}".format(errors[-1]))


def stop_with_parent() -> None:
    """Asks the kernel (Linux) for a SIGTERM when make dies, so that killing make leaves nothing running."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def say(text: str) -> None:
    """A line on the console, at once even when the output is a file."""
    print(text, flush=True)


def run(port: str, instance: str) -> None:
    """Checks, installs what is missing, and becomes `python -m campaign run`."""
    check_venv_module()
    number = check_port(port)
    folder = os.path.abspath(instance)
    check_instance(folder)
    python = install([RUN_LOCK])
    stop_with_parent()
    os.chdir(HERE)
    os.execv(python, [python, "-m", "campaign", "run", "--port", str(number), "--instance", folder])


def main(arguments: list[str]) -> None:
    """`start.py run` starts the platform; `start.py install` only makes .venv, with --dev for developers."""
    parser = argparse.ArgumentParser(prog="start.py", description=main.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="install what is missing and start the platform")
    running.add_argument("--port", default="8000")
    running.add_argument("--instance", default="instance")
    installing = commands.add_parser("install", help="install the locked packages into .venv")
    installing.add_argument("--dev", action="store_true", help="and those for tests and checks")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "run":
            run(chosen.port, chosen.instance)
        else:
            check_venv_module()
            install([RUN_LOCK, DEV_LOCK] if chosen.dev else [RUN_LOCK])
    except Refused as refusal:
        sys.exit(str(refusal))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            sys.exit(disk_full_sentence(error.filename or HERE))
        sys.exit("The start failed: {}.".format(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
