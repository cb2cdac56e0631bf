"""The embedded servers of a home, for real: private, shared, stopped in order, recovered."""

import os
import pwd
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from relman.launcher import keeper, postgres, valkey
from relman.launcher.folders import Home
from relman.launcher.refusals import Refusal
from tests.homes import discard, kill_all, processes_of, queried, served, wait_until_gone


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One cluster for the tests of this file; each leaves it stopped and sound."""
    path = tmp_path_factory.mktemp("servers") / "home"
    with served(path), queried(path) as cursor:
        cursor.execute("CREATE TABLE kept (word text)")
        cursor.execute("INSERT INTO kept VALUES ('first')")
    yield path
    discard(path)


def kept_words(home: Path) -> list[str]:
    with queried(home) as cursor:
        cursor.execute("SELECT word FROM kept ORDER BY ctid")
        return [word for (word,) in cursor.fetchall()]


def server_pid(home: Path) -> int:
    return int((postgres.data(Home(home)) / "postmaster.pid").read_text().splitlines()[0])


def test_the_last_user_has_the_servers_stopped(home: Path) -> None:
    with served(home):
        pid = server_pid(home)
        with served(home) as second:
            assert server_pid(home) == pid
            assert second.started == []
        assert kept_words(home) == ["first"]
    assert processes_of(home) == {}


def test_the_database_is_private(home: Path) -> None:
    with served(home):
        with queried(home) as cursor:
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)
        for user, password in (("relman", "wrong"), ("relman", ""), ("postgres", "")):
            with pytest.raises(psycopg2.OperationalError, match=r"password|no password supplied"):
                psycopg2.connect(
                    host=str(Home(home).sockets),
                    user=user,
                    password=password,
                    dbname="relman",
                    passfile="/none",
                )
        rules = (postgres.data(Home(home)) / "pg_hba.conf").read_text().splitlines()
        methods = {rule.split()[-1] for rule in rules if rule.strip() and not rule.startswith("#")}
        assert methods == {"scram-sha-256"}
        assert stat.S_IMODE(Home(home).sockets.stat().st_mode) == 0o700


def test_the_broker_is_private_and_never_drops_a_task(home: Path) -> None:
    with served(home):
        stranger = redis.Redis(unix_socket_path=str(Home(home).sockets / "valkey.sock"), retry=None)
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        with redis.Redis.from_url(valkey.url(Home(home))) as client:
            assert client.config_get("port")["port"] == "0"
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
            assert client.config_get("appendonly")["appendonly"] == "yes"


def test_secrets_are_readable_by_their_owner_only(home: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home / "secrets").iterdir()}
    assert modes == dict.fromkeys(("postgres-password", "superuser-password", "valkey-password"), 0o600)
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "servers").stat().st_mode) == 0o700


def test_servers_never_run_as_root(home: Path) -> None:
    with served(home):
        commands = {pid: command for pid, command in processes_of(home).items() if "keeper" not in command}
        owners = {pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name for pid in commands}
    account = Home(home).account
    assert owners == {account.name if account else pwd.getpwuid(os.geteuid()).pw_name}
    assert "root" not in owners


def test_servers_stop_in_order_when_their_keeper_is_killed(home: Path) -> None:
    with served(home):
        keepers = [pid for pid, command in processes_of(home).items() if "launcher.keeper" in command]
        assert len(keepers) == 2
        for pid in keepers:
            os.kill(pid, signal.SIGKILL)
        while set(keepers) & set(processes_of(home)):
            time.sleep(0.01)
        with served(home):
            assert kept_words(home) == ["first"]
    log = (home / "logs" / "postgres.log").read_text()
    assert "was not properly shut down" not in log
    assert wait_until_gone(home) == {}


def test_a_server_that_outlived_its_keeper_is_stopped_in_order_first(home: Path) -> None:
    """As on a system that does not tell a process of its parent's end."""
    with served(home):
        pass
    place = Home(home)
    lives = keeper.lives(place, "postgres")
    lives.acquire()
    orphan = subprocess.Popen(
        postgres.command(place),
        cwd=place.servers,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[lives.descriptor],
        **(place.account.privileges if place.account else {}),
    )
    lives.release()
    while not postgres.is_ready(place, orphan.pid):
        time.sleep(0.05)
    with served(home):
        assert orphan.wait(timeout=60) == 0
        assert kept_words(home) == ["first"]


