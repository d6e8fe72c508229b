"""A short attack on every reader of small files; the long one is `python -m benchmarks.fuzz`."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import documents
from benchmarks.fuzz import FORMS, Form, Run, attack, fault_of, kept_runs, smaller
from qa.ingest.articles import read_articles
from qa.records import Article


def test_no_generated_input_of_any_form_raises_an_unexpected_error():
    small = {name: form for name, form in FORMS.items() if name not in documents.FORMS}
    counted, failures = attack(small, seed=1, each=150)
    assert failures == []
    assert counted == dict.fromkeys(small, 150)


def test_no_generated_file_of_any_form_raises_an_unexpected_error():
    files = {name: FORMS[name] for name in documents.FORMS}
    counted, failures = attack(files, seed=1, each=8)
    assert failures == []
    assert counted == dict.fromkeys(files, 8)
    assert set(documents.BINARY) < counted.keys()


def test_most_generated_files_hold_something_that_is_read(tmp_path: Path):
    """Otherwise the attack would end at the first byte. Two of ten inputs of each form must be read."""
    for name, (file, make) in documents.FORMS.items():
        found = 0
        for number in range(10):
            (tmp_path / file).write_bytes(make(random.Random(f"{name}-1-{number}")))
            found += any(isinstance(one, Article) for one in read_articles([tmp_path / file]))
            if found == 2:
                break
        assert found == 2, name


def test_the_same_seed_makes_the_same_inputs():
    for name, form in FORMS.items():
        assert form.make(random.Random(f"{name}-1-7")) == form.make(random.Random(f"{name}-1-7"))


def test_a_failure_is_found_and_cut_down_to_what_it_needs(tmp_path: Path):
    def take(content: bytes, _: Path) -> None:
        if b"x" in content and b"y" in content:
            raise KeyError("boom")

    form = Form(lambda chance: bytes(chance.choice(b"abcxyz") for _ in range(300)), take)
    counted, failures = attack({"toy": form}, seed=3, seconds=0.05)
    assert 0 < len(failures) <= counted["toy"]
    assert {bytes(sorted(failure.content)) for failure in failures} == {b"xy"}
    assert failures[0].what == "KeyError: 'boom'"
    assert smaller(b"aaxbbycc", lambda cut: fault_of(form, cut, tmp_path)) == b"xy"


def test_quick_forms_are_tried_more_often_and_each_seed_makes_one_input(tmp_path: Path):
    seen: dict[str, list[bytes]] = {"quick": [], "slow": []}
    forms = {
        name: Form(
            lambda chance: chance.randbytes(8),
            lambda content, _, name=name: seen[name].append(content),
            often,
        )
        for name, often in (("quick", 5), ("slow", 1))
    }
    counted, _ = attack(forms, seed=2, each=3)
    assert counted == {"quick": 3, "slow": 3}  # the quick form reaches its three inputs in the first round
    assert [len(set(made)) for made in seen.values()] == [3, 3]
    for made in seen.values():
        made.clear()

    def over(content: bytes, _: Path) -> None:
        seen["slow"].append(content)
        raise KeyboardInterrupt

    forms["slow"] = Form(forms["slow"].make, over)
    with pytest.raises(KeyboardInterrupt):
        attack(forms, seed=2)
    assert (len(seen["quick"]), len(seen["slow"])) == (5, 1)


def test_runs_of_other_seeds_are_kept_and_of_one_seed_the_longer(tmp_path: Path):
    def run(seed: int, inputs: int) -> Run:
        return Run(seed, 1.0, inputs, 0, 0, 100, {"json": inputs})

    path = tmp_path / "fuzz.json"
    assert kept_runs(path, run(2, 10)) == [run(2, 10)]
    path.write_text(json.dumps({"runs": [asdict(run(2, 10)), asdict(run(1, 5))]}))
    assert kept_runs(path, run(2, 9)) == [run(1, 5), run(2, 10)]
    assert kept_runs(path, run(2, 11)) == [run(1, 5), run(2, 11)]
    assert kept_runs(path, run(3, 1)) == [run(1, 5), run(2, 10), run(3, 1)]
