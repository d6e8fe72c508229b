"""Parts of a build: written as 3/16, and every article in exactly one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa
from qa.errors import InputError
from qa.index.shards import Shard


@pytest.mark.parametrize("text", ["3/16", " 3 / 16 ", "03/016"])
def test_shard_is_written_as_number_of_how_many(text: str):
    assert Shard.parse(text) == Shard(3, 16)


@pytest.mark.parametrize(
    "text", ["x", "", "3", "3/", "/16", "3-16", "-1/16", "1.5/2", "3/16/2", "³/4", "1/9999999"]
)
def test_malformed_shard_is_refused_with_an_example(text: str):
    with pytest.raises(InputError) as told:
        Shard.parse(text)
    assert str(told.value) == (
        f"--shard {text!r} is not of the form number/of. Write --shard 3/16 for the third of sixteen parts."
    )


@pytest.mark.parametrize("text", ["17/16", "0/16", "0/0", "1/0"])
def test_impossible_part_is_refused_with_the_parts_that_exist(text: str):
    with pytest.raises(InputError, match=rf"--shard '{text}' is not one of 1/(16|0) to (16/16|0/0)\. Write"):
        Shard.parse(text)


@given(st.text(), st.integers(1, 40))
def test_every_article_belongs_to_exactly_one_part(article_id: str, of: int):
    assert [Shard(number, of).holds(article_id) for number in range(1, of + 1)].count(True) == 1


def test_parts_are_of_about_one_size():
    held = [sum(Shard(number, 4).holds(f"article {n}") for n in range(4000)) for number in range(1, 5)]
    assert sum(held) == 4000
    assert min(held) > 900


def test_folder_refuses_shards_before_anything_is_read(tmp_path: Path):
    with pytest.raises(InputError) as told:
        qa.build([tmp_path / "nowhere"], tmp_path / "index", shard=Shard(1, 2))
    assert str(told.value) == (
        f"{tmp_path / 'index'}: a folder is not built in shards. Leave --shard out, or name a Milvus index: "
        "--index milvus://host:19530/news"
    )
