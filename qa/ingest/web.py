"""A feed's or page's http(s) address -> its bytes, bounded in size, time and redirects."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO
from urllib.request import getproxies

from qa.ingest.addresses import NotPublic
from qa.ingest.limits import MOST_FEED_BYTES, MOST_FEED_SECONDS, MOST_REDIRECTS, MOST_WAIT_SECONDS
from qa.ingest.streams import Unreadable
from qa.ingest.unpacking import ASKED_FOR, unpacked

# A server may send any byte, but a request's headers are ASCII: one that is not would fail for ever.
_FIT_FOR_A_HEADER = re.compile(r"[\x20-\x7e]{0,1000}")

_LONGEST_REASON = 60  # characters of a server's own words that are shown


class FeedFault(Unreadable):
    """A feed cannot be fetched: the reason is the message."""

    def __init__(self, why: str, *, wait: float = 0.0) -> None:
        self.wait = wait  # seconds that the server wants to be left alone
        super().__init__(why)


class PrivateAddress(FeedFault):
    """A feed lies on this machine or in its network, or redirects there."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of a page, by which it can say later whether the page changed."""

    etag: str = ""
    last_modified: str = ""

    @classmethod
    def sent(cls, etag: str, last_modified: str) -> Validators:
        """Return validators from headers or the file that kept them, without what cannot be sent back."""
        return cls(*(value if _FIT_FOR_A_HEADER.fullmatch(value) else "" for value in (etag, last_modified)))


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched."""

    content: bytes
    validators: Validators


def fetch(
    url: str,
    *,
    most_bytes: int = MOST_FEED_BYTES,
    most_seconds: float = MOST_FEED_SECONDS,
    public_only: bool = False,
) -> BinaryIO:
    """Fetch an address whole.

    ``public_only``: neither it nor what it redirects to may lie on this machine or in its network.

    :raises FeedFault: it cannot be had, or not within the bounds.
    """
    page = fetch_changed(
        url, Validators(), most_bytes=most_bytes, most_seconds=most_seconds, public_only=public_only
    )
    return io.BytesIO(page.content if page is not None else b"")


def fetch_changed(
    url: str,
    known: Validators,
    *,
    most_bytes: int = MOST_FEED_BYTES,
    most_seconds: float = MOST_FEED_SECONDS,
    public_only: bool = False,
) -> Page | None:
    """Fetch an address whole, as :func:`fetch` does; None if it is as it was when ``known`` was said.

    :raises FeedFault: it cannot be had, or not within the bounds.
    """
    outcome: list[Page | FeedFault | None] = []
    # The connection ends with the deadline; the look-up of a name does not, so the clock runs outside, too.
    work = partial(_download, url, known, most_bytes, most_seconds, public_only)
    worker = threading.Thread(target=lambda: outcome.append(_outcome(work)), name="fetch", daemon=True)
    worker.start()
    worker.join(most_seconds)
    result = outcome[0] if outcome else _too_late(most_seconds)
    if isinstance(result, FeedFault):
        raise result
    return result


def _outcome(work: Callable[[], Page | None]) -> Page | FeedFault | None:
    try:
        return work()
    except FeedFault as fault:
        return fault
    except Exception as fault:  # whatever a server can do to a client: the thread must not end without a word
        return FeedFault(f"cannot be fetched ({type(fault).__name__})")


def _download(
    url: str, known: Validators, most_bytes: int, most_seconds: float, public_only: bool
) -> Page | None:
    import httpcore
    import httpx

    from qa.ingest.connections import BoundedTransport

    until = time.monotonic() + most_seconds
    # A proxy connects where we cannot look, so it is only used where nobody minds.
    by_proxy = not public_only and bool(getproxies())
    chunks: list[bytes] = []
    size = 0
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=10.0,
                transport=None if by_proxy else BoundedTransport(until=until, public_only=public_only),
                trust_env=by_proxy,
            ) as client,
            client.stream("GET", url, headers=_headers(known)) as response,
        ):
            if response.status_code == httpx.codes.NOT_MODIFIED and known != Validators():
                return None
            if not response.is_success:
                answer = f"{response.status_code} {response.reason_phrase[:_LONGEST_REASON]}".strip()
                wait = _seconds(response.headers.get("Retry-After", ""))
                raise FeedFault(f"was refused: the server answered {answer}", wait=wait)
            validators = Validators.sent(
                response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
            )
            packings = response.headers.get_list("Content-Encoding", split_commas=True)
            for chunk in unpacked(_bounded(response.iter_raw(), most_bytes), packings):
                size += len(chunk)
                if size > most_bytes:
                    raise _too_large(most_bytes)
                if time.monotonic() > until:
                    raise _too_late(most_seconds)
                chunks.append(chunk)
    except NotPublic as fault:
        raise PrivateAddress(f"is refused: {fault}") from None
    except httpx.TooManyRedirects:
        raise FeedFault(f"redirects more than {MOST_REDIRECTS} times") from None
    except (httpx.TimeoutException, httpcore.TimeoutException):
        if time.monotonic() >= until:
            raise _too_late(most_seconds) from None
        raise FeedFault("did not come: the server does not answer") from None
    except httpx.UnsupportedProtocol:
        raise FeedFault("redirects to an address that is not http or https") from None
    except FeedFault:
        raise
    except Unreadable as fault:
        raise FeedFault(str(fault)) from None
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        ValueError,
        OSError,
    ) as fault:
        raise FeedFault(f"cannot be fetched ({str(fault).strip() or type(fault).__name__})") from None
    return Page(b"".join(chunks), validators)


def _bounded(chunks: Iterator[bytes], most_bytes: int) -> Iterator[bytes]:
    """Yield what comes over the line, counted as it comes: it may be much that unpacks to nothing."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            raise _too_large(most_bytes)
        yield chunk


def _too_late(most_seconds: float) -> FeedFault:
    return FeedFault(f"did not come within {most_seconds:g} seconds")


def _too_large(most_bytes: int) -> FeedFault:
    return FeedFault(f"is larger than {most_bytes / 2**20:g} MB")


def _headers(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    fixed = {"User-Agent": "news-qa", "Accept-Encoding": ASKED_FOR}
    return fixed | {name: value for name, value in asked.items() if value}


def _seconds(retry_after: str) -> float:
    """Return a Retry-After in seconds; its other form, a date, is hardly used and counts as none."""
    return min(float(retry_after), MOST_WAIT_SECONDS) if retry_after.strip().isdecimal() else 0.0
