"""Who may ask: the Host and the Origin of a request, and its token, held against what the server allows."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.doors.refusals import Refusal
from qa.errors import InputError

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
LEAST_TOKEN = 16  # characters; what is shorter is guessed
_LONGEST_TOKEN = 4096  # bytes of a token's file
_PORT = re.compile(r":\d{1,5}$")


@dataclass(frozen=True, slots=True)
class Access:
    """The names under which a server may be asked, and the token that it wants."""

    hosts: frozenset[str] = THIS_MACHINE  # lower case, without port
    token: str | None = None  # None: none is wanted
    open_paths: frozenset[str] = frozenset()  # asked without a token

    def refusal(self, path: str, headers: Sequence[tuple[bytes, bytes]]) -> Refusal | None:
        """Return why a request may not be answered; None if it may.

        A browser that was led here by a foreign name (DNS rebinding) says that name as Host, and one that
        a foreign page sends says that page as Origin. Programs send no Origin.
        """
        hosts, origins = _values(headers, b"host"), _values(headers, b"origin")
        if len(hosts) != 1 or name_of(hosts[0]) not in self.hosts:
            return Refusal(421, "This server does not answer under that name; who runs it may allow it.")
        if origins and origins not in ([f"http://{hosts[0]}"], [f"https://{hosts[0]}"]):
            return Refusal(403, "This server does not answer the pages of other sites.")
        if self.token is None or path in self.open_paths:
            return None
        return _refused_token(_values(headers, b"authorization"), self.token)


def name_of(host: str) -> str:
    """Return the name in a Host header: "LocalHost:8080" -> "localhost", "[::1]:80" -> "::1"."""
    if host.count(":") > 1 and "[" not in host:  # an address as --host takes it; no Host is written so
        return host.strip().lower()
    return _PORT.sub("", host.strip().lower()).removeprefix("[").removesuffix("]").removesuffix(".")


def is_this_machine(host: str) -> bool:
    """Return whether a server bound to this host or address is reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def access_of(
    host: str, allowed: Sequence[str], token_file: Path | None, *, open_paths: frozenset[str] = frozenset()
) -> Access:
    """Return who may ask a server that is bound to ``host``; ``allowed`` are more names of it.

    :raises InputError: if the token's file cannot be read or holds none, or others than this machine
        could ask without a token.
    """
    token = None if token_file is None else read_token(token_file)
    if token is None and not is_this_machine(host):
        raise InputError(
            f"--host {host} lets other machines ask, and there is no token",
            cure="Add --token-file FILE, or leave --host out.",
        )
    names = {name_of(name) for name in (host, *allowed)}
    return Access(THIS_MACHINE | names, token, open_paths)


def read_token(file: Path) -> str:
    """Read the one line of a file.

    :raises InputError: if it cannot be read, or what is in it is no token.
    """
    try:
        with file.open("rb") as stream:
            raw = stream.read(_LONGEST_TOKEN + 1)
    except OSError as fault:
        raise InputError(
            f"the token cannot be read ({fault.strerror})", where=file, cure="Name a file that holds it."
        ) from None
    token = raw.decode("ascii", "replace").strip()
    if len(raw) > _LONGEST_TOKEN or not re.fullmatch(rf"[!-~]{{{LEAST_TOKEN},}}", token):
        raise InputError(
            f"this is no token: one line of {LEAST_TOKEN} or more letters, digits and signs",
            where=file,
            cure=f"Make one: openssl rand -hex 32 > {file}",
        )
    return token


def _refused_token(sent: Sequence[str], token: str) -> Refusal | None:
    if not sent:
        return Refusal(401, "A token is wanted: Authorization: Bearer TOKEN.", {"WWW-Authenticate": "Bearer"})
    scheme, _, value = sent[0].partition(" ")
    right = hmac.compare_digest(value.strip().encode("latin-1"), token.encode())
    if len(sent) == 1 and scheme.lower() == "bearer" and right:
        return None
    return Refusal(401, "This is not the token.", {"WWW-Authenticate": 'Bearer error="invalid_token"'})


def _values(headers: Sequence[tuple[bytes, bytes]], wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in headers if name.lower() == wanted]
