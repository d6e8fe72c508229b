"""What has to be known of a model beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["embedder", "reader"]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Limits, prefixes and number type of a model; kept as JSON beside its graph."""

    longest: int  # tokens in one sequence, special ones included
    pad_id: int
    query_prefix: str = ""  # what the embedder wants before a question
    document_prefix: str = ""  # and before a passage
    numbers: str = "float"  # what its weights are in the graph: "float", or "int8" where that is faster

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> ModelFacts:
        """Read them from what was written down.

        :raises ValueError: if it is something else.
        """
        longest, pad_id = values.get("longest"), values.get("pad_id")
        if type(longest) is not int or type(pad_id) is not int or longest < 1:
            raise ValueError("longest and pad_id are no numbers")
        texts = [values.get("query_prefix", ""), values.get("document_prefix", "")]
        texts.append(values.get("numbers", "float"))
        query, document, numbers = (text if isinstance(text, str) else None for text in texts)
        if query is None or document is None or numbers is None:
            raise ValueError("a prefix or the type of its numbers is no text")
        return cls(longest, pad_id, query, document, numbers)
