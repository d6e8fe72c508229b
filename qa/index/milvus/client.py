"""What this program asks of Milvus: names, collections, rows and searches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qa.errors import ArchiveError
from qa.index.disk import translating_disk_faults
from qa.index.milvus.address import MilvusAddress
from qa.index.milvus.connection import Client, Connection, parameters_of, schema_of
from qa.index.milvus.leftovers import wait_for_disk
from qa.index.milvus.rows import Row, one_of
from qa.index.milvus.schema import KEY, Field, Index
from qa.settings import MilvusSettings

_WRITTEN_TOGETHER = 100  # rows of a request; an article's part has up to 64 KB and a server takes 64 MB
_ASKED_TOGETHER = 500  # keys in a condition
_PAGE = 1000  # rows read in one request
_MOST_FOUND = 16_384  # by one search, Milvus's limit


class Milvus:
    """A server or a file. Safe to share between threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def address(self) -> MilvusAddress:
        """Where the server or the file is, and the index's name there."""
        return self._connection.address

    @classmethod
    def connect(cls, address: MilvusAddress, settings: MilvusSettings, patience: float) -> Milvus:
        """Connect to a server, or open a Milvus Lite file, which is made if it is not there.

        ``patience``: seconds for which a server that goes away later is waited for.

        :raises ArchiveError: if the server cannot be reached in time, or the file cannot be opened.
        """
        connection = Connection(address, settings, patience)
        connection.open()
        return cls(connection)

    def current(self) -> str | None:
        """Return the collection that the index's name stands for, None if there is no index."""
        facts = self._connection.ask_if_there(
            lambda client, limit: client.describe_alias(self.address.name, timeout=limit)
        )
        return None if facts is None else str(facts["collection_name"])

    def collections(self) -> list[str]:
        """Return the names of all collections, ours and others'."""
        return self._connection.ask(lambda client, limit: list(client.list_collections(timeout=limit)))

    def dimension(self, collection: str, field: str) -> int | None:
        """Return the dimension of a vector field; None if the collection has no such field."""
        facts = self._connection.ask(
            lambda client, limit: client.describe_collection(collection, timeout=limit)
        )
        sizes = {f["name"]: f["params"].get("dim") for f in facts["fields"]}
        return None if sizes.get(field) is None else int(sizes[field])

    def create(self, name: str, fields: Sequence[Field], indexes: Sequence[Index]) -> None:
        """Make a collection, empty and ready to be searched; goes on where it was if half made."""

        def make(client: Client, limit: float) -> None:
            if not client.has_collection(name, timeout=limit):
                schema = schema_of(fields)
                client.create_collection(name, schema=schema, consistency_level="Strong", timeout=limit)
            made = client.list_indexes(name, timeout=limit)
            for index in indexes:
                if index.field not in made:
                    client.create_index(name, parameters_of(index), sync=False, timeout=limit)
            client.load_collection(name, timeout=limit)

        self._connection.ask(make)

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        self._connection.ask(lambda client, limit: client.drop_collection(name, timeout=limit))

    def claim(self, name: str) -> bool:
        """Let the index's name stand for the collection; False if it stands for another already."""

        def claim(client: Client, limit: float) -> None:
            client.create_alias(name, self.address.name, timeout=limit)

        try:
            self._connection.ask(claim)
        except ArchiveError:
            current = self.current()
            if current is None:
                raise
            return current == name  # a repeated request may have met its own success
        return True

    def point(self, name: str) -> None:
        """Let the index's name stand for this collection from now on, in one step."""
        if not self.claim(name):
            self._connection.ask(
                lambda client, limit: client.alter_alias(name, self.address.name, timeout=limit)
            )
        self._wait_for_disk()  # before the old state is dropped

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Write rows; those of a key that is there already are replaced."""
        for first in range(0, len(rows), _WRITTEN_TOGETHER):
            together = list(rows[first : first + _WRITTEN_TOGETHER])

            def write(client: Client, limit: float, rows: list[Row] = together) -> None:
                client.upsert(collection, rows, timeout=limit)

            self._connection.ask(write)

    def delete(self, collection: str, field: str, names: Sequence[str]) -> None:
        """Remove the rows whose field has one of the names."""
        for condition in _among(field, names):

            def delete(client: Client, limit: float, filter: str = condition) -> None:
                client.delete(collection, filter=filter, timeout=limit)

            self._connection.ask(delete)

    def flush(self, collection: str) -> None:
        """Have everything written to disk, and counted in the statistics of BM25."""
        self._connection.ask(lambda client, limit: client.flush(collection, timeout=limit))
        self._wait_for_disk()

    def compact(self, collection: str) -> None:
        """Ask for its files to be written anew without what was removed; Milvus Lite does not hear it."""
        self._connection.ask(lambda client, limit: client.compact(collection, timeout=limit))

    def named(self, collection: str, field: str, names: Sequence[str], fields: Sequence[str]) -> list[Row]:
        """Return the rows whose field has one of the names, in any order."""
        rows: list[Row] = []
        for condition in _among(field, names):

            def query(client: Client, limit: float, filter: str = condition) -> list[Row]:
                found: list[Row] = client.query(
                    collection, filter=filter, output_fields=list(fields), timeout=limit
                )
                return found

            rows += self._connection.read(collection, query)
        return rows

    def walk(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that pass, by ascending key; a page at a time, so that a cut line costs one page."""
        last = ""
        while True:
            beyond = f'{KEY} > "{last}"' + (f" and {condition}" if condition else "")

            def page(client: Client, limit: float, beyond: str = beyond) -> list[Row]:
                iterator = client.query_iterator(
                    collection, _PAGE, _PAGE, beyond, output_fields=[KEY, *fields], timeout=limit
                )
                try:
                    return list(iterator.next())
                finally:
                    iterator.close()

            rows = self._connection.read(collection, page)
            if not rows:
                return
            yield from rows
            last = rows[-1][KEY]

    def search(
        self,
        collection: str,
        field: str,
        asked: Sequence[str] | np.ndarray,
        many: int,
        condition: str,
        fields: Sequence[str],
    ) -> list[list[tuple[float, Row]]]:
        """Return scores and rows of the best that pass, best first, for each vector or text that is asked."""
        data = [row if isinstance(row, str) else row.tolist() for row in asked]
        found = self._connection.read(
            collection,
            lambda client, limit: client.search(
                collection,
                data=data,
                anns_field=field,
                limit=min(many, _MOST_FOUND),
                filter=condition,
                output_fields=[KEY, *fields],
                timeout=limit,
            ),
        )
        # Milvus Lite gives BM25 scores, which are never negative, a minus sign.
        score = abs if isinstance(asked[0], str) else float
        return [
            [(score(hit["distance"]), {KEY: hit[KEY], **hit["entity"]}) for hit in hits] for hits in found
        ]

    def bytes_on_disk(self) -> int | None:
        """Return how much a Milvus Lite file takes; None for a server, which does not report it."""
        if self.address.file is None:
            return None
        return sum(path.stat().st_size for path in self.address.file.rglob("*") if path.is_file())

    def _wait_for_disk(self) -> None:
        """Wait until a file's data is on the disk; a server sees to that itself."""
        if self.address.file is not None:
            with translating_disk_faults(self.address.file):
                wait_for_disk(self.address.file)


def _among(field: str, keys: Sequence[str]) -> Iterator[str]:
    """Yield conditions that together let a field pass if it is one of the keys."""
    for first in range(0, len(keys), _ASKED_TOGETHER):
        yield one_of(field, keys[first : first + _ASKED_TOGETHER])
