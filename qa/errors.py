"""What can go wrong -> one clear line that says what, where, and the cure.

    QAError                    anything the user can mend; the command line shows it and exits with 2
    ├── InputError             a file, feed or setting that cannot be used
    ├── ModelError             a model that is missing, altered or of the wrong kind
    └── IndexError_            an index that cannot be opened or written
        ├── IndexMissing       there is none at this place
        ├── IndexDamaged       a file is truncated, altered or gone
        ├── IndexMismatch      built with another embedder or by a newer version
        └── IndexBusy          another build holds the lock

"No answer" is not an error: it is a Reply without answers. A mistake in code that calls this
package (k=0, a naive datetime) raises ValueError.
"""


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


class ModelError(QAError):
    """A model that is missing, altered or of the wrong kind."""


class IndexError_(QAError):
    """An index that cannot be opened or written (the underscore spares Python's own IndexError)."""


class IndexMissing(IndexError_):
    """There is no index at this place."""


class IndexDamaged(IndexError_):
    """A file of the index is truncated, altered or gone."""


class IndexMismatch(IndexError_):
    """The index was built with another embedder or by a newer version of this program."""


class IndexBusy(IndexError_):
    """Another build holds the lock of this index."""
