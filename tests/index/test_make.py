"""How an index was made: what keeps passages of two makes apart."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

import pytest

from qa.index.make import Make
from qa.settings import ChunkSettings, IndexSettings

SETTINGS = IndexSettings(embedder="words", passage_tokens=20, overlap_tokens=5)


def test_every_setting_of_the_chunker_is_kept_and_distinguishes_two_indexes(embedder):
    made = Make.of(embedder, SETTINGS)
    assert (made.passage_tokens, made.overlap_tokens) == (20, 5)
    assert made.differs_from(Make.of(embedder, SETTINGS)) is None
    names = [known.name for known in fields(ChunkSettings)]
    assert names[:2] == ["passage_tokens", "overlap_tokens"]
    for name in names:
        value = getattr(SETTINGS, name)
        other = Make.of(embedder, replace(SETTINGS, **{name: value + 1}))
        told = f"its passages were cut with {name.replace('_', ' ')} of {value}, not {value + 1}"
        assert made.differs_from(other) == told


@pytest.mark.parametrize("name", ["passage_tokens", "overlap_tokens", "embedder", "dimension"])
def test_what_every_index_keeps_must_be_there(embedder, name: str):
    values = asdict(Make.of(embedder, SETTINGS))
    assert Make.kept(values) == Make.of(embedder, SETTINGS)
    del values[name]
    with pytest.raises((KeyError, TypeError), match=name):
        Make.kept(values)
