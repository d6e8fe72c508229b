"""How people want one index to be asked <-> a small JSON file beside its manifest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from qa.disk import translating, write_whole
from qa.errors import InputError
from qa.index.backends import backend_of
from qa.settings import AskSettings
from qa.small_json import read_object

FILE = "asking.json"
MOST_PASSAGES = 50  # passages read; each costs about 10 ms, and beyond 30 nothing is gained
_CURE = "Mend the file or delete it; without it the defaults hold."


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the settings of the page hold; each index has its own."""

    reader: str | None = None  # a folder or a name on the hub; None: the bundled one, or QA_READER
    passages_read: int = field(default_factory=lambda: AskSettings().passages_read)
    threshold: float | None = None  # least confidence of a shown answer; None: the reader's own
    as_of: date | None = None  # the day that "last week" counts from; None: today

    def __post_init__(self) -> None:
        """:raises ValueError: if a value is of the wrong kind or out of its range."""
        if self.reader is not None and not (isinstance(self.reader, str) and self.reader.strip()):
            raise ValueError(f"reader must name a folder or a model or be null, not {self.reader!r}")
        if type(self.passages_read) is not int or not 1 <= self.passages_read <= MOST_PASSAGES:
            raise ValueError(f"passages_read must be from 1 to {MOST_PASSAGES}, not {self.passages_read!r}")
        if self.threshold is not None and (
            type(self.threshold) not in (int, float) or not 0 <= self.threshold <= 1
        ):
            raise ValueError(f"threshold must be from 0 to 1 or null, not {self.threshold!r}")
        if self.as_of is not None and type(self.as_of) is not date:
            raise ValueError(f"as_of must be a day like 2023-09-05 or null, not {self.as_of!r}")

    def settings(self) -> AskSettings:
        chosen = replace(AskSettings(), passages_read=self.passages_read, threshold=self.threshold)
        return chosen if self.reader is None else replace(chosen, reader=self.reader)


def load_preferences(index: str | Path) -> Preferences:
    """Return what was saved for an index, the defaults where nothing was.

    :raises InputError: if the file cannot be read or holds what it must not.
    """
    files = backend_of(index).side_files(FILE)
    path = next((file for file in files if file.is_file()), None)
    if path is None:
        return Preferences()
    try:
        values: dict[str, Any] = dict(read_object(path))  # Preferences itself looks at the kinds
        if values.get("as_of") is not None:
            values["as_of"] = date.fromisoformat(str(values["as_of"]))
        strange = sorted(values.keys() - {known.name for known in fields(Preferences)})
        if strange:
            raise ValueError(f"there is no setting {strange[0][:40]!r}")
        return Preferences(**values)
    except OSError as fault:
        raise InputError(f"cannot be read ({fault.strerror})", where=path, cure=_CURE) from fault
    except ValueError as fault:
        raise InputError(f"the settings are broken: {fault}", where=path, cure=_CURE) from fault


def save_preferences(index: str | Path, preferences: Preferences) -> None:
    """Save the settings of an archive.

    :raises InputError: if the folder cannot be written, or the index is not on this machine.
    """
    files = backend_of(index).side_files(FILE)
    if not files:
        raise InputError(
            "the settings cannot be saved: the index is on a server",
            where=index,
            cure="Build an index in a folder to keep settings.",
        )
    values = asdict(preferences) | {"as_of": preferences.as_of.isoformat() if preferences.as_of else None}
    with translating(
        "the settings cannot be saved",
        index,
        error=InputError,
        elsewhere="Build an index in a folder to keep settings.",
    ):
        write_whole(files[0], json.dumps(values, indent=1) + "\n")
