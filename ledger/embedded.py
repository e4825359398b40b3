"""Probant's own PostgreSQL: no system package, no password, no open port.

Only the system user that starts Probant can connect: `peer` authentication asks the kernel who is at the other end of
the socket. Every program that uses the server holds a shared lock on one file; the kernel gives it back whatever
kills the program, so the last one to end cleanly knows that it is the last, and stops the server.
"""

import fcntl
import os
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path

import psutil

from ledger.cluster import MAJOR, binary, create, private_folder, run
from ledger.errors import DiskFull, FolderUnwritable, WrongMajor
from ledger.settings import Settings

SOCKET_PATH_MAX = 107  # bytes, from sockaddr_un
PATIENCE = 300  # seconds: a recovery after a crash can be long

_uses: dict[Path, int] = {}  # data folder -> the open file whose shared lock says that we use its server


def start(settings: Settings) -> str:
    """Starts the server of the data folder, made at need, or joins it; returns the administrator's address."""
    folder = settings.data / "postgres"
    with _refusals(settings.data):
        settings.make_folder()
        with _alone(folder):
            _run_server(folder)
            if folder not in _uses:
                _uses[folder] = _locked(folder, fcntl.LOCK_SH)
    return f"host={_socket_folder(folder)} user=postgres dbname=postgres"


def stop(settings: Settings) -> None:
    """Says that we no longer use the server; stops it when nobody does. Open transactions are rolled back."""
    folder = settings.data / "postgres"
    use = _uses.pop(folder, None)
    if use is None:
        return
    os.close(use)
    with _alone(folder):
        try:
            os.close(_locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            return  # somebody does
        run("pg_ctl", "stop", "-w", "-m", "fast", "-D", folder, folder=folder)


def _run_server(folder: Path) -> None:
    if not (folder / "PG_VERSION").exists():
        create(folder)
    found = (folder / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise WrongMajor(folder, found, MAJOR)
    socket = _socket_folder(folder)
    if _answers(socket):
        return
    _forget_dead_server(folder, socket)
    options = f"-k {shlex.quote(str(socket))}"
    run("pg_ctl", "start", "-w", "-t", PATIENCE, "-D", folder, "-l", folder / "log", "-o", options, folder=folder)


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short private one where its path is too long for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX:
        return folder
    short = Path("/tmp") / f"probant-{sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 - checked below
    private_folder(short)
    return short


def _answers(socket: Path) -> bool:
    """Whether a server is there; waits while it starts, recovers or stops."""
    command = [str(binary("pg_isready")), "-q", "-h", str(socket)]
    end = time.monotonic() + PATIENCE
    while (state := subprocess.run(command, check=False).returncode) == 1 and time.monotonic() < end:
        time.sleep(0.1)
    return state == 0


def _forget_dead_server(folder: Path, socket: Path) -> None:
    """Removes the lock files left by a crash once no PostgreSQL process works in the folder any more.

    PostgreSQL refuses to start when the number in them is alive, even as another program or a zombie: usual in a
    container, where numbers are small and come back. Backends outlive a killed server for a moment.
    """
    end = time.monotonic() + 10
    while _at_work(folder):
        if time.monotonic() > end:
            return  # alive but deaf: PostgreSQL itself says so better
        time.sleep(0.05)
    for left in (folder / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        left.unlink(missing_ok=True)


def _at_work(folder: Path) -> bool:
    return any(
        process.info["name"] == "postgres"
        and process.info["status"] != psutil.STATUS_ZOMBIE
        and process.info["cwd"] == str(folder)
        for process in psutil.process_iter(["name", "cwd", "status"])
    )


def _locked(folder: Path, how: int) -> int:
    """The file of the server's users, opened and locked until it is closed or we are gone."""
    file = os.open(folder.with_name("postgres.users"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        os.close(file)
        raise
    return file


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One program at a time starts or stops the server."""
    with folder.with_name("postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """The system's reasons in our words."""
    try:
        yield
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull(folder) from error
        raise FolderUnwritable(folder) from error
