"""Where a home's data goes, and what is never touched on the way."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from relman.launcher.folders import SOCKET_PATH_LIMIT, SYSTEM_FOLDER, Home, is_private
from relman.launcher.refusals import Refusal
from tests.homes import discard, queried, served

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has folders that the servers may not enter"
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="relman-test-"))
    folder.chmod(0o755)
    yield folder
    for home in folder.iterdir():
        discard(home)
    shutil.rmtree(folder)


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that only its owner may enter."""
    folder = Path(tempfile.mkdtemp(prefix="relman-test-"))
    yield folder
    for home in folder.iterdir():
        discard(home)
    shutil.rmtree(folder)


def modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


def test_data_lies_in_a_home_that_the_servers_may_enter(open_folder: Path) -> None:
    home = Home(open_folder / "var")
    home.create()
    assert home.servers == open_folder / "var" / "servers"
    assert not (home.path / "servers").is_symlink()


@needs_root
def test_data_lies_elsewhere_with_a_link_where_only_root_may_enter(closed_folder: Path) -> None:
    before = modes(closed_folder)
    home = Home(closed_folder / "var")
    with served(home.path):
        assert home.servers.parent == SYSTEM_FOLDER
        assert (home.path / "servers").readlink() == home.servers
        assert home.account is not None
        assert home.servers.stat().st_uid == home.account.uid
        assert stat.S_IMODE(home.servers.stat().st_mode) == 0o700
    assert modes(closed_folder) == before
    assert Home(home.path).servers == home.servers


def test_the_mode_of_an_existing_home_is_kept(open_folder: Path) -> None:
    path = open_folder / "var"
    for folder, mode in ((path, 0o750), (path / "logs", 0o711), (path / "files", 0o2770)):
        folder.mkdir()
        folder.chmod(mode)
    before = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in (path, path / "logs", path / "files")}
    with served(path):
        pass
    assert {folder: stat.S_IMODE(folder.stat().st_mode) for folder in before} == before


@needs_root
def test_a_deleted_home_leaves_data_that_its_successor_does_not_touch(closed_folder: Path) -> None:
    first = Home(closed_folder / "var")
    first.create()
    (first.servers / "letter").write_text("mine")
    shutil.rmtree(first.path)
    second = Home(closed_folder / "var")
    second.create()
    try:
        assert second.servers != first.servers
        assert [path.name for path in second.servers.iterdir()] == ["home"]
        assert (first.servers / "letter").read_text() == "mine"
    finally:
        shutil.rmtree(first.servers)


@needs_root
def test_a_copied_home_is_refused_and_a_moved_one_followed(closed_folder: Path) -> None:
    home = Home(closed_folder / "var")
    home.create()
    data = home.servers
    shutil.copytree(home.path, closed_folder / "copy", symlinks=True)
    with pytest.raises(Refusal, match=r"copy is a copy of .*var: both would use the data in"):
        _ = Home(closed_folder / "copy").servers
    home.path.rename(closed_folder / "moved")
    assert Home(closed_folder / "moved").servers == data
    (closed_folder / "copy" / "servers").unlink()


@needs_root
def test_a_link_that_leads_nowhere_is_named(closed_folder: Path) -> None:
    home = Home(closed_folder / "var")
    home.create()
    shutil.rmtree(home.servers)
    with pytest.raises(Refusal, match=r"servers points to .*, which is gone"):
        _ = Home(home.path).servers
    (home.path / "servers").unlink()


@needs_root
def test_data_moved_below_a_closed_folder_is_named(open_folder: Path) -> None:
    home = Home(open_folder / "var")
    home.create()
    assert home.servers.is_dir()
    open_folder.chmod(0o700)
    with pytest.raises(Refusal, match="who may not enter"):
        _ = Home(home.path).servers
    open_folder.chmod(0o755)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a letter")
    with pytest.raises(Refusal, match=r"var is not a folder"):
        Home(tmp_path / "var").create()


def test_a_path_that_no_setting_can_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds a character that cannot be printed"):
        Home(tmp_path / "line\nbreak").create()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(open_folder: Path) -> None:
    path = open_folder / ("long" * 25) / "var"
    assert len(os.fsencode(path)) > SOCKET_PATH_LIMIT
    path.parent.mkdir()
    home = Home(path)
    try:
        with served(path), queried(path) as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
        owner = home.account.uid if home.account else os.geteuid()
        assert is_private(home.sockets, owner)
        assert Home(path).sockets == home.sockets
    finally:
        discard(path)
        shutil.rmtree(home.sockets)


def test_a_short_folder_that_somebody_else_could_enter_is_not_used_again(open_folder: Path) -> None:
    path = open_folder / ("long" * 25) / "var"
    path.parent.mkdir()
    home = Home(path)
    home.create()
    home.sockets.chmod(0o755)
    later = Home(path)
    assert later.sockets != home.sockets
    shutil.rmtree(home.sockets)
    shutil.rmtree(later.sockets)
    discard(path)


@pytest.mark.parametrize("name", ["with space", "comma,comma", "quote's", "ümlaut"])
def test_a_home_may_have_any_name(open_folder: Path, name: str) -> None:
    path = open_folder / name
    with served(path), queried(path) as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    sockets = Home(path).sockets
    if sockets.parent == Path("/tmp"):
        shutil.rmtree(sockets)
