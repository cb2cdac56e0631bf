"""No webhook leads into a private network, whatever notation the address is in and whatever its name says later."""

import socket
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from automation.operations.addresses import Unreachable, checked_url, is_public, target_of
from automation.operations.calling import post
from core.refusals import Invalid
from tests.automation.conftest import Receiver

PRIVATE = (
    *(
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
    ),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fec0::1", "fe80::1%eth0"),
)


@pytest.mark.parametrize("number", PRIVATE)
def test_numbers_of_inner_networks_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number", ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]
)
def test_numbers_of_the_internet_are(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://{host}/" for host in ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]")),
        *(f"https://{host}/" for host in ("[::ffff:10.0.0.1]", "localhost", "169.254.169.254", "0.0.0.0")),
        *(
            f"https://{host}/"
            for host in ("127.0.0.1.", "LOCALHOST.", "%31%32%37.0.0.1", "[fe80::1%25eth0]", "[v1.a:b]")
        ),
        *(
            f"https://{host}/"
            for host in ("a..example", "-a.example", f"{'a' * 64}.example", ".".join(["a"] * 128))
        ),
        "https://user@1.1.1.1/",
        "https://1.1.1.1/#x",
        "https://1.1.1.1:22/",
        "https://1.1.1.1:99999/",
        "https://1.1.1.1/ x",
        "http://1.1.1.1/",
        "ftp://1.1.1.1/",
        "https:///x",
        "https://é.example/",
        "https://1.1.1.1/" + "x" * 1000,
    ],
)
def test_an_address_that_may_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_url(url)
    assert set(refusal.value.errors) == {"url"}


def test_one_inner_number_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(host: str, port: int, **_more: Any) -> list[Any]:
        numbers = {"two.example": ["1.1.1.1", "10.0.0.1"], "one.example": ["1.1.1.1"]}[host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(Unreachable):
        target_of("https://two.example/")
    assert target_of("https://one.example:8443/a?b=c").path == "/a?b=c"
    assert target_of("https://one.example/").number == "1.1.1.1"


def test_a_name_that_turns_inward_between_two_lookups_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_INTERNAL_HOSTS = ["turning.example"]
    asked = []

    def found(host: str, port: int, *_args: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    port = receiver.server.server_port
    assert post(f"http://turning.example:{port}/", b"{}", {}).status == 200
    assert asked.count("turning.example") == 1
    assert receiver.calls[0][0]["host"] == f"turning.example:{port}"
    settings.WEBHOOK_INTERNAL_HOSTS = []
    answer = post(f"https://turning.example:{port}/", b"{}", {})
    assert (answer.status, len(receiver.calls)) == (None, 1)
    assert "private network" in answer.problem


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    answer = post(receiver.url, b"{}", {})
    assert (answer.status, answer.is_good, len(receiver.calls)) == (302, False, 1)


def test_no_more_is_read_than_fits(receiver: Receiver) -> None:
    receiver.words = b"x" * 200_000 + b"\0"
    answer = post(receiver.url, b"{}", {})
    assert (answer.status, len(answer.excerpt)) == (200, 1000)


def test_who_answers_a_byte_at_a_time_is_cut_off(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.WEBHOOK_INTERNAL_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr("automation.operations.calling.SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    assert answer.status is None
    assert answer.problem.startswith("No answer within")


def test_a_server_that_speaks_no_tls_is_a_problem_in_words(receiver: Receiver) -> None:
    answer = post(receiver.url.replace("http:", "https:"), b"{}", {})
    assert answer.status is None
    assert answer.problem.startswith("The connection is not safe")
