"""Paths, folders, "-", file: and http(s) addresses -> named sources, each once and in sorted order."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from qa.errors import InputError

# Inside folders these lie beside articles without being any; named directly they are read.
_COMPANIONS = frozenset({
    ".md", ".rst", ".markdown", ".css", ".js", ".mjs", ".map", ".py", ".pyc", ".sh", ".toml", ".yaml", ".yml",
    ".ini", ".cfg", ".lock", ".woff", ".woff2", ".ttf", ".eot", ".ico", ".svg",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read: what to call it, and how to open it."""

    name: str  # a path as the user would write it, "<standard input>", or a URL
    suffix: str  # lower case, without .gz: ".jsonl"
    modified: datetime  # aware; now for what has no file
    open: Callable[[], BinaryIO]
    url: str = ""  # where it came from, if from the network
    place: str = ""  # of a file: its path, links resolved

    @property
    def can_be_read_twice(self) -> bool:
        return self.name != STANDARD_INPUT and not self.url


STANDARD_INPUT = "<standard input>"
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")


def find_sources(inputs: Sequence[str | Path | Source], *, allow_private: bool = False) -> list[Source]:
    """List what is to be read. A file that is named twice is listed once; a ready source stays as it is.

    :param allow_private: also addresses on this machine and in its network.
    :raises InputError: a path is missing, a folder holds no file, nothing is named, or the address
        has an unknown scheme.
    """
    if not inputs:
        raise InputError("No articles are named.", cure="Name files, folders or feeds.")
    found: dict[str, Source] = {}
    for named in inputs:
        given = [(named.name, named)] if isinstance(named, Source) else _find(str(named), allow_private)
        for key, source in given:
            found.setdefault(key, source)
    return list(found.values())


def public_source(address: str) -> Source:
    """Return a feed or page of the public internet, for people who must not see into this machine's network.

    :raises InputError: if it is no http or https address.
    """
    try:
        named = urlsplit(address)
        fits = named.scheme.lower() in ("http", "https") and bool(named.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise InputError(
            "This is no web address.", where=address, cure="Write it as https://example.org/feed.xml"
        )
    return _web_source(address, public_only=True)


def fetched_source(address: str, content: bytes) -> Source:
    """Return what was fetched from an address already."""
    suffix = inner_suffix(PurePosixPath(urlsplit(address).path).name)
    return Source(address, suffix, datetime.now(UTC), lambda: io.BytesIO(content), address)


def _find(named: str, allow_private: bool) -> Iterator[tuple[str, Source]]:
    if named == "-":
        yield "-", Source(STANDARD_INPUT, "", datetime.now(UTC), lambda: sys.stdin.buffer)
        return
    scheme, has_scheme, _ = named.partition("://")
    scheme = scheme.lower() if has_scheme and scheme.isalpha() else ""
    if scheme in ("http", "https"):
        try:
            yield named, _web_source(named, public_only=not allow_private)
        except ValueError:
            raise InputError(
                "This is no address.", where=named, cure="Write it as a browser shows it."
            ) from None
        return
    if scheme == "file":
        parts = urlsplit(named)
        if parts.netloc not in ("", "localhost"):
            raise InputError(
                "A file: address of another machine cannot be read.", where=named, cure="Copy it here."
            )
        named = url2pathname(unquote(parts.path)) if os.name == "nt" else unquote(parts.path)
    elif scheme:
        raise InputError(f"{scheme}: is not supported.", where=named, cure="Use http, https or a path.")
    path = Path(named)
    if path.is_dir():
        files = sorted(_walk(path), key=lambda file: file.relative_to(path).as_posix())
        if not files:
            raise InputError("The folder holds no file to read.", where=named, cure="Put articles into it.")
        for file in files:
            yield _once(file), _file_source(file)
    elif path.exists():
        yield _once(path), _file_source(path)
    else:
        raise InputError("There is no such file or folder.", where=named, cure="Check the path.")


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files under a folder, without hidden ones and companions; linked folders once."""
    seen: set[str] = set()
    for at, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(at)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(at, name)
            if name.startswith((".", "~$")) or is_companion(name):
                continue
            if (
                file.is_file() or not file.exists()
            ):  # not pipes and devices; dead links are reported when opened
                yield file


def _once(path: Path) -> str:
    return os.path.realpath(path)


def _file_source(path: Path) -> Source:
    return Source(
        str(path),
        inner_suffix(path.name),
        _saved(path),
        lambda: path.open("rb"),
        place=os.path.realpath(path),
    )


def _saved(path: Path) -> datetime:
    """Return when the file was saved: the date in its name, which survives copying, else its own time."""
    if (day := dated_name(path.name)) is not None:
        return day
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):  # a dangling link is reported when it is opened
        return datetime.now(UTC)


def dated_name(name: str) -> datetime | None:
    """Return noon of the day that a file's name holds; None if it holds none."""
    if match := _DATE_IN_NAME.search(name):
        with contextlib.suppress(ValueError):  # 2023-02-30 is no date
            year, month, day = map(int, match.groups())
            return datetime(year, month, day, 12, tzinfo=UTC)
    return None


def _web_source(url: str, *, public_only: bool) -> Source:
    from qa.ingest.web import fetch

    suffix = inner_suffix(PurePosixPath(urlsplit(url).path).name)
    return Source(url, suffix, datetime.now(UTC), lambda: fetch(url, public_only=public_only), url)


def is_companion(name: str) -> bool:
    """Return whether a file of this name lies beside articles without being any."""
    return inner_suffix(name) in _COMPANIONS


def inner_suffix(name: str) -> str:
    """Return the suffix of a name in lower case, without .gz."""
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