def test_an_orphan_that_does_not_stop_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "STOPPING_SECONDS", 0.1)
    lives = keeper.lives(Home(home), "valkey")
    lives.acquire()
    try:
        with pytest.raises(Refusal, match=r"An earlier Valkey of .* does not stop\. End it, then try again"):
            keeper.Keeper(Home(home), "valkey", durable=True)._see_off_orphan()
    finally:
        lives.release()


def test_rows_and_queued_tasks_survive_a_power_cut(home: Path) -> None:
    with served(home), queried(home) as cursor, redis.Redis.from_url(valkey.url(Home(home))) as client:
        cursor.execute("INSERT INTO kept VALUES ('before the cut')")
        client.lpush("queue", "task")
        time.sleep(1.2)  # the append-only file is flushed every second
        kill_all(home)
    assert (postgres.data(Home(home)) / "postmaster.pid").exists()
    with served(home), redis.Redis.from_url(valkey.url(Home(home))) as client:
        assert kept_words(home) == ["first", "before the cut"]
        assert client.lrange("queue", 0, -1) == [b"task"]
        with queried(home) as cursor:
            cursor.execute("DELETE FROM kept WHERE word <> 'first'")


@pytest.mark.parametrize("stranger", ["dead", "alive"])
def test_a_stale_process_number_is_left_to_postgresql(home: Path, stranger: str) -> None:
    """Also when the number now belongs to somebody else's program, which goes on undisturbed."""
    owner = Home(home).account
    sleeper = subprocess.Popen(["/bin/sleep", "60"], **(owner.privileges if owner else {}))
    if stranger == "dead":
        sleeper.kill()
        sleeper.wait()
    lock = postgres.data(Home(home)) / "postmaster.pid"
    lock.write_text(
        f"{sleeper.pid}\n{postgres.data(Home(home))}\n1700000000\n5432\n\n\n        1         1\n"
    )
    if owner:
        os.chown(lock, owner.uid, owner.gid)
    try:
        with served(home):
            assert kept_words(home) == ["first"]
        assert sleeper.poll() == (None if stranger == "alive" else -signal.SIGKILL)
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_data_folder_of_another_major_version_is_refused_and_left_alone(home: Path) -> None:
    note = postgres.data(Home(home)) / "PG_VERSION"
    note.write_text("17\n")
    try:
        with pytest.raises(Refusal, match=r"made by PostgreSQL 17, and this .* PostgreSQL 18"), served(home):
            pass
        assert note.read_text() == "17\n"
    finally:
        note.write_text("18\n")
    with served(home):
        assert kept_words(home) == ["first"]


def test_a_folder_that_is_no_data_folder_is_refused_and_left_alone(home: Path) -> None:
    data = postgres.data(Home(home))
    aside = data.rename(data.with_name("aside"))
    data.mkdir()
    (data / "letter.txt").write_text("mine")
    try:
        with pytest.raises(Refusal, match="is no PostgreSQL data folder"), served(home):
            pass
        assert [path.name for path in data.iterdir()] == ["letter.txt"]
    finally:
        (data / "letter.txt").unlink()
        data.rmdir()
        aside.rename(data)


def test_a_missing_password_is_named_and_the_data_left_alone(home: Path) -> None:
    secret = home / "secrets" / "superuser-password"
    words = secret.read_text()
    secret.unlink()
    try:
        with pytest.raises(Refusal, match=r"superuser-password is missing, but .*postgres"), served(home):
            pass
    finally:
        secret.write_text(words)
        secret.chmod(0o600)


def test_a_reason_why_the_server_does_not_start_is_passed_on(home: Path) -> None:
    settings = postgres.data(Home(home)) / "postgresql.conf"
    words = settings.read_text()
    settings.write_text(words + "\nmax_connections = 'many'\n")
    try:
        with pytest.raises(Refusal, match=r"PostgreSQL did not start: .*max_connections"), served(home):
            pass
    finally:
        settings.write_text(words)


def test_a_large_log_is_set_aside(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create()
    keeper.log_of(home, "web").write_text("x" * (keeper.LARGEST_LOG + 1))
    os.close(keeper.open_log(home, "web"))
    assert keeper.log_of(home, "web").read_text() == ""
    assert (home.logs / "web.log.1").stat().st_size == keeper.LARGEST_LOG + 1
