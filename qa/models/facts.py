"""What has to be known of a model beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["embedder", "reader"]
MOST_TOKENS = 1024  # padded tokens in one request, where a processor is not known to be faster with fewer


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Limits, prefixes and number type of a model; kept as JSON beside its graph."""

    longest: int  # tokens in one sequence, special ones included
    pad_id: int
    query_prefix: str = ""  # what the embedder wants before a question
    document_prefix: str = ""  # and before a passage
    numbers: str = "float"  # what its weights are in the graph: "float", or "int8" where that is faster
    request_tokens: int = MOST_TOKENS  # the most padded tokens in one request

    @classmethod
    def parse(cls, values: Mapping[str, object]) -> ModelFacts:
        """Read them from what was written down.

        :raises ValueError: if it is something else.
        """
        longest, pad_id = values.get("longest"), values.get("pad_id")
        most = values.get("request_tokens", MOST_TOKENS)
        if type(longest) is not int or type(pad_id) is not int or longest < 1:
            raise ValueError("longest and pad_id are no numbers")
        if type(most) is not int or most < 1:
            raise ValueError("request_tokens is no number of tokens")
        texts = [values.get("query_prefix", ""), values.get("document_prefix", "")]
        texts.append(values.get("numbers", "float"))
        query, document, numbers = (text if isinstance(text, str) else None for text in texts)
        if query is None or document is None or numbers is None:
            raise ValueError("a prefix or the type of its numbers is no text")
        return cls(longest, pad_id, query, document, numbers, most)
