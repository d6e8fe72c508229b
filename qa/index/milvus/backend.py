"""An index in Milvus: a server's, or a Milvus Lite file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IndexMismatch, InputError
from qa.index.disk import translating_disk_faults
from qa.index.engine import MANIFEST, BuildJob, CheckedIndex, Selection, no_index_at
from qa.index.milvus.address import MilvusAddress
from qa.index.shards import Shard
from qa.reports import BuildReport, ForgetReport, Overview
from qa.settings import MilvusSettings
from qa.shipped import install_command

if TYPE_CHECKING:
    from qa.index.milvus.client import Milvus
    from qa.index.milvus.engine import MilvusEngine

_PACKAGES = {"pymilvus", "tenacity", "grpc"}


@dataclass(frozen=True, slots=True)
class MilvusBackend:
    """A server or a file; neither need be there yet."""

    address: MilvusAddress
    settings: MilvusSettings = field(default_factory=MilvusSettings)

    @property
    def home(self) -> Path | None:
        return None if self.address.file is None else Path(self.address.written).parent

    def side_files(self, name: str) -> tuple[Path, ...]:
        """Return places beside a Milvus Lite file, which is itself a folder with Milvus's own content.

        Version 0.1 wrote into it all the same.
        """
        file = self.address.file
        return () if file is None else (file.with_name(f"{file.name}.{name}"), file / name)

    def prepare(self, shard: Shard | None) -> None:
        """Look whether a build can write there.

        :raises ArchiveError: if there is no server, the file cannot be opened, or the name is taken.
        """
        milvus = self._connect(self.settings.building_seconds)
        from qa.index.milvus.collection import current_state

        current_state(milvus)

    def build(self, job: BuildJob) -> BuildReport:
        milvus = self._connect(self.settings.building_seconds)
        from qa.index.milvus.build import build_in_milvus

        return build_in_milvus(milvus, job)

    def forget(self, selection: Selection, *, dry_run: bool) -> ForgetReport:
        engine = self._opened(self.settings.building_seconds)
        from qa.index.milvus.forget import forget_in_milvus

        return forget_in_milvus(engine.collections, engine.state, selection, dry_run=dry_run)

    def let_back(self, ids: Sequence[str]) -> tuple[str, ...]:
        collections = self._opened(self.settings.building_seconds).collections
        forgotten = collections.forgotten()
        known = tuple(dict.fromkeys(trace.id for trace in forgotten.traces if trace.id in ids))
        if known:
            collections.remember_forgotten(forgotten.without_ids(ids))
        return known

    def open(self) -> MilvusEngine:
        return self._opened(self.settings.asking_seconds)

    def overview(self) -> Overview:
        return self.open().overview()

    def check(self) -> CheckedIndex:
        engine = self.open()
        from qa.index.milvus.check import check_collections

        return check_collections(engine.collections, engine.state)

    def _opened(self, patience: float) -> MilvusEngine:
        file = self.address.file
        if file is not None and not file.exists():  # Milvus Lite would make an empty one
            raise no_index_at(self.address.written)
        milvus = self._connect(patience)
        from qa.index.milvus.engine import MilvusEngine

        return MilvusEngine.open(milvus)

    def _connect(self, patience: float) -> Milvus:
        try:
            from qa.index.milvus.client import Milvus
        except ModuleNotFoundError as fault:
            if fault.name not in _PACKAGES:
                raise
            raise InputError(
                f"an index in Milvus needs the package {fault.name}, which is not installed",
                where=self.address.written,
                cure=f"Run: {install_command('milvus')}",
            ) from None
        if self.address.file is not None:
            if (self.address.file / MANIFEST).is_file():
                raise IndexMismatch(
                    "is the folder of an index, but .db says that it is a Milvus Lite file",
                    where=self.address.written,
                    cure="Rename the folder, or choose another path.",
                )
            with translating_disk_faults(self.address.file):
                self.address.file.parent.mkdir(parents=True, exist_ok=True)
        return Milvus.connect(self.address, self.settings, patience)
