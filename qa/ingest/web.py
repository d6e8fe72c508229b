"""A feed's or page's http(s) address -> its bytes, bounded in size, time and redirects."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from qa.ingest.addresses import is_public, why_private
from qa.ingest.limits import MOST_FEED_BYTES, MOST_FEED_SECONDS, MOST_REDIRECTS, MOST_WAIT_SECONDS
from qa.ingest.streams import Unreadable


class FeedFault(Unreadable):
    """A feed cannot be fetched: the reason is the message."""

    def __init__(self, why: str, *, wait: float = 0.0) -> None:
        self.wait = wait  # seconds that the server wants to be left alone
        super().__init__(why)


class PrivateAddress(FeedFault):
    """A feed lies on this machine or in its network, or redirects there."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server told of a page, by which it can tell later whether the page changed."""

    etag: str = ""
    last_modified: str = ""


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
    """Fetch an address whole, as :func:`fetch` does; None if it is as it was when ``known`` was told.

    :raises FeedFault: it cannot be had, or not within the bounds.
    """
    started = time.monotonic()
    outcome: list[Page | FeedFault | None] = []
    # A server that drips headers keeps the client busy without a chunk to count, so the clock
    # runs outside. A thread that is left behind ends with its own read timeout or the program.
    worker = threading.Thread(
        target=lambda: outcome.append(
            _outcome(lambda: _download(url, known, most_bytes, started + most_seconds, public_only))
        ),
        daemon=True,
    )
    worker.start()
    worker.join(most_seconds)
    result = outcome[0] if outcome else FeedFault(f"did not come within {most_seconds:g} seconds")
    if isinstance(result, FeedFault):
        raise result
    return result


def _outcome(work: Callable[[], Page | None]) -> Page | FeedFault | None:
    try:
        return work()
    except FeedFault as fault:
        return fault


def _download(url: str, known: Validators, most_bytes: int, until: float, public_only: bool) -> Page | None:
    import httpx

    def check_name(request: httpx.Request) -> None:  # also of every redirect
        reason = why_private(request.url.host, request.url.port)
        if reason is not None:
            raise PrivateAddress(f"is refused: {reason}")

    def check_peer(response: httpx.Response) -> None:
        # A name may have pointed elsewhere when it was asked for again, to connect.
        peer = response.extensions["network_stream"].get_extra_info("server_addr")
        if peer is None or not is_public(str(peer[0])):
            raise PrivateAddress("is refused: it led to a private address")

    hooks = {"request": [check_name], "response": [check_peer]} if public_only else None
    chunks: list[bytes] = []
    size = 0
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=10.0,
                event_hooks=hooks,
                trust_env=not public_only,  # a proxy of the server's would connect where we cannot look
            ) as client,
            client.stream("GET", url, headers=_headers(known)) as response,
        ):
            if response.status_code == httpx.codes.NOT_MODIFIED and known != Validators():
                return None
            if not response.is_success:
                answer = f"{response.status_code} {response.reason_phrase}".strip()
                wait = _seconds(response.headers.get("Retry-After", ""))
                raise FeedFault(f"was refused: the server answered {answer}", wait=wait)
            told = Validators(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > most_bytes:
                    raise FeedFault(f"is larger than {most_bytes / 2**20:g} MB")
                if time.monotonic() > until:
                    raise FeedFault("took too long")
                chunks.append(chunk)
    except httpx.TooManyRedirects:
        raise FeedFault(f"redirects more than {MOST_REDIRECTS} times") from None
    except httpx.TimeoutException:
        raise FeedFault("did not come: the server does not answer") from None
    except httpx.UnsupportedProtocol:
        raise FeedFault("redirects to an address that is not http or https") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as fault:
        raise FeedFault(f"cannot be fetched ({str(fault).strip() or type(fault).__name__})") from None
    return Page(b"".join(chunks), told)


def _headers(known: Validators) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {"User-Agent": "news-qa"} | {name: value for name, value in asked.items() if value}


def _seconds(retry_after: str) -> float:
    """A Retry-After in seconds; its other form, a date, is hardly used and counts as none."""
    return min(float(retry_after), MOST_WAIT_SECONDS) if retry_after.strip().isdecimal() else 0.0
