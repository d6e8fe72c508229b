"""What the readers of formats give: a record as its file holds it, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["article", "record", "row"]


@dataclass(frozen=True, slots=True)
class Raw:
    """A record under the names of its file."""

    where: str  # file:line
    fields: Mapping[str, object]
    site: str = ""  # the source, if the record names none: a feed's title
    url: str = ""  # the address, if the record names none
    # "article": a reader that knows its form named the fields; "record" and "row": the file did, so what
    # they mean may have to be guessed.
    kind: Kind = "article"
    path: str = ""  # the file's name with its folders, if the file holds this article alone
    part: str = ""  # the file within the source that holds the record: an entry of an archive
