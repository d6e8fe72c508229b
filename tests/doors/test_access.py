"""Names, pages and tokens: who may ask, and which servers are not even started."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.doors.access import Access, access_of, is_this_machine, name_of, read_token
from qa.errors import InputError

TOKEN = "0123456789abcdef"


def status(access: Access, path: str = "/ask", **headers: str) -> int | None:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    refusal = access.refusal(path, sent)
    return None if refusal is None else refusal.status


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("LocalHost:8080", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:80", "::1"),
        ("[::1]", "::1"),
        ("FD00::1234", "fd00::1234"),
        ("[fd00::1234]:80", "fd00::1234"),
        ("news.example.", "news.example"),
    ],
)
def test_name_of_a_host_is_without_port_brackets_and_case(host: str, name: str):
    assert name_of(host) == name


def test_request_without_a_host_or_with_two_is_refused():
    access = Access()
    assert status(access) == 421
    assert access.refusal("/ask", [(b"host", b"localhost"), (b"host", b"localhost")]).status == 421
    assert access.refusal("/ask", [(b"host", b"localhost"), (b"Host", b"evil.example")]).status == 421


def test_further_names_are_let_in_when_they_are_named():
    access = access_of("127.0.0.1", ["News.Example:443"], None)
    assert status(access, host="news.example") is None
    assert status(access, host="other.example") == 421
    assert status(access, host="news.example", origin="https://news.example") is None  # behind a TLS proxy
    assert status(access, host="news.example", origin="https://news.example.evil") == 403


def test_right_token_lets_in_and_every_change_of_it_does_not():
    access = Access(token=TOKEN)
    assert status(access, host="localhost", authorization=f"Bearer {TOKEN}") is None
    for i in range(len(TOKEN)):
        changed = TOKEN[:i] + "x" + TOKEN[i + 1 :]
        assert status(access, host="localhost", authorization=f"Bearer {changed}") == 401
    twice = [(b"host", b"localhost"), *[(b"authorization", f"Bearer {TOKEN}".encode())] * 2]
    assert access.refusal("/ask", twice).status == 401


def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch):
    compared = []
    monkeypatch.setattr("qa.doors.access.hmac.compare_digest", lambda *both: bool(compared.append(both)))
    assert status(Access(token=TOKEN), host="localhost", authorization=f"Bearer {TOKEN}") == 401
    assert compared == [(TOKEN.encode(), TOKEN.encode())]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "news.example"])
def test_server_for_other_machines_is_not_started_without_a_token(host: str, tmp_path: Path):
    with pytest.raises(
        InputError, match=r"lets other machines ask, and there is no token\. Add --token-file"
    ):
        access_of(host, [], None)
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    assert access_of(host, [], file).token == TOKEN


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_is_this_machine(host: str):
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "content", ["", "\n", "short", "two words of a token", "x" * 5000, "0123456789abcdef\nb"]
)
def test_file_that_holds_no_token_is_refused_with_a_way_to_make_one(content: str, tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(content)
    with pytest.raises(InputError, match="this is no token: one line of 16 or more .* openssl rand -hex 32"):
        read_token(file)
    with pytest.raises(InputError, match="the token cannot be read"):
        read_token(tmp_path / "missing")
