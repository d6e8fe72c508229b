"""What the readers of formats give: a record as its file holds it, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """A record under the names of its file."""

    where: str  # file:line
    fields: Mapping[str, object]
    site: str = ""  # the source, if the record names none: a feed's title
    url: str = ""  # the address, if the record names none
