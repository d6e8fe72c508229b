"""A Milvus server or a Milvus Lite file, spoken to with patience; the only module that knows pymilvus.

Every request has a time limit. When the server goes away, requests are repeated with growing pauses
until it is back or the patience is at an end; every one of them may be repeated without harm.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # else it reports every fork on standard error

import grpc
import pymilvus
import tenacity
from pymilvus import DataType, FunctionType, MilvusException

from qa.errors import ArchiveError, IndexBusy, IndexDamaged, InputError
from qa.index.disk import translating_disk_faults
from qa.index.milvus.address import MilvusAddress
from qa.index.milvus.leftovers import clear_leftovers
from qa.index.milvus.schema import KEY, MOST_NAMES, Field, Index
from qa.settings import MilvusSettings
from qa.shipped import install_command

# pymilvus logs every fault with a traceback, also those that are expected; we report them in one line.
for _library in ("pymilvus", "milvus_lite"):
    logging.getLogger(_library).handlers = [logging.NullHandler()]
    logging.getLogger(_library).propagate = False

Client: TypeAlias = Any  # a pymilvus.MilvusClient, which carries no types
Result = TypeVar("Result")

_CONNECT_FAILED = 2  # as pymilvus and Milvus count their faults
_NOT_THERE = (100, 1600)  # a collection, an alias
_NOT_LOADED = 101
_LINE = {
    "grpc.use_local_subchannel_pool": 1,  # a shared line would make the next dial wait
    "grpc.keepalive_time_ms": 2**31 - 1,  # never: Milvus Lite hangs up on who pings each 10 s, pymilvus's way
}
_GONE = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Connection:
    """Open when it is needed. Safe to share between threads."""

    def __init__(self, address: MilvusAddress, settings: MilvusSettings, patience: float) -> None:
        self.address = address
        self._settings = settings
        self._patience = patience  # seconds for which a server that goes away is waited for
        self._lock = threading.Lock()
        self._client: Client | None = None

    def open(self) -> None:
        """Connect, if there is no connection yet.

        :raises ArchiveError: if the server cannot be reached in time, or the file cannot be opened.
        """
        self._patiently(
            lambda client, limit: client.list_collections(timeout=limit), self._settings.connect_seconds
        )

    def ask(self, request: Callable[[Client, float], Result]) -> Result:
        """Return what ``request(client, seconds at most)`` gives back, once the server has answered.

        :raises ArchiveError: if it did not in time, or refused.
        """
        return self._patiently(request, self._patience)

    def ask_if_there(self, request: Callable[[Client, float], Result]) -> Result | None:
        """Return the same; None if the collection or alias that it is about does not exist."""

        def attempt(client: Client, limit: float) -> Result | None:
            try:
                return request(client, limit)
            except MilvusException as fault:
                if fault.code in _NOT_THERE:
                    return None
                raise

        return self.ask(attempt)

    def read(self, collection: str, request: Callable[[Client, float], Result]) -> Result:
        """Return the same for rows of a collection, which is loaded first if a restart left it on disk."""

        def attempt(client: Client, limit: float) -> Result:
            try:
                return request(client, limit)
            except MilvusException as fault:
                if fault.code != _NOT_LOADED:
                    raise
            client.load_collection(collection, timeout=limit)
            return request(client, limit)

        return self.ask(attempt)

    def _patiently(self, request: Callable[[Client, float], Result], patience: float) -> Result:
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(_is_gone),
            wait=tenacity.wait_exponential_jitter(initial=0.2, max=5, jitter=0.2),
            stop=tenacity.stop_before_delay(patience),
            reraise=True,
        )
        try:
            return attempts(lambda: request(self._dialled(), self._settings.request_seconds))
        except (MilvusException, grpc.RpcError) as fault:
            raise _translated(fault, self.address) from fault

    def _dialled(self) -> Client:
        with self._lock:
            if self._client is None:
                if self.address.file is not None:
                    with translating_disk_faults(self.address.file):
                        clear_leftovers(self.address.file, self.address.is_state)
                self._client = pymilvus.MilvusClient(
                    self.address.uri,
                    token=self._settings.token,
                    timeout=self._settings.connect_seconds,
                    dedicated=True,
                    grpc_options=_LINE,
                )
            return self._client


def schema_of(fields: Sequence[Field]) -> pymilvus.CollectionSchema:
    """Return the fields as pymilvus wants them."""
    schema = pymilvus.MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    for field in fields:
        key = field.name == KEY
        match field.kind:
            case "text":
                schema.add_field(field.name, DataType.VARCHAR, is_primary=key, max_length=field.longest)
            case "words":
                schema.add_field(field.name, DataType.VARCHAR, max_length=field.longest, enable_analyzer=True)
            case "number":
                schema.add_field(field.name, DataType.INT64)
            case "names":
                schema.add_field(
                    field.name,
                    DataType.ARRAY,
                    element_type=DataType.VARCHAR,
                    max_capacity=MOST_NAMES,
                    max_length=field.longest,
                )
            case "vector":
                schema.add_field(field.name, DataType.FLOAT_VECTOR, dim=field.dimension)
            case "bm25":
                schema.add_field(field.name, DataType.SPARSE_FLOAT_VECTOR)
                words = [other.name for other in fields if other.kind == "words"]
                schema.add_function(pymilvus.Function("bm25", FunctionType.BM25, words, [field.name]))
    return schema


def parameters_of(index: Index) -> pymilvus.milvus_client.IndexParams:
    """Return the index as pymilvus wants it."""
    parameters = pymilvus.MilvusClient.prepare_index_params()
    options: dict[str, object] = {"metric_type": index.metric} if index.metric else {}
    if index.parameters:
        options["params"] = dict(index.parameters)  # nested: Milvus Lite ignores pymilvus's own flat form
    parameters.add_index(index.field, index.kind, index.field, params=options)
    return parameters


def _translated(fault: MilvusException | grpc.RpcError, address: MilvusAddress) -> ArchiveError | InputError:
    where, file = address.written, address.file
    message = str(fault.message if isinstance(fault, MilvusException) else fault.details())
    if "milvus-lite is required" in message:
        return InputError(
            "Milvus Lite is not installed",
            where=where,
            cure=f"Run: {install_command('milvus')}",
        )
    if _is_gone(fault):
        return ArchiveError(
            "the Milvus server cannot be reached; what is in it is untouched",
            where=where,
            cure="Start it or check the address, then run the same command again; it goes on.",
        )
    if isinstance(fault, MilvusException) and "Open local milvus failed" in message:
        if file is not None and file.exists() and not file.is_dir():
            return IndexDamaged("is not a Milvus Lite database", where=where, cure="Choose another path.")
        return IndexBusy(
            "cannot be opened; another program may have it open",
            where=where,
            cure="End that program, or let all use one server: "
            f"milvus-lite server --data-dir {where} --port 19530, then --index milvus://localhost/news",
        )
    if isinstance(fault, MilvusException) and fault.code in _NOT_THERE:
        return IndexDamaged(
            "a collection of the index is gone",
            where=where,
            cure="Ask again; else build the index again.",
        )
    if file is not None and os.strerror(errno.ENOSPC) in message:
        return ArchiveError(
            f"the index cannot be written ({os.strerror(errno.ENOSPC)}); what was there is untouched",
            where=where,
            cure="Free some space and run the same command again.",
        )
    if file is not None:
        return ArchiveError(
            f"Milvus Lite cannot read or write its file: {message}",
            where=where,
            cure="Run the same command again. If that does not help, restore the file from a backup, or "
            "build into another path; what was forgotten here would come back there.",
        )
    return ArchiveError(
        f"Milvus refused a request: {message}",
        where=where,
        cure="See the server's log; name and password go into QA_MILVUS_TOKEN=name:password",
    )


def _is_gone(fault: BaseException) -> bool:
    """Return whether the server did not answer, so that asking again may help."""
    if isinstance(fault, MilvusException):
        return fault.code == _CONNECT_FAILED or fault.code in _GONE
    return isinstance(fault, grpc.RpcError) and fault.code() in _GONE
