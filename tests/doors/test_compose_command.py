"""``ask --compose`` as a person types it, with a language model of the tests' own."""

from __future__ import annotations

import json

import pytest

from tests.doors.models import LanguageModel

QUESTION = "Which canal did the Ever Given block?"
UNKNOWN = "What is the boiling point of tungsten carbide?"


@pytest.fixture
def named(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    monkeypatch.setenv("QA_LLM_URL", f"{model.url}/v1")
    monkeypatch.setenv("QA_LLM_MODEL", "tiny")
    return model


@pytest.fixture
def ask(type_in, sample_index):
    return lambda *options, question=QUESTION: type_in("ask", question, "--index", sample_index, *options)


def extractive(shown: str) -> str:
    """Return the answers below what was composed."""
    return shown.split("\nQuoted from the archive:\n\n")[1]


def test_a_composed_answer_is_labelled_and_stands_above_the_extractive_one(named, ask):
    named.says = "The Ever Given blocked the Suez Canal [1].\nPutin freed it after 991 days [1]."
    code, out, err = ask("--compose")
    assert code == 0
    sent = f"The question and 5 passages go to the language model tiny at {named.url}/v1, on this machine.\n"
    assert err == sent
    lines = [line.rstrip() for line in out.splitlines()]
    assert lines[:3] == [
        f"Composed by tiny at {named.url}/v1 from 5 passages",
        "  The Ever Given blocked the Suez Canal. [1]",
        "  Struck out, the number 991 is not in passage 1: Putin freed it after 991 days.",
    ]
    assert lines[3].startswith("  [1] ")
    assert lines[4].startswith(
        "1 of 2 sentences failed the check and is struck out. Quotes, numbers and names"
    )
    assert extractive(out) == ask()[1]


def test_without_the_option_nothing_is_sent(named, ask):
    assert ask()[2] == ""
    assert named.requests == []


def test_where_nothing_passes_the_extractive_reply_stands(named, ask):
    named.says = "Putin freed it [1]."
    code, out, err = ask("--compose")
    assert (code, out) == (0, ask()[1])
    assert err.splitlines()[1] == (
        "qa: The language model wrote 1 sentence, and none passed the check "
        "(the name Putin is not in passage 1): no composed answer."
    )


@pytest.mark.parametrize("question", [QUESTION, UNKNOWN])
def test_with_the_endpoint_down_there_is_one_line_and_the_extractive_reply(ask, monkeypatch, question: str):
    monkeypatch.setenv("QA_LLM_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("QA_LLM_MODEL", "tiny")
    plain = ask(question=question)
    code, out, err = ask("--compose", question=question)
    assert (code, out) == plain[:2]
    assert err.splitlines()[1:] == [
        "qa: The language model at http://127.0.0.1:9/v1 cannot be reached ([Errno 111] Connection refused)."
    ]


def test_json_holds_what_was_composed_beside_the_reply(named, ask):
    named.says = "The Ever Given blocked the Suez Canal [1]. It was so in 1999 [2]."
    code, out, _ = ask("--compose", "--json")
    reply = json.loads(out)
    composed = reply.pop("composed")
    plain = json.loads(ask("--json")[1])
    assert code == 0 and reply["answers"] == plain["answers"]
    assert composed["passages"][0] == {"number": 1, "article": reply["passages"][0]["article"]["id"]} | {
        name: reply["passages"][0][name] for name in ("start", "end")
    }
    assert len(composed.pop("passages")) == 5
    assert composed == {
        "label": "composed",
        "stands": True,
        "model": "tiny",
        "endpoint": f"{named.url}/v1",
        "fault": None,
        "sentences": [
            {"text": "The Ever Given blocked the Suez Canal.", "cites": [1], "struck": None},
            {"text": "It was so in 1999.", "cites": [2], "struck": "the number 1999 is not in passage 2"},
        ],
    }


def test_no_language_model_is_a_mistake_that_is_said_before_anything_else(type_in, tmp_path, monkeypatch):
    monkeypatch.delenv("QA_LLM_URL", raising=False)
    code, out, err = type_in("ask", QUESTION, "--index", tmp_path / "nowhere", "--compose")
    assert (code, out) == (2, "")
    assert err == (
        "qa: QA_LLM_URL is not set, so no language model is named. "
        "Name one that runs: QA_LLM_URL=http://localhost:11434/v1 QA_LLM_MODEL=llama3.2\n"
    )
