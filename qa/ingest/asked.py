"""What a reader of a format gets with its input, and what the beginning of an input shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import PurePath

from qa.ingest.decoding import decode

# Comments, declarations and the doctype, then the first tag. Possessive, or many comments take for ever.
_MARKUP_BEGINS = re.compile(
    r"\ufeff?\s*+(?:(?>(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>))\s*+)*+<([a-z][\w:.-]*+)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An input as its reader knows it."""

    name: str  # a path, an address, "a.zip/inner.jsonl"
    as_of: datetime  # aware; ages count from here
    suffix: str = ""  # lower case, without .gz: ".jsonl"
    url: str = ""  # where it came from, if from the network
    mapping: Mapping[str, str] = field(default_factory=dict)
    has_file_name: bool = True  # its name may stand for a title
    nesting: int = 0  # containers around it
    inner: str = ""  # its name within the innermost of them

    @property
    def title(self) -> str:
        """A file's name in words; nothing for standard input and pages."""
        if not self.has_file_name:
            return ""
        stem = PurePath(self.name).name.removesuffix(".gz").rsplit(".", 1)[0]
        return re.sub(r"[-_+\s]+", " ", stem).strip()

    @property
    def path(self) -> str:
        """A file's name with its folders, but not those of containers; "" of standard input and pages."""
        return (self.inner or self.name) if self.has_file_name else ""


@dataclass(frozen=True)
class Head:
    """The first bytes of an input, with the suffix of its name."""

    data: bytes
    suffix: str

    @cached_property
    def text(self) -> str:
        return decode(self.data, declares=True)

    @cached_property
    def root(self) -> str:
        """The name of the first tag, in lower case; "" if this is no markup."""
        found = _MARKUP_BEGINS.match(self.text)
        return found[1].lower() if found else ""

    @cached_property
    def is_binary(self) -> bool:
        is_wide = self.data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"))
        return not is_wide and b"\x00" in self.data[:4096]
