"""`PORT` and `BIND`."""

import socket

import pytest

from relman.launcher.addresses import Address
from relman.launcher.refusals import Refusal
from tests.homes import free_port


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "BIND"):
        monkeypatch.delenv(name, raising=False)


def test_only_this_machine_is_listened_to_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Address.from_environment() == Address(8000, ("127.0.0.1", "::1"))
    monkeypatch.setenv("BIND", "192.0.2.7, [2001:db8::1]")
    assert Address.from_environment() == Address(8000, ("192.0.2.7", "2001:db8::1"))


def test_listening_everywhere_keeps_localhost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIND", "0.0.0.0")
    assert Address.from_environment().hosts == ("0.0.0.0", "::1")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000.5"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Refusal, match=rf"PORT is '{port}'; it takes a number from 1 to 65535\."):
        Address.from_environment()


def test_the_printed_address_and_the_one_asked() -> None:
    assert Address(8080, ("127.0.0.1", "::1")).url == "http://localhost:8080"
    assert Address(8080, ("192.0.2.7",)).probe == "http://192.0.2.7:8080/readyz"
    assert Address(8080, ("2001:db8::1",)).probe == "http://[2001:db8::1]:8080/readyz"
    assert Address(8080, ("0.0.0.0",)).probe == "http://127.0.0.1:8080/readyz"


def test_sockets_answer_on_both_names() -> None:
    port = free_port()
    listening = Address(port, ("127.0.0.1", "::1")).listen()
    try:
        families = {opened.family for opened in listening}
        assert socket.AF_INET in families
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family in families:
                socket.create_connection((host, port)).close()
    finally:
        for opened in listening:
            opened.close()


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(Refusal, match=r"cannot listen on 192\.0\.2\.7 port .*Check BIND and PORT"):
        Address(free_port(), ("192.0.2.7",)).listen()
