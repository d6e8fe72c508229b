"""An index in a folder of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import InputError
from qa.index.disk import translating_disk_faults
from qa.index.engine import BuildJob, CheckedIndex, Selection
from qa.index.local.engine import LocalEngine, overview_of
from qa.index.local.generation import LOCK, hold_current
from qa.index.local.guard import Guard
from qa.index.local.ownership import refuse_foreign
from qa.index.local.store import Store
from qa.index.shards import Shard
from qa.reports import BuildReport, ForgetReport, Overview


@dataclass(frozen=True, slots=True)
class LocalBackend:
    """A folder."""

    index: Path

    @property
    def home(self) -> Path:
        return self.index.parent

    def side_files(self, name: str) -> tuple[Path, ...]:
        return (self.index / name,)

    def prepare(self, shard: Shard | None) -> None:
        """Look whether a build may write into this folder.

        :raises InputError: for a shard: one machine writes a folder.
        :raises ArchiveError: if the folder holds what is not ours.
        """
        if shard is not None:
            raise InputError(
                "a folder is not built in shards",
                where=self.index,
                cure="Leave --shard out, or name a Milvus index: --index milvus://host:19530/news",
            )
        with translating_disk_faults(self.index):
            refuse_foreign(self.index, lock=LOCK)

    def build(self, job: BuildJob) -> BuildReport:
        from qa.index.local.build import build_in_folder  # like those below: a question needs none of them

        return build_in_folder(self.index, job)

    def forget(self, selection: Selection, *, dry_run: bool) -> ForgetReport:
        from qa.index.local.forget import forget_in_folder

        return forget_in_folder(self.index, selection, dry_run=dry_run)

    def let_back(self, ids: Sequence[str]) -> tuple[str, ...]:
        from qa.index.local.forget import let_back_in_folder

        return let_back_in_folder(self.index, ids)

    def open(self) -> LocalEngine:
        return LocalEngine.open(self.index)

    def overview(self) -> Overview:
        manifest, lease = hold_current(self.index)
        with lease:
            guard = Guard.open(self.index, manifest)
            with guard.reading():
                store = Store.open(self.index / manifest.generation, guard)
                return overview_of(self.index, manifest, store)

    def check(self) -> CheckedIndex:
        from qa.index.local.check import check_folder

        return check_folder(self.index)
