"""A short attack on every reader of small files; the long one is `python -m benchmarks.fuzz`."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.fuzz import FORMS, Form, attack, fault_of, smaller


def test_no_generated_input_of_any_form_fails_unforeseen():
    counted, failures = attack(FORMS, seed=1, seconds=20)
    assert failures == []
    assert counted.keys() == FORMS.keys()
    assert min(counted.values()) > 200


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
