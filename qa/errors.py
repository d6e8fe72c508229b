"""What can go wrong -> one clear line that says what, where, and the cure.

    QAError                    anything the user can mend; the command line shows it and exits with 2
    ├── InputError             a file, feed or setting that cannot be used
    ├── ModelError             a model that is missing, altered or of the wrong kind
    ├── ArchiveError           an index that cannot be opened or written
    │   ├── IndexMissing       there is none at this place
    │   ├── IndexDamaged       a file is truncated, altered or gone
    │   ├── IndexMismatch      built with another embedder or by a newer version
    │   └── IndexBusy          another build holds the lock
    ├── TooBusy                as many questions wait as may wait
    └── TooSlow                a question took longer than it may

"No answer" is not an error: it is a Reply without answers. A mistake in code that calls this
package (k=0, a naive datetime) raises ValueError.
"""

from __future__ import annotations

import warnings


class QAError(Exception):
    """A problem the user can mend: what happened, where, and what to do about it.

    The message reads ``where: what. cure``.
    """

    def __init__(self, what: str, *, where: object = "", cure: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.cure = cure
        place = f"{self.where}: " if self.where else ""
        stop = "" if what.endswith((".", "!", "?")) else "."
        remedy = f" {cure}" if cure else ""
        super().__init__(f"{place}{what}{stop}{remedy}")


class InputError(QAError):
    """A file, feed or setting that cannot be used."""


def mapped_twice(given: str, field: str, column: str) -> InputError:
    """Return the error of a ``--map`` that names a field again; ``column`` is its first one."""
    return InputError(
        f"--map {given}: {field} is mapped twice, it stands in {column!r} already.",
        cure="Map one of the two, and build the file that has the other with --add.",
    )


class ModelError(QAError):
    """A model that is missing, altered or of the wrong kind."""


class ArchiveError(QAError):
    """An index that cannot be opened or written."""


class IndexMissing(ArchiveError):
    """There is no index at this place."""


class IndexDamaged(ArchiveError):
    """A file of the index is truncated, altered or gone."""


class IndexMismatch(ArchiveError):
    """The index was built with another embedder or by a newer version of this program."""


class IndexBusy(ArchiveError):
    """Another build holds the lock of this index."""


class TooBusy(QAError):
    """As many questions wait as may wait; nothing was begun."""

    def __init__(self, what: str, *, retry_after: int) -> None:
        """``retry_after``: seconds after which there may be room, at least 1."""
        self.retry_after = retry_after
        super().__init__(what, cure=f"Ask again in {retry_after} s.")


class TooSlow(QAError):
    """A question took longer than it may."""


_RENAMED = {"IndexError_": ArchiveError}  # names of version 0.1, which go with version 0.3


def __getattr__(name: str) -> type[QAError]:
    if name not in _RENAMED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    known = _RENAMED[name]
    warnings.warn(f"qa.errors.{name} is now called {known.__name__}", DeprecationWarning, stacklevel=2)
    return known
