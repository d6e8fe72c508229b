"""An http(s) request -> a connection that ends by a deadline and leads only where it may.

A host name is resolved once; the addresses that come back are checked, and one of them is connected to. A
name that would point elsewhere a moment later therefore gains nothing: nothing is sent to a private address.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import httpcore
import httpx

from qa.ingest.addresses import resolved

if TYPE_CHECKING:
    import ssl

_MOST_ADDRESSES = 4  # of one host that are tried, one after the other


class BoundedTransport(httpx.BaseTransport):
    """Sends requests for one download. A connection that waits or drips is dropped at the deadline."""

    def __init__(self, *, until: float, public_only: bool) -> None:
        """``until``: by time.monotonic()."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=not public_only),
            network_backend=_Network(until, public_only=public_only),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request within the deadline.

        :raises NotPublic: if the host is not one that may be asked.
        """
        if request.url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"{request.url.scheme} is no web protocol")
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, extensions=dict(request.extensions)
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response),
            extensions=dict(response.extensions),
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Network(httpcore.NetworkBackend):
    def __init__(self, until: float, *, public_only: bool) -> None:
        self._until = until
        self._public_only = public_only
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in resolved(host, port, public_only=self._public_only)[:_MOST_ADDRESSES]:
            try:
                stream = self._network.connect_tcp(
                    address, port, _left(self._until, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                fault = refused
            else:
                return _Stream(stream, self._until)
        raise fault


class _Stream(httpcore.NetworkStream):
    """A stream whose every wait ends with the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, _left(self._until, timeout))
        return _Stream(inner, self._until)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    """Return how many seconds are left to wait.

    :raises httpcore.TimeoutException: if the time is over.
    """
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.TimeoutException("the deadline has passed")
    return left if timeout is None else min(left, timeout)
