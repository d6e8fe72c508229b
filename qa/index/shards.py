""" "3/16" -> one of the parts into which the articles of a build are split, so that machines share it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from qa.errors import InputError

_CURE = "Write --shard 3/16 for the third of sixteen parts."


@dataclass(frozen=True, slots=True)
class Shard:
    """Part ``number`` (from 1) of ``of``; a hash of its id puts every article into exactly one."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read "3/16".

        :raises InputError: if it is not of the form 3/16, or there is no such part.
        """
        written = re.fullmatch(r"\s*([0-9]{1,6})\s*/\s*([0-9]{1,6})\s*", text)
        if written is None:
            raise InputError(f"--shard {text!r} is not of the form number/of", cure=_CURE)
        number, of = int(written[1]), int(written[2])
        if not 1 <= number <= of:
            raise InputError(f"--shard {text!r} is not one of 1/{of} to {of}/{of}", cure=_CURE)
        return cls(number, of)

    def holds(self, article_id: str) -> bool:
        """Return whether the article belongs to this part."""
        hashed = hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(hashed, "little") % self.of == self.number - 1
